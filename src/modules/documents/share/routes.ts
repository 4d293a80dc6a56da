import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError, InvalidInput } from '#core/errors.ts';
import { hasRoom, openLimiter } from '#core/operation/limit.ts';
import type { Runtime } from '#core/runtime.ts';
import { sendPicture } from '#modules/brand/public.ts';
import { PRIVATE, sendFace, sendPage, type Face } from '../faces.ts';
import { picturesOf } from '../pictures.ts';
import { accept } from './accept.ts';
import { readShareWord } from './link.ts';
import { closedPage, sharedPage } from './pages.ts';
import { endedOf, findShared, type Shared } from './shared.ts';
import { recordView } from './views.ts';

const COUNTED_PER_MINUTE = 60;
const TRIES_PER_MINUTE = 20;
const FACE_OF: Readonly<Record<string, Face>> = { page: 'page', deck: 'deck', pdf: 'pdf', pptx: 'pptx' };

interface ShareRequest {
  Params: { word: string; face?: string; picture?: string };
  Querystring: Record<string, unknown>;
  Body: unknown;
}

/** `/d/{word}` and its faces, for whoever holds the link. Looking changes nothing but the log; only the button agrees to anything. */
export function shareRoutes(http: FastifyInstance, runtime: Runtime): void {
  const counted = openLimiter(COUNTED_PER_MINUTE);
  const tries = openLimiter(TRIES_PER_MINUTE);

  const show = async (request: FastifyRequest<ShareRequest>, reply: FastifyReply, asked: string | undefined) => {
    const shared = await find(runtime, request, reply);
    if (shared === null) return reply;
    const face = FACE_OF[asked ?? (shared.kind === 'presentation' ? 'deck' : 'page')];
    if (face === undefined) return closed(reply, 'missing', 404);
    await count(runtime, request, shared, face, (id) => hasRoom(counted, id));
    const at = `/d/${request.params.word}`;
    if (face === 'page') return sendPage(reply, sharedPage(shared, { at, now: runtime.clock.now() }));
    const addressOf = (picture: string) => `${at}/i/${picture}`;
    return sendFace(runtime, reply, face, shared.content, { companyId: shared.companyId, addressOf, download: 'download' in request.query, pdf: `${at}/pdf?download`, withNotes: face === 'deck' && (await ofOurs(runtime, request, shared)) }); // prettier-ignore
  };
  http.get<ShareRequest>('/d/:word', (request, reply) => show(request, reply, undefined));
  http.get<ShareRequest>('/d/:word/:face', (request, reply) => show(request, reply, request.params.face));

  http.get<ShareRequest>('/d/:word/i/:picture', async (request, reply) => {
    const shared = await find(runtime, request, reply);
    if (shared === null) return reply;
    // Only pictures of this document, whatever else the company keeps.
    const picture = request.params.picture ?? '';
    return picturesOf(shared.content).includes(picture) ? sendPicture(runtime, reply, shared.companyId, picture) : closed(reply, 'missing', 404);
  });

  http.post<ShareRequest>('/d/:word/accept', { bodyLimit: 4_096 }, async (request, reply) => {
    const shared = await find(runtime, request, reply);
    if (shared === null) return reply;
    const at = `/d/${request.params.word}`;
    const sent = textsOf(request.body);
    const again = (fields: { faults?: AppError['fields']; says?: string }, code: number) =>
      sendPage(reply.code(code), sharedPage(shared, { at, now: runtime.clock.now(), name: sent('name').slice(0, 200), ...fields }));
    if (!hasRoom(tries, request.ip)) return again({ says: 'Too many tries from here. Wait a minute, then press once more.' }, 429);
    try {
      await runtime.database.write(shared.companyId, (tx) =>
        accept(tx, runtime, shared, { name: sent('name'), agreed: sent('agree') === 'yes', version: Number(sent('version')), ip: request.ip, userAgent: request.headers['user-agent'] ?? null }),
      );
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return again(error instanceof InvalidInput ? { faults: error.fields } : { says: error.message }, error.status);
    }
    runtime.engine.nudge();
    return reply.code(303).headers({ ...PRIVATE, location: `${at}#accepted` }).send();
  });
} // prettier-ignore

/** The share behind the address; null: a page that says why not was sent. */
async function find(runtime: Runtime, request: FastifyRequest<ShareRequest>, reply: FastifyReply): Promise<Shared | null> {
  const ids = readShareWord(runtime.secrets, request.params.word);
  const shared = ids === null ? null : await runtime.database.read(ids.companyId, (tx) => findShared(tx, ids.companyId, ids.shareId));
  if (shared === null) closed(reply, 'missing', 404);
  else if (endedOf(shared, runtime.clock.now())) closed(reply, 'ended', 410, shared.content.language);
  else return shared;
  return null;
}

function closed(reply: FastifyReply, why: 'ended' | 'missing', code: number, language: 'en' | 'de' = 'en'): FastifyReply {
  return sendPage(reply.code(code), closedPage(why, language));
}

/** Colleagues who look at their own link are not counted, and see the notes for who speaks. A log that can't be written keeps nobody from reading. */
async function count(runtime: Runtime, request: FastifyRequest, shared: Shared, face: Face, room: (id: string) => boolean): Promise<void> {
  if (request.method !== 'GET' || !room(shared.shareId)) return;
  try {
    if (await ofOurs(runtime, request, shared)) return;
    await runtime.database.write(shared.companyId, (tx) =>
      recordView(tx, runtime, shared, { face, method: request.method, headers: request.headers }),
    );
    runtime.engine.nudge('events');
  } catch (error) {
    runtime.log.warn({ err: error }, 'a look at a shared document could not be counted');
  }
}

async function ofOurs(runtime: Runtime, request: Parameters<Runtime['authenticate']>[0], shared: Shared): Promise<boolean> {
  try {
    const principal = await runtime.authenticate(request);
    return principal.kind !== 'public' && principal.companyId === shared.companyId;
  } catch (error) {
    // A session that is no longer good: somebody, but nobody of ours.
    if (error instanceof AppError) return false;
    throw error;
  }
}

function textsOf(body: unknown): (name: string) => string {
  const fields: Record<string, unknown> = typeof body === 'object' && body !== null ? { ...body } : {};
  return (name) => (typeof fields[name] === 'string' ? fields[name] : '');
}
