import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { newId } from '#core/ids.ts';
import { operation } from '#core/operation/operation.ts';
import { pageInput, pageOf, toPage } from '#core/operation/page.ts';
import { NotFound } from '#core/errors.ts';
import { positionOf } from '#modules/people/public.ts';
import { getSegment } from '#modules/segments/public.ts';
import { Export, EXPORT_COLUMNS, ExportFilter, ExportNotFound, getExport } from './export.ts';
import { kindOf } from './kinds.ts';
import { KINDS } from './names.ts';
import { planExport } from './rows.ts';
import { FORMATS } from './tables.ts';

const HOURS = 24;
const PEOPLE: Statement = { name: 'exports.people', text: 'select id from people where company_id = $1 and id = any ($2::uuid[])' };
const INSERT: Statement = {
  name: 'exports.insert',
  text: `insert into exports (id, company_id, what, format, columns, filter, created_by, expires_at, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)`,
};

const Kind = z.object({
  what: z.enum(KINDS),
  title: z.string(),
  columns: z.array(z.object({ key: z.string(), label: z.string() })),
  filters: z.boolean().describe('Takes a segment, a condition or people'),
  changed: z.string().nullable().describe('Column that moves with every change of a row, for changed_since; null: none does'),
  day: z.string().describe('Column whose moment stays: what to partition by'),
});

export const exportKinds = operation({
  name: 'exports.kinds',
  summary: 'What can be exported, with its columns',
  http: 'GET /api/exports/kinds',
  cli: 'exports kinds',
  access: 'read',
  input: z.object({}),
  output: z.object({ items: z.array(Kind) }),
  async run(ctx) {
    const items = [];
    for (const what of KINDS) {
      const kind = await kindOf(ctx, ctx.companyId, what);
      items.push({
        what,
        title: kind.title,
        columns: kind.columns.map(({ key, label }) => ({ key, label })),
        filters: kind.hasPerson,
        changed: kind.changed,
        day: kind.day,
      });
    }
    return { items };
  },
});

export const createExport = operation({
  name: 'exports.create',
  summary: 'Prepare an export; its file is then to be had for a day. Stands in the audit log',
  http: 'POST /api/exports',
  cli: 'exports create',
  access: 'write',
  role: 'manager',
  input: z.object({
    what: z.enum(KINDS),
    format: z.enum(FORMATS).default('csv'),
    columns: z.array(z.string().max(80)).max(200).default([]).describe('Keys in order; empty: all'),
    filter: ExportFilter.default({}),
  }),
  output: Export,
  async run(ctx, input) {
    const { segmentId, personIds } = input.filter;
    if (segmentId !== undefined) await getSegment(ctx, ctx.companyId, segmentId);
    if (personIds !== undefined) {
      const known = await ctx.query(PEOPLE, [ctx.companyId, personIds]);
      if (known.length < new Set(personIds).size) throw new NotFound('Some of these people are not here; read the list again');
    }
    await planExport(ctx, ctx.runtime, ctx.companyId, input);
    const id = newId();
    const now = ctx.clock.now();
    const user = ctx.principal.kind === 'user' ? ctx.principal.userId : null;
    const expires = new Date(now.getTime() + HOURS * 3_600_000);
    await ctx.query(INSERT, [
      id, ctx.companyId, input.what, input.format, JSON.stringify(input.columns), JSON.stringify(input.filter), user, expires, now,
    ]); // prettier-ignore
    return getExport(ctx, ctx.companyId, id);
  },
});

export const createArchive = operation({
  name: 'exports.archive',
  summary: 'Prepare an archive of everything the company owns: JSON Lines with counts and hashes, as one zip file',
  http: 'POST /api/exports/archive',
  cli: 'exports archive',
  access: 'write',
  role: 'admin',
  input: z.object({}),
  output: Export,
  async run(ctx) {
    const id = newId();
    const now = ctx.clock.now();
    const user = ctx.principal.kind === 'user' ? ctx.principal.userId : null;
    const expires = new Date(now.getTime() + HOURS * 3_600_000);
    await ctx.query(INSERT, [id, ctx.companyId, 'archive', 'zip', '[]', '{}', user, expires, now]);
    return getExport(ctx, ctx.companyId, id);
  },
});

const LIST: Statement = {
  name: 'exports.list',
  text: `select ${EXPORT_COLUMNS} from exports x where x.company_id = $1 and ($2::timestamptz is null or (x.created_at, x.id) < ($2, $3::uuid))
          order by x.created_at desc, x.id desc limit $4`,
};

export const listExports = operation({
  name: 'exports.list',
  summary: 'What was exported, by whom and when, newest first',
  http: 'GET /api/exports',
  cli: 'exports list',
  access: 'read',
  role: 'manager',
  input: z.object(pageInput),
  output: pageOf(Export),
  async run(ctx, { limit, cursor }) {
    const [at, id] = cursor === undefined ? [null, null] : positionOf(cursor);
    const rows = await ctx.query<Export>(LIST, [ctx.companyId, at, id, limit + 1]);
    return toPage(rows, limit, (row) => [row.createdAt.getTime(), row.id]);
  },
});

export const getExportOperation = operation({
  name: 'exports.get',
  summary: 'Read one export',
  http: 'GET /api/exports/{export_id}',
  cli: 'exports get',
  access: 'read',
  role: 'manager',
  input: z.object({ exportId: z.uuid().describe('Id of the export') }),
  output: Export,
  errors: [ExportNotFound],
  run: (ctx, { exportId }) => getExport(ctx, ctx.companyId, exportId),
});
