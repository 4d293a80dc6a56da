import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { operation } from '#core/operation/operation.ts';
import { pageInput, pageOf, toPage } from '#core/operation/page.ts';
import { sumsIn, type SumRow } from '../analytics/sums.ts';
import { named } from '../named.ts';
import { companyCurrency } from '#modules/accounts/public.ts';
import { loadStages } from '../save/stages.ts';
import { STAGE_KINDS } from '../tables.ts';
import { which, moment, money, stagesOf, sliceOf, momentPosition } from './pipeline-fields.ts';

const UNDATED: Statement = {
  name: 'deals.undated',
  text: `select count(*)::int as deals, coalesce(sum(base_cents), 0)::float8 as "valueCents" from deals where company_id = $1 and opened_at is null and ($2::uuid is null or pipeline_id = $2)`,
};

export const pipelineAt = operation({
  name: 'pipeline.at',
  summary: 'The pipeline as it was at an instant, by stage; now without one',
  http: 'GET /api/pipeline',
  cli: 'pipeline at',
  access: 'read',
  scope: 'deals:read',
  input: z.object({ ...which, at: moment().optional().describe('Any instant of the past') }),
  output: z.object({
    at: z.date(),
    currency: z.string(),
    openCents: money(),
    openDeals: z.int(),
    weightedCents: money(),
    stages: z.array(
      z.object({
        stageId: z.uuid(),
        name: z.string(),
        kind: z.enum(STAGE_KINDS),
        probability: z.int().describe('Of today, per cent'),
        deals: z.int(),
        valueCents: money(),
        weightedCents: money(),
      }),
    ),
    undated: z.object({ deals: z.int(), valueCents: money() }).describe('Deals of which nobody knows when they began: in no stage above'),
  }),
  async run(ctx, input) {
    const at = input.at ?? ctx.clock.now();
    const stages = await loadStages(ctx, ctx.companyId);
    const rows = await sumsIn(ctx, ctx.companyId, { from: null, to: new Date(at.getTime() + 1) }, { slice: sliceOf(input) });
    const of = Map.groupBy(rows, (row) => row.stageId);
    const sum = (list: readonly SumRow[] | undefined, pick: (row: SumRow) => number) =>
      (list ?? []).reduce((total, row) => total + pick(row), 0);
    const [undated] = await ctx.query<{ deals: number; valueCents: number }>(UNDATED, [ctx.companyId, input.pipelineId ?? null]);
    const list = stagesOf(stages, input.pipelineId).map((stage) => ({
      stageId: stage.id,
      name: stage.name,
      kind: stage.kind,
      probability: stage.probability,
      deals: sum(of.get(stage.id), (row) => row.n),
      valueCents: sum(of.get(stage.id), (row) => row.cents),
      weightedCents: sum(of.get(stage.id), (row) => row.weighted),
    }));
    const open = list.filter((stage) => stage.kind === 'open');
    return {
      at,
      currency: await companyCurrency(ctx, ctx.companyId),
      openCents: open.reduce((total, stage) => total + stage.valueCents, 0),
      openDeals: open.reduce((total, stage) => total + stage.deals, 0),
      weightedCents: open.reduce((total, stage) => total + stage.weightedCents, 0),
      stages: list,
      undated: undated ?? { deals: 0, valueCents: 0 },
    };
  },
});

const Stood = z.object({
  id: z.uuid(),
  name: z.string(),
  organisation: z.string().nullable(),
  owner: z.string().nullable(),
  product: z.string().nullable(),
  valueCents: money(),
  since: z.date().describe('Since when it stood so'),
  stage: z.string().describe('Today'),
});

export const pipelineDeals = operation({
  name: 'pipeline.deals',
  summary: 'The deals that stood in a stage at an instant, the latest arrivals first',
  http: 'GET /api/pipeline/deals',
  cli: 'pipeline deals',
  access: 'read',
  scope: 'deals:read',
  input: z.object({ ...pageInput, ...which, stageId: z.uuid(), at: moment().optional() }),
  output: pageOf(Stood),
  async run(ctx, input) {
    const values: unknown[] = [ctx.companyId, input.stageId, input.at ?? ctx.clock.now(), input.limit + 1];
    const bind = (value: unknown) => `$${values.push(value)}`;
    const parts: string[] = [];
    const slice = sliceOf(input);
    if (slice?.dim === 'owner') parts.push(` and m.owner_id = ${bind(slice.value)}::uuid`);
    if (slice?.dim === 'product') parts.push(` and m.product_id = ${bind(slice.value)}::uuid`);
    if (slice?.dim === 'source') parts.push(` and m.source = ${bind(slice.value)}`);
    if (input.cursor !== undefined) {
      const [at, id] = momentPosition(input.cursor);
      parts.push(` and (m.at, m.deal_id) < (${bind(at)}::timestamptz, ${bind(id)}::uuid)`);
    }
    const text = `select d.id, d.name, o.name as organisation, w.name as owner, p.name as product, m.cents::float8 as "valueCents", m.at as since, s.name as stage
      from deal_moves m join deals d on d.id = m.deal_id join deal_stages s on s.id = d.stage_id left join organisations o on o.id = d.organisation_id
      left join deal_owners w on w.id = m.owner_id left join products p on p.id = m.product_id
      where m.company_id = $1 and m.stage_id = $2 and m.at <= $3::timestamptz and (m.until is null or m.until > $3::timestamptz)${parts.join('')} order by m.at desc, m.deal_id desc limit $4`;
    const rows = await ctx.query<z.output<typeof Stood>>(named('deals.stood', text), values);
    return toPage(rows, input.limit, (row) => [row.since.toISOString(), row.id]);
  },
});
