import { randomBytes } from 'node:crypto';
import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Statement } from '#core/database/database.ts';
import { AppError, InvalidInput, NotFound, TooManyRequests } from '#core/errors.ts';
import { spokenIn, type Spoken } from '#core/language.ts';
import { hasRoom, openLimiter } from '#core/operation/limit.ts';
import { requestInfo } from '#core/operation/rest.ts';
import { html as piece } from '#core/portal/html.ts';
import type { PortalFile, PortalPage, PortalPart, PortalSent, PortalVisit } from '#core/portal/types.ts';
import type { Runtime } from '#core/runtime.ts';
import { busyPage, framePage, missingPage, type WholePage } from './page/frame.ts';
import { card, inside, MOST_UPLOAD } from './page/kit.ts';
import { FRAME_WORDS } from './page/words.ts';
import { keepLanguage } from './speak.ts';
import { readSent, UploadTooLarge } from './sent.ts';
import { noteView } from './views.ts';
import { goodWord, logoOf, visitorOf, type Visitor } from './visitor.ts';
import type { PortalWord } from './word.ts';

const PAGES_PER_MINUTE = 120;
const POSTS_PER_MINUTE = 30;
const ONCE = /^[\w-]{16,64}$/;

/** First of two that send the same form; the other waits, and finds the answer. Those of two days ago go with it. */
const CLAIM: Statement = {
  name: 'portal.claim_post',
  text: `with old as (delete from portal_posts where company_id = $1 and client_id = $2 and created_at < $4::timestamptz - interval '2 days')
         insert into portal_posts (company_id, client_id, once, created_at) values ($1, $2, $3, $4) on conflict do nothing returning once`,
};
const ANSWERED: Statement = {
  name: 'portal.answered',
  text: 'select answer from portal_posts where company_id = $1 and client_id = $2 and once = $3',
};
const ANSWER: Statement = {
  name: 'portal.answer',
  text: 'update portal_posts set answer = $4 where company_id = $1 and client_id = $2 and once = $3',
};

interface Shown {
  readonly visitor: Visitor;
  readonly answer:
    | PortalPage
    | PortalFile
    | { readonly parts: readonly { readonly part: PortalPart; readonly body: PortalPage['body'] }[] };
}

/** `/portal/<word>`: the first page, one part of it, what lies below a part, and what is sent to it. No cookie: the address is the key. */
export async function portalRoutes(http: FastifyInstance, runtime: Runtime): Promise<void> {
  await http.register(multipart);
  const pages = openLimiter(PAGES_PER_MINUTE);
  const posts = openLimiter(POSTS_PER_MINUTE);
  const parts = new Map(runtime.portal.map((part) => [part.name, part]));

  const wordOf = (request: FastifyRequest): PortalWord => {
    if (!hasRoom(pages, request.ip)) throw new TooManyRequests('Too many pages', { retryAfterS: 30 });
    const word = goodWord(runtime, param(request, 'word'));
    if (word === null) throw new NotFound('This link is no longer good');
    return word;
  };
  const look = async (request: FastifyRequest, reply: FastifyReply, partName: string | null, path: string): Promise<FastifyReply> => {
    const word = wordOf(request);
    const shown = await show(runtime, request, word, partName === null ? null : known(parts, partName), path, NOTHING);
    if (request.method === 'GET') await opened(runtime, request, word, shown.visitor);
    return answerWith(reply, request, shown, {
      said: saidOf(partName === null ? null : known(parts, partName), request, spokenTo(request, shown.visitor)),
    });
  };

  http.get('/portal/:word', (request, reply) => guarded(request, reply, () => look(request, reply, null, '')));
  http.get('/portal/:word/logo', (request, reply) =>
    guarded(request, reply, async () => {
      const { companyId } = wordOf(request);
      const logo = await runtime.database.read(companyId, (tx) => logoOf(tx, companyId));
      if (logo === null) throw new NotFound('No logo');
      return reply
        .headers({
          'content-type': logo.type,
          'content-security-policy': "sandbox; default-src 'none'",
          'cache-control': 'private, max-age=86400',
        })
        .send(logo.bytes);
    }),
  );
  http.post('/portal/:word/language', { bodyLimit: 1_024 }, (request, reply) =>
    guarded(request, reply, async () => {
      const word = wordOf(request);
      if (!hasRoom(posts, word.clientId)) throw new TooManyRequests('Too many posts', { retryAfterS: 30 });
      await keepLanguage(runtime, word, Reflect.get(Object(request.body), 'language'));
      return reply.header('cache-control', 'no-store').redirect(homeOf(request), 303);
    }),
  );
  for (const url of ['/portal/:word/:part', '/portal/:word/:part/*']) {
    http.get(url, (request, reply) => guarded(request, reply, () => look(request, reply, param(request, 'part'), param(request, '*'))));
    http.post(url, { bodyLimit: MOST_UPLOAD + 200_000 }, (request, reply) =>
      guarded(request, reply, async () => {
        const word = wordOf(request);
        if (!hasRoom(posts, word.clientId)) throw new TooManyRequests('Too many posts', { retryAfterS: 30 });
        const part = known(parts, param(request, 'part'));
        const path = param(request, '*');
        // The client is known before a body is read.
        const { visitor } = await show(runtime, request, word, null, '', NOTHING);
        const language = spokenTo(request, visitor);
        const sent: PortalSent = { path, fields: {}, files: [] };
        try {
          Object.assign(sent, await readSent(request, path, language));
          const to = await act(runtime, request, word, part, sent);
          runtime.engine.nudge();
          return reply.header('cache-control', 'no-store').redirect(to, 303);
        } catch (error) {
          if (!(error instanceof AppError) || error instanceof NotFound) throw error;
          const told = language === 'en' || error instanceof InvalidInput || error instanceof UploadTooLarge;
          const shown = await show(runtime, request, word, part, path, { typed: sent.fields, faults: error.fields });
          return answerWith(reply, request, shown, { alert: told ? error.message : FRAME_WORDS[language].refused, status: error.status });
        }
      }),
    );
  }
}

