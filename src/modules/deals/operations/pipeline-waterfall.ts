import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { InvalidInput } from '#core/errors.ts';
import { operation } from '#core/operation/operation.ts';
import { decodeCursor, pageInput, pageOf, toPage } from '#core/operation/page.ts';
import { sumsIn, type SumRow } from '../analytics/sums.ts';
import { MEASURES, waterfall } from '../analytics/waterfall.ts';
import { named } from '../named.ts';
import { companyCurrency } from '#modules/accounts/public.ts';
import { loadStages } from '../save/stages.ts';
import { MOVE_KINDS } from '../tables.ts';
import { which, money, period, inPipeline, sliceOf, checkPeriod, momentPosition } from './pipeline-fields.ts';

const Bars = z.object({
  startCents: money(),
  startDeals: z.int(),
  bars: z.array(z.object({ kind: z.enum(MOVE_KINDS), cents: money().describe('Signed'), moves: z.int() })),
  endCents: money(),
  endDeals: z.int(),
});

export const pipelineWaterfall = operation({
  name: 'pipeline.waterfall',
  summary: 'What made the pipeline of the start that of the end: start, plus each bar, is the end, to the cent',
  http: 'GET /api/pipeline/waterfall',
  cli: 'pipeline waterfall',
  access: 'read',
  scope: 'deals:read',
  input: z.object({
    ...which,
    ...period,
    measure: z
      .enum(MEASURES)
      .default('open')
      .describe('open: value of open deals; weighted: times their probability; booked: weighted, and won deals whole'),
  }),
  output: Bars.extend({ from: z.date(), to: z.date(), measure: z.enum(MEASURES), currency: z.string() }),
  async run(ctx, input) {
    checkPeriod(input);
    const stages = await loadStages(ctx, ctx.companyId);
    const how = { slice: sliceOf(input) };
    const start = await sumsIn(ctx, ctx.companyId, { from: null, to: input.from }, how);
    const flows = await sumsIn(ctx, ctx.companyId, { from: input.from, to: input.to }, how);
    const done = waterfall(start, flows, stages.rows, input.measure, inPipeline(stages, input.pipelineId));
    return {
      ...done,
      bars: [...done.bars],
      from: input.from,
      to: input.to,
      measure: input.measure,
      currency: await companyCurrency(ctx, ctx.companyId),
    };
  },
});

const MONTHS: Statement = {
  name: 'deals.months',
  text: `select start::text as month, '' as value, stage_id as "stageId", kind, sum(n)::float8 as n, sum(cents)::float8 as cents, sum(weighted)::float8 as weighted, sum(moves)::float8 as moves,
           0::float8 as "stayS", 0::float8 as "cycleS" from deal_rollup where company_id = $1 and dim = $2 and grain = 'm' and ($3::text is null or value = $3) and start < $4::date group by 1, 3, 4 order by 1`,
};

export const pipelineMonths = operation({
  name: 'pipeline.months',
  summary: 'The waterfall of every month (UTC) that knows a deal; each one begins where the one before ended',
  http: 'GET /api/pipeline/months',
  cli: 'pipeline months',
  access: 'read',
  scope: 'deals:read',
  input: z.object({
    ...which,
    measure: z.enum(MEASURES).default('open'),
    months: z.coerce.number().int().min(1).max(120).default(24).describe('The latest so many'),
  }),
  output: z.object({ items: z.array(Bars.extend({ month: z.string().describe('YYYY-MM') })), currency: z.string(), nextCursor: z.null() }),
  async run(ctx, input) {
    const stages = await loadStages(ctx, ctx.companyId);
    const slice = sliceOf(input);
    const until = new Date(ctx.clock.now().getTime() + 86_400_000 * 31);
    const rows = await ctx.query<SumRow & { month: string }>(MONTHS, [ctx.companyId, slice?.dim ?? 'all', slice?.value ?? null, until]);
    const byMonth = Map.groupBy(rows, (row) => row.month);
    const inside = inPipeline(stages, input.pipelineId);
    let before: SumRow[] = [];
    const items = monthsBetween([...byMonth.keys()], ctx.clock.now()).map((month) => {
      const flows = byMonth.get(`${month}-01`) ?? [];
      const done = waterfall(before, flows, stages.rows, input.measure, inside);
      before = merged(before, flows);
      return { month, ...done, bars: [...done.bars] };
    });
    return { items: items.slice(-input.months), currency: await companyCurrency(ctx, ctx.companyId), nextCursor: null };
  },
});

