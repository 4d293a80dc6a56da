import { z } from 'zod';
import { operation } from '#core/operation/operation.ts';
import { companyCurrency } from '#modules/accounts/public.ts';
import { valueNames } from './words.ts';
import { METRICS } from './catalogue.ts';
import { DIMENSION_WORDS, METRIC_DIMENSIONS, SOURCES, UNITS, type MetricDimension } from './types.ts';
import type { Statement } from '#core/database/database.ts';

const Metric = z.object({
  id: z.string(),
  source: z.enum(SOURCES),
  title: z.string(),
  description: z.string(),
  unit: z.enum(UNITS).describe('money: cents; share: 0 to 1'),
  kind: z.enum(['flow', 'stock']).describe('A flow happens within a time; a stock stands at its end'),
  better: z.enum(['more', 'less']),
  dimensions: z.array(z.enum(METRIC_DIMENSIONS)),
});
const Value = z.object({ value: z.string(), name: z.string() });
const Dimension = z.object({ id: z.enum(METRIC_DIMENSIONS), title: z.string(), description: z.string() });

const VALUES: Statement = {
  name: 'metrics.values',
  text: `select 'owner' as dimension, id::text as value from deal_owners where company_id = $1 union all select 'product', id::text from products where company_id = $1
         union all select 'stage', id::text from deal_stages where company_id = $1 union all select 'workflow', id::text from workflows where company_id = $1
         union all (select distinct 'source', value from deal_rollup where company_id = $1 and dim = 'source' and grain = 'm' and value <> '' limit 500)
         union all (select 'status', unnest('{new,contacted,engaged,qualified,converted,lost,unsubscribed}'::text[]))
         union all select 'channel', unnest('{email,sms}'::text[]) union all (select distinct 'currency', currency from currency_rates where company_id = $1 limit 200) limit 3000`,
};

export const listMetrics = operation({
  name: 'metrics.list',
  summary: 'Every number that can be asked for: what counts, in which unit, and by what it can be told apart',
  http: 'GET /api/metrics',
  cli: 'metrics list',
  access: 'read',
  scope: 'analytics:read',
  input: z.object({}),
  output: z.object({
    items: z.array(Metric),
    dimensions: z.array(Dimension),
    values: z.record(z.string(), z.array(Value)).describe('Of dimensions: what there is to choose'),
    currency: z.string(),
    nextCursor: z.null(),
  }),
  async run(ctx) {
    const rows = await ctx.query<{ dimension: MetricDimension; value: string }>(VALUES, [ctx.companyId]);
    const values: Record<string, z.output<typeof Value>[]> = {};
    for (const [dimension, list] of Map.groupBy(rows, (row) => row.dimension)) {
      const nameOf = await valueNames(ctx, ctx.companyId, dimension);
      values[dimension] = list.map(({ value }) => ({ value, name: nameOf(value) })).toSorted((a, b) => (a.name < b.name ? -1 : 1));
    }
    const items = METRICS.map(({ sum: _sum, per: _per, blame: _blame, dimensions, ...metric }) => ({
      ...metric,
      dimensions: [...dimensions],
    }));
    const dimensions = METRIC_DIMENSIONS.map((id) => ({ id, ...DIMENSION_WORDS[id] }));
    return { items, dimensions, values, currency: await companyCurrency(ctx, ctx.companyId), nextCursor: null };
  },
});
