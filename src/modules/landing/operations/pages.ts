import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { InvalidInput } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { decodeCursor, pageInput, pageOf, toPage } from '#core/operation/page.ts';
import { beginningOf, TEMPLATES } from '../beginnings/all.ts';
import { Blocks } from '../model/blocks.ts';
import { FROM, getStored, Landing, LandingNotFound, LandingRow, LANGUAGES, lockPage, monthAgo, ROW, shown, SlugTaken } from '../page.ts';

export const pageId = () => z.uuid().describe('Id of the landing page');
const title = () => z.string().trim().min(1).max(120).describe('In the tab, in search results and in previews of links');
const description = () => z.string().trim().max(300).describe('Under the title in search results');
/** Words of the addresses below /go/ that mean something else. */
const TAKEN = new Set(['preview']);
const slug = () =>
  z
    .string()
    .max(60)
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'is lower case: letters, digits and single -')
    .refine((word) => !TAKEN.has(word), 'is a word that we use ourselves');

const LIST: Statement = {
  name: 'landing.list',
  text: `select ${ROW} ${FROM} where p.company_id = $1 and ($4::text is null or position(lower($4) in lower(p.title || ' ' || p.slug)) > 0)
          and ($5::timestamptz is null or (p.created_at, p.id) < ($5, $6::uuid)) order by p.created_at desc, p.id desc limit $3`,
};

export const listLanding = operation({
  name: 'landing.list',
  summary: 'List landing pages, newest first, with visits and forms sent of the last 30 days',
  http: 'GET /api/landing-pages',
  cli: 'landing list',
  access: 'read',
  input: z.object({ ...pageInput, q: z.string().max(200).optional().describe('Words of title or address') }),
  output: pageOf(LandingRow),
  async run(ctx, { limit, cursor, q }) {
    const now = ctx.clock.now();
    const [at, after] = cursor === undefined ? [null, null] : decodeCursor(cursor, 2);
    const values = [ctx.companyId, monthAgo(now), limit + 1, q === undefined || q === '' ? null : q, at === null ? null : new Date(Number(at)), after];
    const rows = await ctx.query<Omit<LandingRow, 'state' | 'url'>>(LIST, values);
    return toPage(rows.map((row) => shown(row, ctx.runtime.config, now)), limit, (row) => [row.createdAt.getTime(), row.id]);
  },
}); // prettier-ignore

export async function whole(ctx: Ctx, id: string): Promise<Landing> {
  const now = ctx.clock.now();
  return shown(await getStored(ctx, ctx.companyId, id, now), ctx.runtime.config, now);
}

export const getLanding = operation({
  name: 'landing.get',
  summary: 'Read one landing page: the draft and what is published of it',
  http: 'GET /api/landing-pages/{page_id}',
  cli: 'landing get',
  access: 'read',
  input: z.object({ pageId: pageId() }),
  output: Landing,
  errors: [LandingNotFound],
  run: (ctx, input) => whole(ctx, input.pageId),
});

const FIRST_FORM: Statement = {
  name: 'landing.first_form',
  text: 'select id from forms where company_id = $1 and active order by is_default desc, created_at desc, id desc limit 1',
};
const INSERT: Statement = {
  name: 'landing.insert',
  text: `insert into landing_pages (id, company_id, slug, title, description, language, blocks, created_by, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7::jsonb, $8, $9, $9) on conflict (slug) do nothing returning id`,
};
const LED: Statement = { name: 'landing.led', text: 'select 1 from landing_redirects where slug = $1 and company_id <> $2' };

const taken = (word: string): SlugTaken => new SlugTaken(`Another page has the address /go/${word}; choose another word`, { fields: [{ path: 'slug', message: 'is taken' }] }); // prettier-ignore

/** Addresses are one list for the installation: an old one of another company still leads somewhere. @throws SlugTaken */
async function requireFree(ctx: Ctx, word: string): Promise<void> {
  const led = await ctx.runtime.system.read((tx) => tx.query(LED, [word, ctx.companyId]));
  if (led.length > 0) throw taken(word);
}

