import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { operation } from '#core/operation/operation.ts';
import { DIMENSIONS, sumsIn, type Dimension, type SumRow } from '../analytics/sums.ts';
import { named } from '../named.ts';
import { companyCurrency } from '../save/money.ts';
import { loadStages } from '../save/stages.ts';
import { which, money, period, stagesOf, inPipeline, sliceOf, checkPeriod, namesOf } from './pipeline-fields.ts';

const Share = z.number().nullable().describe('0 to 1; null: nothing to divide by');
const Days = z.number().nullable().describe('Days on average; null: there was none');
const days = (seconds: number, of: number) => (of === 0 ? null : seconds / of / 86_400);
const share = (part: number, whole: number) => (whole === 0 ? null : part / whole);

export const pipelineRates = operation({
  name: 'pipeline.rates',
  summary: 'Win rate and cycle time by owner, product or source, and conversion and time in stage by stage, of a period',
  http: 'GET /api/pipeline/rates',
  cli: 'pipeline rates',
  access: 'read',
  scope: 'deals:read',
  input: z.object({ ...which, ...period, by: z.enum(DIMENSIONS).default('owner') }),
  output: z.object({
    won: z.int(),
    lost: z.int(),
    winRate: Share,
    wonCents: money(),
    cycleDays: Days.describe('From the first day to the win'),
    stages: z.array(
      z.object({
        stageId: z.uuid(),
        name: z.string(),
        entered: z.int(),
        on: z.int().describe('Went on to a later stage, or were won'),
        lost: z.int(),
        back: z.int(),
        conversion: Share.describe('Of those that left: how many went on'),
        stayDays: Days.describe('Of those that left'),
      }),
    ),
    groups: z.array(
      z.object({ value: z.string(), name: z.string(), won: z.int(), lost: z.int(), winRate: Share, wonCents: money(), cycleDays: Days }),
    ),
    currency: z.string(),
  }),
  async run(ctx, input) {
    checkPeriod(input);
    const stages = await loadStages(ctx, ctx.companyId);
    const inside = inPipeline(stages, input.pipelineId);
    const keep = (rows: SumRow[]) => rows.filter((row) => inside === undefined || inside.has(row.stageId));
    const all = keep(await sumsIn(ctx, ctx.companyId, input, { slice: sliceOf(input) }));
    const grouped = keep(await sumsIn(ctx, ctx.companyId, input, { by: input.by }));
    const nameOf = await namesOf(ctx, input.by);
    const kindOf = (row: SumRow) => stages.rows.get(row.stageId)?.kind;
    const closed = (rows: readonly SumRow[]) => {
      const won = rows.filter((row) => (row.kind === 'won' || row.kind === 'new') && kindOf(row) === 'won');
      const lost = rows.filter((row) => (row.kind === 'lost' || row.kind === 'new') && kindOf(row) === 'lost');
      const sum = (list: readonly SumRow[], pick: (row: SumRow) => number) => list.reduce((total, row) => total + pick(row), 0);
      const [w, l] = [sum(won, (row) => row.moves), sum(lost, (row) => row.moves)];
      // All that won stages gained: at the win, and by what was corrected afterwards.
      const wonCents = sum(rows.filter((row) => kindOf(row) === 'won'), (row) => row.cents); // prettier-ignore
      return { won: w, lost: l, winRate: share(w, w + l), wonCents, cycleDays: days(sum(won, (row) => row.cycleS), w) }; // prettier-ignore
    };
    const ofStage = Map.groupBy(all, (row) => row.stageId);
    const funnel = stagesOf(stages, input.pipelineId)
      .filter((stage) => stage.kind === 'open')
      .map((stage) => {
        const rows = ofStage.get(stage.id) ?? [];
        const count = (kinds: readonly string[], pick: (row: SumRow) => number) =>
          rows.filter((row) => kinds.includes(row.kind)).reduce((total, row) => total + pick(row), 0);
        // Of one kind a stage gains `moves` and loses the rest of `n`.
        const left = (kinds: readonly string[]) => count(kinds, (row) => row.moves - row.n);
        const [on, lost, back] = [left(['up', 'won']), left(['lost']), left(['down'])];
        return {
          stageId: stage.id,
          name: stage.name,
          entered: count(['new', 'up', 'down', 'reopened'], (row) => row.moves),
          on,
          lost,
          back,
          conversion: share(on, on + lost + back),
          stayDays: days(count(['up', 'down', 'won', 'lost'], (row) => row.stayS), on + lost + back), // prettier-ignore
        };
      });
    const groups = [...Map.groupBy(grouped, (row) => row.value)]
      .map(([value, rows]) => ({ value, name: nameOf(value), ...closed(rows) }))
      .filter((group) => group.won + group.lost > 0 || group.wonCents !== 0)
      .toSorted((a, b) => b.wonCents - a.wonCents || (a.name < b.name ? -1 : 1));
    return { ...closed(all), stages: funnel, groups, currency: await companyCurrency(ctx, ctx.companyId) };
  },
});