const NOTHING = { typed: {}, faults: [] } as const; // no form was refused
const nothing = (language: Spoken) => inside(piece`<p class="soft">${FRAME_WORDS[language].nothing}</p>`);

/** What stands on the person, else what the browser likes, else the company's. */
const spokenTo = ({ headers }: FastifyRequest, visitor?: Visitor): Spoken =>
  spokenIn({ person: visitor?.language ?? null, browser: headers['accept-language'], company: visitor?.companyLanguage ?? null });

function known(parts: ReadonlyMap<string, PortalPart>, name: string): PortalPart {
  const part = parts.get(name);
  if (part === undefined) throw new NotFound('There is no such page');
  return part;
}

function visitOf(
  runtime: Runtime,
  request: FastifyRequest,
  visitor: Visitor,
  at: string,
  again: Pick<PortalVisit, 'typed' | 'faults'>,
): PortalVisit {
  const { ip, userAgent } = requestInfo(request, 'web');
  const { companyId, clientId, personId, name, companyName, timeZone } = visitor;
  return {
    ...again, runtime, companyId, clientId, personId, name, at, ip,
    company: { name: companyName, timeZone },
    language: spokenTo(request, visitor),
    now: runtime.clock.now(),
    once: randomBytes(16).toString('base64url'),
    userAgent: userAgent?.slice(0, 300) ?? null,
  }; // prettier-ignore
}

/** One read-only transaction for a page, whatever it is made of. @throws NotFound */
function show(
  runtime: Runtime,
  request: FastifyRequest,
  word: PortalWord,
  part: PortalPart | null,
  path: string,
  again: Pick<PortalVisit, 'typed' | 'faults'>,
): Promise<Shown> {
  return runtime.database.read(word.companyId, async (tx) => {
    const visitor = await visitorOf(tx, word);
    if (visitor === null) throw new NotFound('This link is no longer good');
    const home = homeOf(request);
    if (part === null) {
      const bodies: { part: PortalPart; body: PortalPage['body'] }[] = [];
      // One connection: they would wait for each other anyway.
      for (const one of request.method === 'POST' ? [] : runtime.portal) {
        const body = await one.front(tx, visitOf(runtime, request, visitor, `${home}/${one.name}`, again));
        if (body !== null) bodies.push({ part: one, body });
      }
      return { visitor, answer: { parts: bodies } };
    }
    const visit = visitOf(runtime, request, visitor, `${home}/${part.name}`, again);
    const opened = path === '' ? null : await part.open?.(tx, visit, path);
    if (opened != null) return { visitor, answer: opened };
    if (path !== '') throw new NotFound('There is no such page');
    const title = part.title(visit.language);
    return { visitor, answer: { title, body: card(title, (await part.front(tx, visit)) ?? nothing(visit.language)) } };
  });
}