/** One row a stage: what stands after the flows. */
function merged(before: readonly SumRow[], flows: readonly SumRow[]): SumRow[] {
  return [...Map.groupBy([...before, ...flows], (row) => row.stageId).values()].flatMap((rows) => {
    const [first] = rows;
    if (first === undefined) return [];
    const sum = (pick: (row: SumRow) => number) => rows.reduce((total, row) => total + pick(row), 0);
    return [{ ...first, n: sum((row) => row.n), cents: sum((row) => row.cents), weighted: sum((row) => row.weighted) }];
  });
}

/** From the first month that is known to the last one, or this one, without gaps. */
function monthsBetween(known: readonly string[], now: Date): string[] {
  const [first] = known;
  if (first === undefined) return [];
  const last = [known.at(-1) ?? first, now.toISOString().slice(0, 10)].toSorted().at(-1) ?? first;
  const months: string[] = [];
  for (
    let at = new Date(first);
    at.toISOString().slice(0, 7) <= last.slice(0, 7);
    at = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1))
  )
    months.push(at.toISOString().slice(0, 7));
  return months;
}

const Moved = z.object({
  dealId: z.uuid(),
  seq: z.int(),
  name: z.string(),
  organisation: z.string().nullable(),
  owner: z.string().nullable(),
  at: z.date(),
  kind: z.enum(MOVE_KINDS),
  fromStage: z.string().nullable(),
  stage: z.string(),
  fromCents: money(),
  cents: money(),
  fromWeighted: money(),
  weighted: money(),
});

export const pipelineMoves = operation({
  name: 'pipeline.moves',
  summary: 'The deals behind a bar of the waterfall, newest first',
  http: 'GET /api/pipeline/moves',
  cli: 'pipeline moves',
  access: 'read',
  scope: 'deals:read',
  input: z.object({ ...pageInput, ...which, ...period, kind: z.enum(MOVE_KINDS) }),
  output: pageOf(Moved),
  async run(ctx, input) {
    checkPeriod(input);
    const values: unknown[] = [ctx.companyId, input.kind, input.from, input.to, input.limit + 1];
    const bind = (value: unknown) => `$${values.push(value)}`;
    const parts: string[] = [];
    const slice = sliceOf(input);
    const either = (column: string, cast: string) => {
      const place = bind(slice?.value);
      parts.push(` and (m.${column} = ${place}${cast} or m.from_${column} = ${place}${cast})`);
    };
    if (slice?.dim === 'owner') either('owner_id', '::uuid');
    if (slice?.dim === 'product') either('product_id', '::uuid');
    if (slice?.dim === 'source') either('source', '::text');
    if (input.pipelineId !== undefined) parts.push(` and s.pipeline_id = ${bind(input.pipelineId)}::uuid`);
    if (input.cursor !== undefined) {
      const [at, id, seq] = movePosition(input.cursor);
      parts.push(` and (m.at, m.deal_id, m.seq) < (${bind(at)}::timestamptz, ${bind(id)}::uuid, ${bind(seq)}::int)`);
    }
    const text = `select m.deal_id as "dealId", m.seq, d.name, o.name as organisation, w.name as owner, m.at, m.kind, f.name as "fromStage", s.name as stage, m.from_cents::float8 as "fromCents",
        m.cents::float8 as cents, m.from_weighted::float8 as "fromWeighted", m.weighted::float8 as weighted
      from deal_moves m join deals d on d.id = m.deal_id join deal_stages s on s.id = m.stage_id left join deal_stages f on f.id = m.from_stage_id
      left join organisations o on o.id = d.organisation_id left join deal_owners w on w.id = m.owner_id
      where m.company_id = $1 and m.kind = $2 and m.at >= $3::timestamptz and m.at < $4::timestamptz${parts.join('')} order by m.at desc, m.deal_id desc, m.seq desc limit $5`;
    const rows = await ctx.query<z.output<typeof Moved>>(named('deals.moves', text), values);
    return toPage(rows, input.limit, (row) => [row.at.toISOString(), row.dealId, row.seq]);
  },
});

function movePosition(cursor: string): [string, string, number] {
  const [at, id, seq] = decodeCursor(cursor, 3);
  const [moment_, deal] = momentPosition(Buffer.from(JSON.stringify([at, id])).toString('base64url'));
  if (typeof seq === 'number' && Number.isInteger(seq) && seq >= 0 && seq < 2 ** 31) return [moment_, deal, seq];
  throw new InvalidInput('This cursor is not one that this list gave; start again without it', {
    fields: [{ path: 'cursor', message: 'not a cursor of this list' }],
  });
}
