import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Statement, Transaction } from '#core/database/database.ts';
import { AppError, NotFound } from '#core/errors.ts';
import { hasRoom, openLimiter } from '#core/operation/limit.ts';
import type { Runtime } from '#core/runtime.ts';
import { publicUrl } from '#modules/accounts/public.ts';
import { loadLook, sendPicture, type CompanyLook } from '#modules/brand/public.ts';
import { drawnState, takeForm, touchFromUrl, type StoredForm } from '#modules/leads/public.ts';
import { machineByItself } from '#modules/messages/public.ts';
import { openCounter } from './count.ts';
import { activeForm, drawDraft } from './draft.ts';
import { closedPage, drawnForm, landingPage, thanks, type WholePage } from './html/page.ts';
import { formOf, picturesOf } from './model/blocks.ts';
import type { Content } from './model/content.ts';
import { getStored, stateOf } from './page.ts';
import { readPreview } from './preview.ts';
import { siteMapRoutes } from './sitemap.ts';

const BODY_LIMIT = 131_072;
const POSTS_PER_MINUTE = 300;
/** Of one page, written down in a minute. */
const COUNTED_PER_MINUTE = 6_000;
const SLUG = /^[a-z0-9-]{1,60}$/;
const KEPT_PAGES = 200;

/** Before anybody is known: across companies, under steward_system. Served by landing_pages_slug. */
const FIND: Statement = {
  name: 'landing.find',
  text: `select p.id as "pageId", p.company_id as "companyId", p.slug, p.version, p.shown_from as "shownFrom", p.shown_until as "shownUntil", v.content
           from landing_pages p join landing_versions v on v.page_id = p.id and v.number = p.version and v.company_id = p.company_id where p.slug = $1`,
};
const MOVED: Statement = {
  name: 'landing.moved',
  text: `select p.slug from landing_redirects r join landing_pages p on p.id = r.page_id and p.company_id = r.company_id where r.slug = $1`,
};

interface Found {
  readonly pageId: string;
  readonly companyId: string;
  readonly slug: string;
  readonly version: number;
  readonly shownFrom: Date | null;
  readonly shownUntil: Date | null;
  readonly content: Content;
  readonly brand: CompanyLook;
  readonly form: StoredForm | null;
}

type Answer = { readonly kind: 'page' | 'ended' | 'early'; readonly found: Found } | { readonly kind: 'moved'; readonly slug: string } | { readonly kind: 'missing' }; // prettier-ignore

async function find(runtime: Runtime, slug: string): Promise<Answer> {
  if (!SLUG.test(slug)) return { kind: 'missing' };
  return runtime.system.read(async (tx): Promise<Answer> => {
    const [row] = await tx.query<Omit<Found, 'brand' | 'form'>>(FIND, [slug]);
    if (row === undefined) {
      const [moved] = await tx.query<{ slug: string }>(MOVED, [slug]);
      return moved === undefined ? { kind: 'missing' } : { kind: 'moved', slug: moved.slug };
    }
    const brand = await loadLook(tx, row.companyId);
    const form = await activeForm(tx, row.companyId, formOf(row.content.blocks)?.formId ?? null);
    const state = stateOf(row, runtime.clock.now());
    return { kind: state === 'published' ? 'page' : state === 'ended' ? 'ended' : 'early', found: { ...row, brand, form } };
  });
}

/** What stays the same of a page from visitor to visitor. */
interface Drawn extends WholePage {
  readonly etag: string;
}
/** Stands where the form goes; no text of a page can hold it, since `<` is escaped there. */
const HOLE = '<!--form-->';

