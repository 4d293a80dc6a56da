import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { NotFound } from '#core/errors.ts';
import { operation } from '#core/operation/operation.ts';
import { loadLook } from '#modules/brand/public.ts';
import { drawnState } from '#modules/leads/public.ts';
import { drawDraft } from '../draft.ts';
import { drawnForm, landingPage } from '../html/page.ts';
import type { Content } from '../model/content.ts';
import { addressOf, getStored, Landing, LandingNotFound, LandingUnfinished, lockPage, stateOf } from '../page.ts';
import { previewLink } from '../preview.ts';
import { pageId, requireWindow, whole } from './pages.ts';

const KEEP: Statement = {
  name: 'landing.keep_version',
  text: 'insert into landing_versions (page_id, company_id, number, content, published_by, published_at) values ($1, $2, $3, $4::jsonb, $5, $6)',
};
const NEWEST: Statement = {
  name: 'landing.newest',
  text: 'select coalesce(max(number), 0)::int as number from landing_versions where company_id = $1 and page_id = $2',
};
const PUBLISHED: Statement = {
  name: 'landing.published',
  text: `update landing_pages set version = $3, published_at = $4, updated_at = $4, shown_from = $5, shown_until = $6 where company_id = $1 and id = $2`,
};

export const publishLanding = operation({
  name: 'landing.publish',
  summary: 'Freeze the draft as a version and show it, at once or from a moment, for ever or until one',
  http: 'POST /api/landing-pages/{page_id}/publish',
  cli: 'landing publish',
  access: 'write',
  role: 'manager',
  status: 200,
  input: z.object({
    pageId: pageId(),
    shownFrom: z.date().nullable().default(null).describe('null: at once'),
    shownUntil: z.date().nullable().default(null).describe('null: for ever; afterwards the address says that it has ended'),
  }),
  output: Landing,
  errors: [LandingNotFound, LandingUnfinished],
  async run(ctx, { pageId: id, shownFrom, shownUntil }) {
    const now = ctx.clock.now();
    await lockPage(ctx, ctx.companyId, id);
    const stored = await getStored(ctx, ctx.companyId, id, now);
    ctx.expectVersion(stored);
    requireWindow(shownFrom, shownUntil, now);
    const { content, faults } = await drawDraft(ctx, ctx.companyId, stored);
    const [first] = faults;
    if (first !== undefined) throw new LandingUnfinished(`“${stored.title}” is not finished: ${first.message}`, { fields: [...faults] });
    const [newest] = await ctx.query<{ number: number }>(NEWEST, [ctx.companyId, id]);
    const number = (newest?.number ?? 0) + 1;
    const by = 'userId' in ctx.principal ? ctx.principal.userId : null;
    await ctx.query(KEEP, [id, ctx.companyId, number, JSON.stringify(content), by, now]);
    await ctx.query(PUBLISHED, [ctx.companyId, id, number, now, shownFrom, shownUntil]);
    ctx.emit({
      name: 'page.published',
      subject: { type: 'landing_page', id },
      payload: { page_id: id, title: stored.title, url: addressOf(ctx.runtime.config, stored.slug), version: number, shown_from: shownFrom?.toISOString() ?? null },
    }); // prettier-ignore
    return whole(ctx, id);
  },
});

const END: Statement = {
  name: 'landing.end',
  text: `update landing_pages set shown_until = $3, shown_from = case when shown_from >= $3 then null else shown_from end where company_id = $1 and id = $2 and version > 0`,
};

export const endLanding = operation({
  name: 'landing.end',
  summary: 'Take a landing page away now: its address says that it has ended, until it is published again',
  http: 'POST /api/landing-pages/{page_id}/end',
  cli: 'landing end',
  access: 'write',
  role: 'manager',
  status: 200,
  input: z.object({ pageId: pageId() }),
  output: Landing,
  errors: [LandingNotFound],
  async run(ctx, { pageId: id }) {
    const now = ctx.clock.now();
    await lockPage(ctx, ctx.companyId, id);
    const stored = await getStored(ctx, ctx.companyId, id, now);
    const was = stateOf(stored, now);
    await ctx.query(END, [ctx.companyId, id, now]);
    ctx.subject('landing_pages', id);
    // Once: one that was never out, or had ended, is not taken away.
    if (was === 'published' || was === 'scheduled')
      ctx.emit({
        name: 'page.ended',
        subject: { type: 'landing_page', id },
        payload: { page_id: id, title: stored.title, url: addressOf(ctx.runtime.config, stored.slug) },
      });
    return whole(ctx, id);
  },
});