const AGES = [7, 30, 60, 90, 180] as const;
const GROUPED: Readonly<Record<'stage' | Dimension, string>> = {
  stage: 'd.stage_id::text',
  owner: `coalesce(d.owner_id::text, '')`,
  product: `coalesce(d.product_id::text, '')`,
  source: `coalesce(d.source, '')`,
};
const ageing = (by: 'stage' | Dimension) =>
  named(
    'deals.ageing',
    `select ${GROUPED[by]} as value, width_bucket(extract(epoch from $2::timestamptz - d.stage_since) / 86400, array[${AGES.join(', ')}]::numeric[]) as bucket, count(*)::int as deals,
       sum(d.base_cents)::float8 as "valueCents", count(*) filter (where s.rot_days is not null and d.stage_since < $2::timestamptz - make_interval(days => s.rot_days))::int as rotting,
       count(*) filter (where d.close_date < $2::date)::int as overdue
     from deals d join deal_stages s on s.id = d.stage_id where d.company_id = $1 and d.status = 'open' and d.stage_since is not null and ($3::uuid is null or s.pipeline_id = $3) group by 1, 2`,
  );
const SLIPPED: Statement = {
  name: 'deals.slipped',
  text: `select count(*)::int as deals, coalesce(sum(base_cents), 0)::float8 as "valueCents" from deals where company_id = $1 and status = 'open' and slips > 0 and ($2::uuid is null or pipeline_id = $2)`,
};

export const pipelineAgeing = operation({
  name: 'pipeline.ageing',
  summary: 'How long open deals have stood in their stage, which of them rot, are overdue, or were put off',
  http: 'GET /api/pipeline/ageing',
  cli: 'pipeline ageing',
  access: 'read',
  scope: 'deals:read',
  input: z.object({ pipelineId: z.uuid().optional(), by: z.enum(['stage', ...DIMENSIONS]).default('stage') }),
  output: z.object({
    limits: z.array(z.int()).describe('Days: a bucket ends where the next begins, the last has no end'),
    groups: z.array(
      z.object({
        value: z.string(),
        name: z.string(),
        deals: z.int(),
        valueCents: money(),
        buckets: z.array(z.object({ deals: z.int(), valueCents: money() })),
        rotting: z.int(),
        overdue: z.int(),
      }),
    ),
    slipped: z.object({ deals: z.int(), valueCents: money() }),
    currency: z.string(),
  }),
  async run(ctx, { pipelineId, by }) {
    interface Row {
      readonly value: string;
      readonly bucket: number;
      readonly deals: number;
      readonly valueCents: number;
      readonly rotting: number;
      readonly overdue: number;
    }
    const rows = await ctx.query<Row>(ageing(by), [ctx.companyId, ctx.clock.now(), pipelineId ?? null]);
    const stages = await loadStages(ctx, ctx.companyId);
    const nameOf = by === 'stage' ? (value: string) => stages.rows.get(value)?.name ?? value : await namesOf(ctx, by);
    const place = (value: string) => stages.rows.get(value)?.position ?? 0;
    const groups = [...Map.groupBy(rows, (row) => row.value)].map(([value, list]) => {
      const sum = (pick: (row: Row) => number) => list.reduce((total, row) => total + pick(row), 0);
      const buckets = [0, ...AGES].map((_limit, bucket) => {
        const found = list.find((row) => row.bucket === bucket);
        return { deals: found?.deals ?? 0, valueCents: found?.valueCents ?? 0 };
      });
      return { value, name: nameOf(value), deals: sum((row) => row.deals), valueCents: sum((row) => row.valueCents), buckets, rotting: sum((row) => row.rotting), overdue: sum((row) => row.overdue) }; // prettier-ignore
    });
    const [slipped] = await ctx.query<{ deals: number; valueCents: number }>(SLIPPED, [ctx.companyId, pipelineId ?? null]);
    return {
      limits: [...AGES],
      groups: groups.toSorted((a, b) => (by === 'stage' ? place(a.value) - place(b.value) : b.valueCents - a.valueCents)),
      slipped: slipped ?? { deals: 0, valueCents: 0 },
      currency: await companyCurrency(ctx, ctx.companyId),
    };
  },
});
