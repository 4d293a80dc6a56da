import { hash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Transaction } from '#core/database/database.ts';
import { AppError, NotFound } from '#core/errors.ts';
import { openLimiter } from '#core/operation/limit.ts';
import type { Runtime } from '#core/runtime.ts';
import { loadLook, sendPicture } from '#modules/brand/public.ts';
import { drawnState, forVisitor, takeForm, touchFromUrl, visitorFields } from '#modules/leads/public.ts';
import { machineByItself } from '#modules/messages/public.ts';
import { openCounter } from './count.ts';
import { drawDraft } from './draft.ts';
import { closedPage, drawnForm, landingPage, thanks, type WholePage } from './html/page.ts';
import { picturesOf } from './model/blocks.ts';
import { dayOf, getStored } from './page.ts';
import { readPreview } from './preview.ts';
import { openPages, type Answer, type Shown } from './shown.ts';
import { siteMapRoutes } from './sitemap.ts';

const BODY_LIMIT = 131_072;
const POSTS_PER_MINUTE = 300;
type Visit = { Params: { slug: string }; Querystring: Record<string, unknown> };

/** `/go/{slug}` and its pictures, previews by signed links, sitemap.xml and robots.txt. No cookie is read for it, none is set. */
export function landingRoutes(http: FastifyInstance, runtime: Runtime): void {
  const counter = openCounter(runtime);
  const posts = openLimiter(POSTS_PER_MINUTE);
  const find = openPages(runtime);
  http.addHook('onClose', () => counter.close());

  const look = async (request: FastifyRequest, { companyId, pageId }: Shown): Promise<void> => {
    if (request.method !== 'GET' || (await ofOurs(runtime, request, companyId))) return;
    counter.add(companyId, pageId, machineByItself(request.method, request.headers) !== null);
  };

  http.get<Visit>('/go/:slug', async (request, reply) => {
    const answer = await find(request.params.slug);
    if (answer.kind !== 'page') return closed(reply, answer, request);
    const { page } = answer;
    const { form, packed } = page;
    reply.headers(headersOf(page, page));
    if ('sent' in request.query) return reply.send(page.withForm(form === null ? ' ' : thanks(form)).html);
    await look(request, page);
    const now = runtime.clock.now();
    const touch = form === null ? null : touchFromUrl(request, runtime.config.STEWARD_PUBLIC_URL);
    const etag = `W/"${page.tag}${touch === null ? '' : `.${ownTag(touch, now)}`}"`;
    const packing = packed.packingFor(request.headers['accept-encoding']);
    reply.headers({ etag, vary: 'accept-encoding', ...(packing === null ? {} : { 'content-encoding': packing }) });
    if (request.headers['if-none-match'] === etag) return reply.removeHeader('content-encoding').code(304).send();
    const own = touch === null ? '' : visitorFields({ ...forVisitor(runtime, now), touch });
    return reply.send(packed.body(packing, own));
  });

  http.post<{ Params: { slug: string } }>('/go/:slug', { bodyLimit: BODY_LIMIT }, async (request, reply) => {
    const answer = await find(request.params.slug);
    if (answer.kind !== 'page') return closed(reply, answer, request);
    const { page } = answer;
    const { form, slug } = page;
    if (form === null) throw new NotFound('This page has no form any more');
    const taken = await takeForm(runtime, posts, request, form);
    runtime.engine.nudge();
    if (taken.state === null) return reply.header('cache-control', 'no-store').redirect(form.redirectUrl ?? `/go/${slug}?sent#form`, 303);
    const markup = drawnForm(form, await drawnState(runtime, form, `/go/${slug}#form`, taken.state));
    if (taken.retryAfterS !== null) reply.header('retry-after', String(taken.retryAfterS));
    return reply.code(taken.status).headers({ ...headersOf(page, page), 'cache-control': 'no-store' }).send(page.withForm(markup).html); // prettier-ignore
  });

  http.get<{ Params: { slug: string; picture: string } }>('/go/:slug/i/:picture', async (request, reply) => {
    const answer = await find(request.params.slug);
    if (answer.kind !== 'page') return closed(reply, answer, request);
    // Only pictures of this page, whatever else the company keeps.
    const { picture } = request.params;
    if (!answer.page.pictures.has(picture)) return closed(reply, { kind: 'missing' }, request);
    return sendPicture(runtime, reply, answer.page.companyId, picture, 'public');
  });

  previewRoutes(http, runtime);
  siteMapRoutes(http, runtime);
}

