import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { operation } from '#core/operation/operation.ts';
import { DIMENSIONS, sumsIn, type SumRow } from '../analytics/sums.ts';
import { companyCurrency } from '#modules/accounts/public.ts';
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
/**
 * What stands, of one dimension: $2, on the day $3 (UTC). Older than the last age and the longest patience of a stage ($4 days) is what is left of all, so that only
 * the days since then are read.
 */
const STANDING: Statement = {
  name: 'deals.standing',
  text: `select r.value, r.stage_id as "stageId", sum(r.n) filter (where r.what = 'dated')::float8 as deals, sum(r.cents) filter (where r.what = 'dated')::float8 as cents,
           ${AGES.map((age, i) => `sum(r.n) filter (where r.what = 'since' and r.day > $3::date - ${age})::float8 as n${i}, sum(r.cents) filter (where r.what = 'since' and r.day > $3::date - ${age})::float8 as c${i}`).join(', ')},
           coalesce(sum(r.n) filter (where r.what = 'since' and r.day >= $3::date - s.rot_days), 0)::float8 as fresh, s.rot_days is not null as rots,
           coalesce(sum(r.n) filter (where r.what = 'closing'), 0)::float8 - coalesce(sum(r.n) filter (where r.what = 'close'), 0)::float8 as overdue,
           coalesce(sum(r.n) filter (where r.what = 'slipped'), 0)::float8 as slipped, coalesce(sum(r.cents) filter (where r.what = 'slipped'), 0)::float8 as "slippedCents"
         from deal_standing r join deal_stages s on s.id = r.stage_id and s.company_id = $1
        where r.company_id = $1 and r.dim = $2 and ($5::uuid is null or s.pipeline_id = $5)
          and (r.what in ('dated', 'closing', 'slipped') or (r.what = 'since' and r.day >= $3::date - $4::int) or (r.what = 'close' and r.day >= $3::date))
        group by r.value, r.stage_id, s.rot_days`,
};
const PATIENCE: Statement = {
  name: 'deals.patience',
  text: `select greatest(${AGES.at(-1)}, max(rot_days))::int as days from deal_stages where company_id = $1`,
};

interface StandingRow {
  readonly value: string;
  readonly stageId: string;
  readonly deals: number | null;
  readonly cents: number | null;
  readonly fresh: number;
  readonly rots: boolean;
  readonly overdue: number;
  readonly slipped: number;
  readonly slippedCents: number;
  readonly [younger: `n${number}` | `c${number}`]: number | null;
}

export const pipelineAgeing = operation({
  name: 'pipeline.ageing',
  summary: 'How long open deals have stood in their stage, which of them rot, are overdue, or were put off',
  http: 'GET /api/pipeline/ageing',
  cli: 'pipeline ageing',
  access: 'read',
  scope: 'deals:read',
  input: z.object({ pipelineId: z.uuid().optional(), by: z.enum(['stage', ...DIMENSIONS]).default('stage') }),
  output: z.object({
    limits: z.array(z.int()).describe('Whole days (UTC): a bucket ends where the next begins, the last has no end'),
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
    const [patience] = await ctx.query<{ days: number }>(PATIENCE, [ctx.companyId]);
    const rows = await ctx.query<StandingRow>(STANDING, [
      ctx.companyId,
      by === 'stage' ? 'all' : by,
      ctx.clock.now().toISOString().slice(0, 10),
      patience?.days ?? AGES.at(-1),
      pipelineId ?? null,
    ]);
    const stages = await loadStages(ctx, ctx.companyId);
    const nameOf = by === 'stage' ? (value: string) => stages.rows.get(value)?.name ?? value : await namesOf(ctx, by);
    const place = (value: string) => stages.rows.get(value)?.position ?? 0;
    const groups = [...Map.groupBy(rows, (row) => (by === 'stage' ? row.stageId : row.value))].map(([value, list]) => {
      const sum = (pick: (row: StandingRow) => number | null) => list.reduce((total, row) => total + (pick(row) ?? 0), 0);
      const [deals, valueCents] = [sum((row) => row.deals), sum((row) => row.cents)];
      // Younger than each age, and all of them: a bucket is what one has more than the one before.
      const younger = [...AGES.map((_age, i) => ({ n: sum((row) => row[`n${i}`] ?? 0), c: sum((row) => row[`c${i}`] ?? 0) })), { n: deals, c: valueCents }];
      return {
        value,
        name: nameOf(value),
        deals,
        valueCents,
        buckets: younger.map(({ n, c }, i) => ({ deals: n - (younger[i - 1]?.n ?? 0), valueCents: c - (younger[i - 1]?.c ?? 0) })),
        rotting: sum((row) => (row.rots ? (row.deals ?? 0) - row.fresh : 0)),
        overdue: sum((row) => row.overdue),
      };
    }); // prettier-ignore
    return {
      limits: [...AGES],
      groups: groups
        .filter((group) => group.deals > 0)
        .toSorted((a, b) => (by === 'stage' ? place(a.value) - place(b.value) : b.valueCents - a.valueCents)),
      slipped: {
        deals: rows.reduce((total, row) => total + row.slipped, 0),
        valueCents: rows.reduce((total, row) => total + row.slippedCents, 0),
      },
      currency: await companyCurrency(ctx, ctx.companyId),
    };
  },
});
