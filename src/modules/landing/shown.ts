import { hash } from 'node:crypto';
import type { Statement, Transaction } from '#core/database/database.ts';
import { commitsSoFar } from '#core/database/transaction.ts';
import type { Runtime } from '#core/runtime.ts';
import { shareReads } from '#core/shared-read.ts';
import { publicUrl } from '#modules/accounts/public.ts';
import { loadLook, type CompanyLook } from '#modules/brand/public.ts';
import type { StoredForm } from '#modules/leads/public.ts';
import { activeForm } from './draft.ts';
import { packAround, packWhole, type Packed } from './html/packed.ts';
import { emptyForm, landingPage, type WholePage } from './html/page.ts';
import { formOf, picturesOf } from './model/blocks.ts';
import type { Content } from './model/content.ts';
import { stateOf } from './page.ts';

const SLUG = /^[a-z0-9-]{1,60}$/;
const KEPT_PAGES = 200;
/** What another process changes is seen after so long at the latest; what this one changes, at once. */
const HOLDS_MS = 100;

/** Row versions (xmin) of all that a page is drawn of: whoever changes any of it, by whatever way, changes the stamp. */
const STAMP = `concat_ws('.', p.id, p.version, v.xmin, co.xmin, coalesce(b.xmin::text, '-'), coalesce(f.xmin::text, '-')) as stamp, p.shown_from as "shownFrom", p.shown_until as "shownUntil"`;
const LOOK = `join companies co on co.id = p.company_id left join brands b on b.company_id = p.company_id`;
const VERSION = `join landing_versions v on v.page_id = p.id and v.number = p.version and v.company_id = p.company_id`;

/** Before anybody is known: across companies, under steward_system. Served by landing_pages_slug. */
const FIND: Statement = {
  name: 'landing.find',
  text: `select p.id as "pageId", p.company_id as "companyId", p.slug, v.content, ${STAMP} from landing_pages p ${VERSION} ${LOOK}
           left join forms f on f.company_id = p.company_id and f.id = (jsonb_path_query_first(v.content, '$.blocks[*] ? (@.type == "form").formId') #>> '{}')::uuid
          where p.slug = $1`,
};
/** Whether what is kept still holds, of many at once. */
const STAMPS: Statement = {
  name: 'landing.stamps',
  text: `select p.slug, ${STAMP} from unnest($1::text[], $2::uuid[]) as x(slug, form_id) join landing_pages p on p.slug = x.slug ${VERSION} ${LOOK}
           left join forms f on f.company_id = p.company_id and f.id = x.form_id`,
};
const MOVED: Statement = {
  name: 'landing.moved',
  text: `select p.slug from landing_redirects r join landing_pages p on p.id = r.page_id and p.company_id = r.company_id where r.slug = $1`,
};

interface Stamp {
  readonly stamp: string;
  readonly shownFrom: Date | null;
  readonly shownUntil: Date | null;
}

/** What visitors get of a page, kept until something of it changes. */
export interface Shown {
  readonly pageId: string;
  readonly companyId: string;
  readonly slug: string;
  readonly content: Content;
  readonly brand: CompanyLook;
  readonly form: StoredForm | null;
  readonly pictures: ReadonlySet<string>;
  readonly packed: Packed;
  readonly policy: string;
  /** Of what is the same for all. */
  readonly tag: string;
  /** The page with something else where its form stands. */
  withForm(formHtml: string): WholePage;
}

/** A stamp as it was read, and until when it may be relied on. */
interface Seen extends Stamp {
  readonly untilMs: number;
  readonly commits: number;
}

interface Kept extends Shown {
  seen: Seen;
}

/** Stands where a visitor's own fields go; no text of a page can hold it, since `<` is escaped there. */
const HOLE = '<!--own-->';

export type Answer =
  | { readonly kind: 'page' | 'ended' | 'early'; readonly page: Shown }
  | { readonly kind: 'moved'; readonly slug: string }
  | { readonly kind: 'missing' };
type Found = Stamp & Pick<Shown, 'pageId' | 'companyId' | 'slug' | 'content'>;
type Loaded = { readonly page: Kept } | { readonly moved: string };

