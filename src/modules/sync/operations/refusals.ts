import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { decodeCursor, pageInput, pageOf, toPage } from '#core/operation/page.ts';
import { NotFound } from '#core/errors.ts';
import type { SourceRecord, SourceValue } from '#core/ports/source.ts';
import { connectionById } from '#modules/connections/public.ts';
import { applyPage } from '../page.ts';
import { rowReader } from '../reader.ts';
import { getSource, SourceNotFound } from '../source.ts';
import { sourceId } from './sources.ts';

/** No such refused row: it was taken, or never was. */
export class RefusalNotFound extends NotFound {
  override readonly code = 'refusal_not_found';
}

const Refusal = z.object({
  id: z.uuid(),
  externalId: z.string(),
  field: z.string().nullable().describe('The vendor’s field; null: the record as a whole'),
  reason: z.string(),
  value: z.string().nullable(),
  raw: z.record(z.string(), z.unknown()).describe('As it came, by the vendor’s field'),
  refusedAt: z.date(),
});
type Refusal = z.output<typeof Refusal>;
const COLUMNS = `id, external_id as "externalId", field, reason, value, raw, refused_at as "refusedAt"`;

const LIST: Statement = {
  name: 'sync.refusals.list',
  text: `select ${COLUMNS} from sync_refusals where company_id = $1 and source_id = $2 and ($3::timestamptz is null or (refused_at, id) < ($3::timestamptz, $4::uuid))
          order by refused_at desc, id desc limit $5`,
};

export const listRefusals = operation({
  name: 'sources.refusals',
  summary: 'Rows of a source that could not be taken, each with the reason, the newest first',
  http: 'GET /api/sources/{source_id}/refusals',
  cli: 'sources refusals',
  access: 'read',
  input: z.object({ sourceId, ...pageInput }),
  output: pageOf(Refusal),
  errors: [SourceNotFound],
  async run(ctx, { sourceId: id, limit, cursor }) {
    await getSource(ctx, ctx.companyId, id);
    const [at, after] = cursor === undefined ? [null, null] : z.tuple([z.number(), z.uuid()]).parse(decodeCursor(cursor, 2));
    const rows = await ctx.query<Refusal>(LIST, [ctx.companyId, id, at === null ? null : new Date(at), after, limit + 1]);
    return toPage(rows, limit, (row) => [row.refusedAt.getTime(), row.id]);
  },
});

interface Stored {
  readonly externalId: string;
  readonly raw: Readonly<Record<string, SourceValue>>;
  readonly changedAt: Date | null;
}
const BY_ID: Statement = {
  name: 'sync.refusals.one',
  text: `select external_id as "externalId", raw, changed_at as "changedAt" from sync_refusals where company_id = $1 and source_id = $2 and id = $3`,
};
const SOME: Statement = {
  name: 'sync.refusals.some',
  text: `select external_id as "externalId", raw, changed_at as "changedAt" from sync_refusals where company_id = $1 and source_id = $2 order by refused_at, id limit $3`,
};
const FIX: Statement = {
  name: 'sync.fixes.keep',
  text: `insert into sync_fixes (company_id, source_id, external_id, field, came, value) select $1, $2, $3, e.field, e.came, e.value
           from jsonb_to_recordset($4::jsonb) as e(field text, came text, value text)
         on conflict (source_id, external_id, field) do update set came = excluded.came, value = excluded.value`,
};
const WHAT: Statement = {
  name: 'sync.refusals.of',
  text: `select ${COLUMNS} from sync_refusals where company_id = $1 and source_id = $2 and external_id = $3`,
};

const Tried = z.object({
  taken: z.boolean(),
  field: z.string().nullable(),
  reason: z.string().nullable().describe('Why it still can’t be taken'),
});

export const fixRefusal = operation({
  name: 'sources.fix',
  summary: 'Put something else in the place of what came in a refused row, and take it. It counts until the vendor changes that field',
  http: 'POST /api/sources/{source_id}/refusals/{refusal_id}/fix',
  cli: 'sources fix',
  access: 'write',
  status: 200,
  input: z.object({
    sourceId,
    refusalId: z.uuid().describe('Id of the refused row'),
    values: z.record(z.string().max(500), z.string().max(2_000)).describe('By the vendor’s field: {"email": "ann@acme.test"}'),
  }),
  output: Tried,
  errors: [SourceNotFound, RefusalNotFound],
  async run(ctx, input) {
    const source = await getSource(ctx, ctx.companyId, input.sourceId);
    const [row] = await ctx.query<Stored>(BY_ID, [ctx.companyId, source.id, input.refusalId]);
    if (row === undefined)
      throw new RefusalNotFound('There is no such refused row any more; list them with GET /api/sources/{source_id}/refusals');
    const known = new Set(source.mapping.map(({ from }) => from));
    const fixes = Object.entries(input.values)
      .filter(([field]) => known.has(field))
      .map(([field, value]) => ({ field, came: String(row.raw[field] ?? ''), value }));
    if (fixes.length > 0) await ctx.query(FIX, [ctx.companyId, source.id, row.externalId, JSON.stringify(fixes)]);
    ctx.subject('source', source.id);
    await take(ctx, source.id, [row]);
    const [still] = await ctx.query<Refusal>(WHAT, [ctx.companyId, source.id, row.externalId]);
    return { taken: still === undefined, field: still?.field ?? null, reason: still?.reason ?? null };
  },
});

const AT_ONCE = 1_000;

export const retryRefusals = operation({
  name: 'sources.retry',
  summary:
    'Try the refused rows of a source again, a thousand at a time: after a field was made, two people were put together, the mapping changed',
  http: 'POST /api/sources/{source_id}/retry',
  cli: 'sources retry',
  access: 'write',
  status: 200,
  input: z.object({ sourceId }),
  output: z.object({ tried: z.int(), taken: z.int() }),
  errors: [SourceNotFound],
  async run(ctx, input) {
    const source = await getSource(ctx, ctx.companyId, input.sourceId);
    const rows = await ctx.query<Stored>(SOME, [ctx.companyId, source.id, AT_ONCE]);
    ctx.subject('source', source.id);
    const refused = await take(ctx, source.id, rows);
    return { tried: rows.length, taken: rows.length - refused };
  },
});

/** As if they came in now. Answers how many are refused again. */
async function take(ctx: Ctx, id: string, rows: readonly Stored[]): Promise<number> {
  if (rows.length === 0) return 0;
  const source = await getSource(ctx, ctx.companyId, id);
  const connection = await connectionById(ctx, ctx.companyId, source.connectionId);
  const at = ctx.clock.now();
  const records = rows.map(({ externalId, raw, changedAt }): SourceRecord => ({ externalId, changedAt, values: raw }));
  const read = await rowReader(ctx, ctx.companyId, source.kind, source.mapping, at);
  const page = { source, connector: connection?.connector ?? '', read, records, gone: [], at, tell: true, again: true };
  return (await applyPage(ctx, ctx.runtime, page)).refused;
}