/** Bytes of a page without its pictures: what a phone on the way waits for. */
const WEIGHT = 50_000;

export const checkLanding = operation({
  name: 'landing.check',
  summary: 'What keeps a landing page from being published, how heavy it is, and a link that shows the draft',
  http: 'GET /api/landing-pages/{page_id}/check',
  cli: 'landing check',
  access: 'read',
  input: z.object({ pageId: pageId() }),
  output: z.object({
    faults: z.array(z.object({ path: z.string().describe('blocks.3'), message: z.string() })),
    bytes: z.int().describe('Of the page without its pictures'),
    mostBytes: z.int().describe('What it should stay under'),
    previewUrl: z.string().describe('Shows the draft to whoever has it'),
    previewPath: z.string(),
    previewUntil: z.string().describe('The last day of the link, YYYY-MM-DD'),
  }),
  errors: [LandingNotFound],
  async run(ctx, { pageId: id }) {
    const stored = await getStored(ctx, ctx.companyId, id, ctx.clock.now());
    const { content, form, faults } = await drawDraft(ctx, ctx.companyId, stored);
    const { url, path, until } = previewLink(ctx.runtime, ctx.companyId, id);
    const markup = form === null ? '' : drawnForm(form, { ...(await drawnState(ctx.runtime, form, path)), challenge: null });
    const page = landingPage({ content, brand: await loadLook(ctx, ctx.companyId), form, formHtml: markup, address: url, addressOf: (picture) => `/go/${stored.slug}/i/${picture}` }); // prettier-ignore
    return {
      faults: faults.map(({ path: at, message }) => ({ path: at, message })),
      bytes: Buffer.byteLength(page.html),
      mostBytes: WEIGHT,
      previewUrl: url,
      previewPath: path,
      previewUntil: until,
    };
  },
});

const VERSIONS: Statement = {
  name: 'landing.versions',
  text: `select v.number, v.published_at as "publishedAt", coalesce(nullif(u.full_name, ''), u.email) as by, v.number = p.version as current
           from landing_versions v join landing_pages p on p.id = v.page_id left join users u on u.id = v.published_by and u.company_id = v.company_id
          where v.company_id = $1 and v.page_id = $2 order by v.number desc limit 100`,
};

export const landingVersions = operation({
  name: 'landing.versions',
  summary: 'What was published of a landing page, newest first',
  http: 'GET /api/landing-pages/{page_id}/versions',
  cli: 'landing versions',
  access: 'read',
  input: z.object({ pageId: pageId() }),
  output: z.object({
    items: z.array(z.object({ number: z.int(), publishedAt: z.date(), by: z.string().nullable(), current: z.boolean() })),
    nextCursor: z.null(),
  }),
  errors: [LandingNotFound],
  async run(ctx, { pageId: id }) {
    await getStored(ctx, ctx.companyId, id, ctx.clock.now());
    return { items: await ctx.query<{ number: number; publishedAt: Date; by: string | null; current: boolean }>(VERSIONS, [ctx.companyId, id]), nextCursor: null }; // prettier-ignore
  },
});

const VERSION: Statement = {
  name: 'landing.version',
  text: 'select content from landing_versions where company_id = $1 and page_id = $2 and number = $3',
};
const RESTORE: Statement = {
  name: 'landing.restore',
  text: `update landing_pages set title = $3, description = $4, language = $5, indexed = $6, blocks = $7::jsonb, updated_at = $8 where company_id = $1 and id = $2`,
};

export const restoreLanding = operation({
  name: 'landing.restore',
  summary: 'Make the draft what a version was; visitors see it once it is published',
  http: 'POST /api/landing-pages/{page_id}/restore',
  cli: 'landing restore',
  access: 'write',
  status: 200,
  input: z.object({ pageId: pageId(), number: z.int().min(1).max(1_000_000).describe('Of the version') }),
  output: Landing,
  errors: [LandingNotFound],
  async run(ctx, { pageId: id, number }) {
    await lockPage(ctx, ctx.companyId, id);
    ctx.expectVersion(await getStored(ctx, ctx.companyId, id, ctx.clock.now()));
    const [row] = await ctx.query<{ content: Content }>(VERSION, [ctx.companyId, id, number]);
    if (row === undefined) throw new NotFound(`There is no version ${number} of this page; list them with: steward landing versions`);
    const { title, description, language, indexed, blocks } = row.content;
    await ctx.query(RESTORE, [ctx.companyId, id, title, description, language, indexed, JSON.stringify(blocks), ctx.clock.now()]);
    return whole(ctx, id);
  },
});