/** Taken before the read that it is about. */
const soon = (): Pick<Seen, 'untilMs' | 'commits'> => ({ untilMs: performance.now() + HOLDS_MS, commits: commitsSoFar() });
const holds = ({ untilMs, commits }: Seen): boolean => performance.now() < untilMs && commits === commitsSoFar();

/**
 * Answers what stands at an address. Pages are kept drawn; one read for all who wait says whether they still hold, unless one said so a moment ago
 * and nothing was committed here since. From and until are compared with the clock each time.
 */
export function openPages(runtime: Runtime): (slug: string) => Promise<Answer> {
  const kept = new Map<string, Kept>();
  const stamps = shareReads<string, Seen>(async (slugs) => {
    const until = soon();
    const forms = slugs.map((slug) => formOf(kept.get(slug)?.content.blocks ?? [])?.formId ?? null);
    const rows = await runtime.system.read((tx) => tx.query<Stamp & { slug: string }>(STAMPS, [slugs, forms]));
    return new Map(rows.map((row) => [row.slug, { ...row, ...until }]));
  });
  const load = shareReads<string, Loaded>(async (slugs) => {
    const found = await Promise.all(slugs.map(async (slug) => [slug, await loadPage(runtime, slug)] as const));
    return new Map(found.flatMap(([slug, one]) => (one === null ? [] : [[slug, one]])));
  });
  const keep = (page: Kept) => {
    kept.set(page.slug, page);
    const [oldest] = kept.keys();
    if (kept.size > KEPT_PAGES && oldest !== undefined) kept.delete(oldest);
  };
  const answer = (page: Kept): Answer => {
    const state = stateOf({ version: 1, ...page.seen }, runtime.clock.now());
    return { kind: state === 'published' ? 'page' : state === 'ended' ? 'ended' : 'early', page };
  };
  return async (slug) => {
    if (!SLUG.test(slug)) return { kind: 'missing' };
    const known = kept.get(slug);
    if (known !== undefined && holds(known.seen)) return answer(known);
    if (known !== undefined) {
      const seen = await stamps(slug);
      const page = kept.get(slug);
      if (page !== undefined && page.seen.stamp === seen?.stamp) {
        page.seen = seen;
        return answer(page);
      }
    }
    const loaded = await load(slug);
    kept.delete(slug);
    if (loaded === undefined) return { kind: 'missing' };
    if ('moved' in loaded) return { kind: 'moved', slug: loaded.moved };
    keep(loaded.page);
    return answer(loaded.page);
  };
}

async function loadPage(runtime: Runtime, slug: string): Promise<Loaded | null> {
  const until = soon();
  return runtime.system.read(async (tx): Promise<Loaded | null> => {
    const [row] = await tx.query<Found>(FIND, [slug]);
    if (row !== undefined) return { page: { ...(await drawPage(runtime, tx, row)), seen: { ...row, ...until } } };
    const [moved] = await tx.query<{ slug: string }>(MOVED, [slug]);
    return moved === undefined ? null : { moved: moved.slug };
  });
}

/** Brand and form are read after the stamp: what changes in between makes the stamp too old, never what is drawn. */
async function drawPage(runtime: Runtime, tx: Transaction, { pageId, companyId, slug, content }: Found): Promise<Shown> {
  const brand = await loadLook(tx, companyId);
  const form = await activeForm(tx, companyId, formOf(content.blocks)?.formId ?? null);
  const withForm = (formHtml: string) =>
    landingPage({ content, brand, form, formHtml, address: `${publicUrl(runtime.config)}/go/${slug}`, addressOf: (picture) => `/go/${slug}/i/${picture}` });
  const { html, policy } = withForm(form === null ? ' ' : emptyForm(form, `/go/${slug}#form`, HOLE));
  const [before = '', after] = html.split(HOLE);
  const packed = after === undefined ? packWhole(html) : packAround(before, after);
  const pictures = new Set([...picturesOf(content.blocks), ...(brand.look.logo === null ? [] : [brand.look.logo])]);
  return { pageId, companyId, slug, content, brand, form, pictures, packed, policy, tag: hash('sha256', html, 'base64url').slice(0, 27), withForm };
} // prettier-ignore