/** Words of a title as an address: `Frühjahrs-Check` is `fruehjahrs-check`. */
function slugOf(text: string): string {
  const plain = text.toLowerCase().replace(/[äöüß]/g, (letter) => ({ ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss' })[letter] ?? '').normalize('NFKD').replace(/\p{M}/gu, ''); // prettier-ignore
  return plain.replace(/[^a-z0-9]+/g, '-').slice(0, 50).replace(/^-+|-+$/g, '') || 'page'; // prettier-ignore
}

export const createLanding = operation({
  name: 'landing.create',
  summary: 'Begin a landing page, empty or from a template; nobody sees it until it is published',
  http: 'POST /api/landing-pages',
  cli: 'landing create',
  access: 'write',
  bodyLimit: 2 * 1024 * 1024,
  input: z.object({
    title: title(),
    slug: slug().optional().describe('/go/<slug>; without it, words of the title'),
    description: description().default(''),
    language: z.enum(LANGUAGES).default('en'),
    template: z.enum(TEMPLATES).default('blank').describe('What it begins with, where no blocks are given'),
    blocks: Blocks.optional(),
  }),
  output: Landing,
  errors: [SlugTaken],
  async run(ctx, input) {
    const [form] = await ctx.query<{ id: string }>(FIRST_FORM, [ctx.companyId]);
    const blocks = input.blocks ?? beginningOf(input.template, form?.id ?? null);
    const id = newId();
    const by = 'userId' in ctx.principal ? ctx.principal.userId : null;
    // A word that was asked for is taken or not; one of ours gets an ending.
    const words = input.slug === undefined ? [slugOf(input.title), `${slugOf(input.title)}-${id.slice(-6)}`] : [input.slug];
    for (const word of words) {
      if (input.slug !== undefined) await requireFree(ctx, word);
      const made = await ctx.query(INSERT, [id, ctx.companyId, word, input.title, input.description, input.language, JSON.stringify(blocks), by, ctx.clock.now()]); // prettier-ignore
      if (made.length > 0) return whole(ctx, id);
    }
    throw taken(words.at(-1) ?? '');
  },
});

const UPDATE: Statement = {
  name: 'landing.update',
  text: `update landing_pages set title = $3, description = $4, language = $5, indexed = $6, blocks = $7::jsonb, updated_at = $8 where company_id = $1 and id = $2`,
};
const MOVE: Statement = {
  name: 'landing.move',
  text: `update landing_pages set slug = $3 where company_id = $1 and id = $2 and not exists (select from landing_pages o where o.slug = $3 and o.id <> $2) returning id`,
};
const UNLEAD: Statement = { name: 'landing.unlead', text: 'delete from landing_redirects where company_id = $1 and slug = $2' };
const LEAD: Statement = {
  name: 'landing.lead',
  text: `insert into landing_redirects (slug, company_id, page_id, created_at) values ($1, $2, $3, $4) on conflict (slug) do update set page_id = excluded.page_id`,
};

/** A new goal is reached anew, by the next form. */
const AIM: Statement = {
  name: 'landing.aim',
  text: 'update landing_pages set goal = $3, goal_reached_at = null where company_id = $1 and id = $2 and goal is distinct from $3',
};

export const updateLanding = operation({
  name: 'landing.update',
  summary:
    'Change the draft; what is published stays until it is published again. A new address counts at once, and the old one leads there',
  http: 'PUT /api/landing-pages/{page_id}',
  cli: 'landing update',
  access: 'write',
  bodyLimit: 2 * 1024 * 1024,
  input: z.object({
    pageId: pageId(),
    title: title().optional(),
    slug: slug().optional(),
    description: description().optional(),
    language: z.enum(LANGUAGES).optional(),
    indexed: z.boolean().optional().describe('May search engines list it'),
    goal: z
      .int()
      .min(1)
      .max(1_000_000)
      .nullable()
      .optional()
      .describe('Forms that it is to bring in; counts at once, page.goal_reached tells it'),
    blocks: Blocks.optional(),
  }),
  output: Landing,
  errors: [LandingNotFound, SlugTaken],
  async run(ctx, { pageId: id, slug: word, goal, ...change }) {
    await lockPage(ctx, ctx.companyId, id);
    const before = await getStored(ctx, ctx.companyId, id, ctx.clock.now());
    ctx.expectVersion(before);
    if (word !== undefined && word !== before.slug) await move(ctx, id, before.slug, word, before.version > 0);
    if (goal !== undefined) await ctx.query(AIM, [ctx.companyId, id, goal]);
    const next = { ...before, ...Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) };
    await ctx.query(UPDATE, [ctx.companyId, id, next.title, next.description, next.language, next.indexed, JSON.stringify(next.blocks), ctx.clock.now()]); // prettier-ignore
    return whole(ctx, id);
  },
});

/** To another address; whoever has the old one of a page that was out is led on. @throws SlugTaken */
async function move(ctx: Ctx, id: string, from: string, to: string, wasOut: boolean): Promise<void> {
  await requireFree(ctx, to);
  try {
    if ((await ctx.query(MOVE, [ctx.companyId, id, to])).length === 0) throw taken(to);
  } catch (error) {
    // Another company's page is not in sight; the index sees it.
    if (error instanceof Error && 'code' in error && error.code === '23505') throw taken(to);
    throw error;
  }
  await ctx.query(UNLEAD, [ctx.companyId, to]);
  if (wasOut) await ctx.query(LEAD, [from, ctx.companyId, id, ctx.clock.now()]);
}

const DELETE: Statement = { name: 'landing.delete', text: 'delete from landing_pages where company_id = $1 and id = $2' };

export const deleteLanding = operation({
  name: 'landing.delete',
  summary: 'Delete a landing page with its versions, addresses and figures',
  http: 'DELETE /api/landing-pages/{page_id}',
  cli: 'landing delete',
  access: 'write',
  role: 'manager',
  destructive: true,
  input: z.object({ pageId: pageId() }),
  output: z.null(),
  errors: [LandingNotFound],
  async run(ctx, { pageId: id }) {
    await getStored(ctx, ctx.companyId, id, ctx.clock.now());
    await ctx.query(DELETE, [ctx.companyId, id]);
    ctx.subject('landing_pages', id);
    return null;
  },
});

/** What a window has to be. @throws InvalidInput */
export function requireWindow(from: Date | null, until: Date | null, now: Date): void {
  if (until !== null && until <= (from ?? now)) throw new InvalidInput('The page would end before it begins', { fields: [{ path: 'shown_until', message: 'is not after the beginning' }] }); // prettier-ignore
}