/** The draft as it is now, for whoever has the link. Its form is shown and takes nothing. */
function previewRoutes(http: FastifyInstance, runtime: Runtime): void {
  type Preview = { Params: { until: string; word: string; picture: string } };
  const open = async (request: FastifyRequest<Preview>) => {
    const { until, word } = request.params;
    const ids = readPreview(runtime, until, word);
    if (ids === null) return null;
    return runtime.database.read(ids.companyId, (tx) => drafted(tx, runtime, ids.companyId, ids.pageId));
  };
  http.get<Preview>('/go/preview/:until/:word', async (request, reply) => {
    const found = await open(request);
    if (found === null) return closed(reply, { kind: 'missing' }, request);
    const { draft, brand, stored } = found;
    const { until, word } = request.params;
    const at = `/go/preview/${until}/${word}`;
    const form = draft.form === null ? '' : drawnForm(draft.form, { ...(await drawnState(runtime, draft.form, at)), challenge: null });
    const page = landingPage({ content: draft.content, brand, form: draft.form, formHtml: form, preview: stored.language === 'de' ? 'Vorschau: so weit ist der Entwurf' : 'Preview: the draft as it is now', address: at, addressOf: (picture) => `${at}/i/${picture}` }); // prettier-ignore
    return reply.headers({ ...headersOf(page, null), 'cache-control': 'private, no-store', 'x-robots-tag': 'noindex' }).send(page.html);
  });
  http.get<Preview>('/go/preview/:until/:word/i/:picture', async (request, reply) => {
    const found = await open(request);
    const { picture } = request.params;
    if (found === null || (picture !== found.brand.look.logo && !picturesOf(found.draft.content.blocks).includes(picture))) return closed(reply, { kind: 'missing' }, request); // prettier-ignore
    return sendPicture(runtime, reply, found.companyId, picture);
  });
}

async function drafted(tx: Transaction, runtime: Runtime, companyId: string, pageId: string) {
  try {
    const stored = await getStored(tx, companyId, pageId, runtime.clock.now());
    return { companyId, stored, draft: await drawDraft(tx, companyId, stored), brand: await loadLook(tx, companyId) };
  } catch (error) {
    if (error instanceof NotFound) return null;
    throw error;
  }
}

/**
 * A page with a form is the same only for who comes from the same place on the same day: what a browser kept is shown again with the fields that it was
 * drawn with, and those say where the visitor came from, and that the same answers from it are one submission.
 */
const ownTag = (touch: Readonly<Record<string, string>>, now: Date): string => hash('sha256', `${dayOf(now)} ${JSON.stringify(touch)}`, 'base64url').slice(0, 8); // prettier-ignore

/** A page with a form holds where its reader came from: nobody on the way keeps it. All are asked for anew, so that each look is counted. */
const headersOf = (page: Pick<WholePage, 'policy'>, found: Pick<Shown, 'form' | 'content'> | null) => ({
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': page.policy,
  'cache-control': found?.form === null ? 'public, no-cache' : 'private, no-cache',
  ...(found?.content.indexed === false ? { 'x-robots-tag': 'noindex' } : {}),
});

function closed(reply: FastifyReply, answer: Answer, request: FastifyRequest): FastifyReply {
  if (answer.kind === 'moved') {
    const rest = request.url.slice(request.url.indexOf('/go/') + 4).replace(/^[^/?#]*/, '');
    return reply
      .header('cache-control', 'public, max-age=300')
      .redirect(`/go/${answer.slug}${rest}`, request.method === 'POST' ? 308 : 301);
  }
  const ended = answer.kind === 'ended';
  const page = ended ? closedPage('ended', answer.page.content, answer.page.brand) : closedPage('missing', null, null);
  return reply.code(ended ? 410 : 404).headers({ ...headersOf(page, null), 'cache-control': 'no-cache', 'x-robots-tag': 'noindex' }).send(page.html); // prettier-ignore
}

/** Colleagues who look at their own page are not counted. Who brings no credential is asked for none. */
async function ofOurs(runtime: Runtime, request: FastifyRequest, companyId: string): Promise<boolean> {
  if (request.headers.cookie === undefined && request.headers.authorization === undefined) return false;
  try {
    const principal = await runtime.authenticate(request);
    return principal.kind !== 'public' && principal.companyId === companyId;
  } catch (error) {
    // A session that is no longer good: somebody, but nobody of ours.
    if (error instanceof AppError) return false;
    throw error;
  }
}