/** `/go/{slug}` and its pictures, previews by signed links, sitemap.xml and robots.txt. No cookie is read for it, none is set. */
export function landingRoutes(http: FastifyInstance, runtime: Runtime): void {
  const counter = openCounter(runtime);
  const counted = openLimiter(COUNTED_PER_MINUTE);
  const posts = openLimiter(POSTS_PER_MINUTE);
  const kept = new Map<string, Drawn>();
  http.addHook('onClose', () => counter.settled());

  const draw = (found: Found): Drawn => {
    const { content, brand, form, slug, pageId, version } = found;
    const key = `${pageId} ${version} ${slug} ${JSON.stringify(brand)} ${form?.id ?? ''} ${form?.redirectUrl ?? ''}`;
    const known = kept.get(key);
    if (known !== undefined) return known;
    const page = landingPage({ content, brand, form, formHtml: HOLE, address: `${publicUrl(runtime.config)}/go/${slug}`, addressOf: (picture) => `/go/${slug}/i/${picture}` });
    const drawn = { ...page, etag: `"${createHash('sha256').update(page.html).update(form?.updatedAt.toISOString() ?? '').digest('base64url').slice(0, 27)}"` };
    kept.set(key, drawn);
    const [oldest] = kept.keys();
    if (kept.size > KEPT_PAGES && oldest !== undefined) kept.delete(oldest);
    return drawn;
  }; // prettier-ignore

  const look = async (request: FastifyRequest, found: Found): Promise<void> => {
    if (request.method !== 'GET' || !hasRoom(counted, found.pageId) || (await ofOurs(runtime, request, found.companyId))) return;
    counter.add(found.companyId, found.pageId, machineByItself(request.method, request.headers) !== null);
  };

  http.get<{ Params: { slug: string }; Querystring: Record<string, unknown> }>('/go/:slug', async (request, reply) => {
    const answer = await find(runtime, request.params.slug);
    if (answer.kind !== 'page') return closed(reply, answer, request);
    const { found } = answer;
    const sent = 'sent' in request.query;
    if (!sent) await look(request, found);
    const page = draw(found);
    reply.headers(headersOf(page, found));
    if (!sent) {
      reply.header('etag', page.etag);
      if (request.headers['if-none-match'] === page.etag) return reply.code(304).send();
    }
    return reply.send(await filled(runtime, request, page.html, found, sent));
  });

  http.post<{ Params: { slug: string } }>('/go/:slug', { bodyLimit: BODY_LIMIT }, async (request, reply) => {
    const answer = await find(runtime, request.params.slug);
    if (answer.kind !== 'page') return closed(reply, answer, request);
    const { found } = answer;
    const { form, slug } = found;
    if (form === null) throw new NotFound('This page has no form any more');
    const taken = await takeForm(runtime, posts, request, form);
    runtime.engine.nudge();
    if (taken.state === null) return reply.header('cache-control', 'no-store').redirect(form.redirectUrl ?? `/go/${slug}?sent#form`, 303);
    const page = draw(found);
    const markup = drawnForm(form, await drawnState(runtime, form, `/go/${slug}#form`, taken.state));
    if (taken.retryAfterS !== null) reply.header('retry-after', String(taken.retryAfterS));
    return reply.code(taken.status).headers({ ...headersOf(page, found), 'cache-control': 'no-store' }).send(page.html.replace(HOLE, () => markup)); // prettier-ignore
  });

  http.get<{ Params: { slug: string; picture: string } }>('/go/:slug/i/:picture', async (request, reply) => {
    const answer = await find(runtime, request.params.slug);
    if (answer.kind !== 'page') return closed(reply, answer, request);
    const { companyId, content, brand } = answer.found;
    // Only pictures of this page, whatever else the company keeps.
    const { picture } = request.params;
    if (picture !== brand.look.logo && !picturesOf(content.blocks).includes(picture)) return closed(reply, { kind: 'missing' }, request);
    return sendPicture(runtime, reply, companyId, picture, 'public');
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

/** The form as this visitor gets it: with the moment, a random word, and where they came from. */
async function filled(runtime: Runtime, request: FastifyRequest, page: string, { form, slug }: Found, sent: boolean): Promise<string> {
  if (form === null) return page.replace(HOLE, () => '');
  if (sent) return page.replace(HOLE, () => thanks(form));
  const state = await drawnState(runtime, form, `/go/${slug}#form`, { touch: touchFromUrl(request, runtime.config.STEWARD_PUBLIC_URL) });
  return page.replace(HOLE, () => drawnForm(form, state));
}

/** A page with a form holds where its reader came from: nobody on the way keeps it. All are asked for anew, so that each look is counted. */
const headersOf = (page: WholePage, found: Pick<Found, 'form' | 'content'> | null) => ({
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
  const page = ended ? closedPage('ended', answer.found.content, answer.found.brand) : closedPage('missing', null, null);
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