/** Does what the form asks for, once for each drawing of it. Answers where the browser goes. */
function act(runtime: Runtime, request: FastifyRequest, word: PortalWord, part: PortalPart, sent: PortalSent): Promise<string> {
  const run = Object.hasOwn(part.acts ?? {}, sent.fields['do'] ?? '') ? part.acts?.[sent.fields['do'] ?? ''] : undefined;
  const { once = '' } = sent.fields;
  if (run === undefined || !ONCE.test(once)) throw new NotFound('There is no such act');
  const at = `${homeOf(request)}/${part.name}`;
  return runtime.database.write(word.companyId, async (tx) => {
    const visitor = await visitorOf(tx, word);
    if (visitor === null) throw new NotFound('This link is no longer good');
    const visit = visitOf(runtime, request, visitor, at, NOTHING);
    const claimed = await tx.query(CLAIM, [visit.companyId, visit.clientId, once, visit.now]);
    if (claimed.length === 0) {
      const [before] = await tx.query<{ answer: string }>(ANSWERED, [visit.companyId, visit.clientId, once]);
      return before?.answer || at;
    }
    const done = await run(tx, visit, sent);
    const path = done.path ?? sent.path;
    const answer = `${at}${path === '' ? '' : `/${path}`}?done=${encodeURIComponent(done.says)}`;
    await tx.query(ANSWER, [visit.companyId, visit.clientId, once, answer]);
    return answer;
  });
}

/** Counted, never in the way of the page. */
async function opened(runtime: Runtime, request: FastifyRequest, word: PortalWord, { personId }: Visitor): Promise<void> {
  const { ip, userAgent } = requestInfo(request, 'web');
  const { companyId, clientId } = word;
  try {
    await runtime.database.write(companyId, async (tx) => {
      const begun = await noteView(tx, { companyId, clientId, now: runtime.clock.now(), ip, userAgent: userAgent?.slice(0, 300) ?? null });
      if (begun) await runtime.engine.emit(tx, [{ name: 'portal.opened', companyId, subject: { type: 'client', id: clientId }, personId }]);
    });
  } catch (error) {
    request.log.warn({ err: error }, 'a visit of a client’s page was not counted');
  }
}

async function answerWith(
  reply: FastifyReply,
  request: FastifyRequest,
  { visitor, answer }: Shown,
  { said = null, alert = null, status = 200 }: { said?: string | null; alert?: string | null; status?: number },
): Promise<FastifyReply> {
  if ('bytes' in answer) return sendFile(reply, answer);
  const home = homeOf(request);
  const language = spokenTo(request, visitor);
  const body =
    'parts' in answer
      ? answer.parts.length === 0
        ? card(FRAME_WORDS[language].nothingYet, nothing(language))
        : answer.parts.map(({ part, body: inner }) => card(part.title(language), inner))
      : answer.body;
  return html(
    reply,
    status,
    framePage({
      visitor,
      home,
      title: 'parts' in answer ? null : answer.title,
      body,
      said,
      alert,
      language,
      inLanguage: { keep: `${home}/language` },
    }),
  );
}

async function sendFile(reply: FastifyReply, { filename, contentType, bytes, inline }: PortalFile): Promise<FastifyReply> {
  const content = await bytes();
  const plain = filename.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  return reply
    .headers({
      'content-type': contentType,
      'content-length': content.length,
      'content-disposition': `${inline === true ? 'inline' : 'attachment'}; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(filename).replace(/['()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`)}`,
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'private, no-store',
      'x-robots-tag': 'noindex, nofollow',
    })
    .send(content);
}

function saidOf(part: PortalPart | null, request: FastifyRequest, language: Spoken): string | null {
  const key: unknown = Reflect.get(Object(request.query), 'done');
  const says = part?.says?.(language) ?? {};
  return typeof key === 'string' && Object.hasOwn(says, key) ? (says[key] ?? null) : null;
}

/** Whatever does not fit looks like a link that has ended. */
async function guarded(request: FastifyRequest, reply: FastifyReply, work: () => Promise<FastifyReply>): Promise<FastifyReply> {
  try {
    return await work();
  } catch (error) {
    const language = spokenTo(request);
    if (error instanceof NotFound) return html(reply, 404, missingPage(language));
    if (error instanceof TooManyRequests) {
      const seconds = error.retryAfterS ?? 30;
      return html(reply.header('retry-after', String(seconds)), 429, busyPage(seconds, language));
    }
    throw error;
  }
}

function html(reply: FastifyReply, status: number, page: WholePage): FastifyReply {
  return reply
    .code(status)
    .headers({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': page.policy,
      'cache-control': 'private, no-store',
      'x-robots-tag': 'noindex, nofollow',
    })
    .send(page.html);
}

const homeOf = (request: FastifyRequest): string => `/portal/${param(request, 'word')}`;

function param(request: FastifyRequest, name: string): string {
  const value: unknown = Reflect.get(Object(request.params), name);
  return typeof value === 'string' ? value : '';
}
