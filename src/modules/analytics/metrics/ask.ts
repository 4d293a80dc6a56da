import { createHash } from 'node:crypto';
import type { Statement, Transaction } from '#core/database/database.ts';
import { InvalidInput } from '#core/errors.ts';
import type { Metric, MetricDimension, Source } from './types.ts';

export const METRIC_GRAINS = ['none', 'day', 'week', 'month'] as const;
export type MetricGrain = (typeof METRIC_GRAINS)[number];

export interface Asked {
  /** First day and the day after the last, `YYYY-MM-DD`, UTC. */
  readonly from: string;
  readonly to: string;
  readonly grain: MetricGrain;
  readonly by?: MetricDimension | undefined;
  readonly where?: { readonly dimension: MetricDimension; readonly value: string } | undefined;
}

export interface Answer {
  /** First day of the day, week (Monday) or month; of all of it where the grain is none. */
  readonly start: string;
  /** Of the dimension; empty where it has none, or none was asked for. */
  readonly value: string;
  /** Null: nothing to divide by. */
  readonly amount: number | null;
}

interface Row {
  readonly start: string | null;
  readonly value: string;
  readonly sum: number;
  readonly per: number;
}

/** Where the rows of a source are, the day of one, and what its dimensions are called. The days are limited by an index each. */
const FROM: Readonly<Record<Exclude<Source, 'deals'>, { readonly rows: string; readonly at: string; readonly values: Partial<Record<MetricDimension, string>> }>> = {
  leads: { rows: 'leads r', at: 'r.created_at', values: { source: `coalesce(r.source, '')`, status: 'r.status' } },
  messages: { rows: 'messages r', at: 'r.created_at', values: { channel: 'r.channel' } },
  runs: { rows: 'runs r', at: 'r.completed_at', values: { workflow: 'r.workflow_id::text' } },
}; // prettier-ignore
const ROLLED = new Set<MetricDimension>(['owner', 'product', 'source']);

/** The same text has the same name, so that its plan is kept. */
const named = (text: string): Statement => ({ name: `metrics.${createHash('sha1').update(text).digest('hex').slice(0, 12)}`, text });

/** Values of one metric. @throws InvalidInput a dimension that it does not know, or two that can't be asked for together */
export async function ask(tx: Transaction, companyId: string, metric: Metric, asked: Asked): Promise<Answer[]> {
  for (const dimension of [asked.by, asked.where?.dimension])
    if (dimension !== undefined && !metric.dimensions.includes(dimension))
      throw new InvalidInput(`${metric.title} can’t be told apart by ${dimension}; it knows ${metric.dimensions.join(', ')}`, {
        fields: [{ path: 'by', message: `is one of ${metric.dimensions.join(', ')}` }],
      });
  const rows = await tx.query<Row>(statementOf(metric, asked), [companyId, asked.from, asked.to, ...(asked.where === undefined ? [] : [asked.where.value])]);
  return metric.kind === 'stock' ? levels(rows, asked) : flows(metric, rows);
} // prettier-ignore

function bucket(grain: MetricGrain, day: string): string {
  return grain === 'none' ? '$2::date' : `date_trunc('${grain}', ${day}::timestamp)::date`;
}

function statementOf(metric: Metric, asked: Asked): Statement {
  return metric.source === 'deals' ? ofDeals(metric, asked) : ofRows(metric, metric.source, asked);
}

function ofRows(metric: Metric, source: Exclude<Source, 'deals'>, { grain, by, where }: Asked): Statement {
  const { rows, at, values } = FROM[source];
  const value = by === undefined ? `''` : (values[by] ?? `''`);
  const limit = where === undefined ? '' : ` and ${values[where.dimension] ?? `''`} = $4`;
  return named(
    `select ${bucket(grain, `(${at} at time zone 'UTC')::date`)}::text as start, ${value} as value, sum(${metric.sum})::float8 as sum, sum(${metric.per ?? '1'})::float8 as per from ${rows}
      where r.company_id = $1 and ${at} >= $2::date::timestamp at time zone 'UTC' and ${at} < $3::date::timestamp at time zone 'UTC'${source === 'runs' ? ' and r.branch is null' : ''}${limit}
      group by 1, 2 order by 1, 2`,
  );
}

/** From the sums: whole months by month, where months are asked for, the rest by day. What stands begins with everything before. */
function ofDeals(metric: Metric, { from, to, grain, by, where }: Asked): Statement {
  const dims = [by, where?.dimension].filter((one) => one !== undefined && ROLLED.has(one));
  if (new Set(dims).size > 1)
    throw new InvalidInput(`Sums are kept by ${dims[0]} or by ${dims[1]}, not by both at once`, {
      fields: [{ path: 'by', message: 'can’t be combined with this filter' }],
    });
  const dim = dims[0] ?? 'all';
  const whole = from.endsWith('-01') && to.endsWith('-01') && (grain === 'month' || grain === 'none');
  const within = whole ? `r.grain = 'm' and r.start >= $2::date` : `r.grain = 'd' and r.start >= $2::date`;
  const before = ` or (r.grain = 'm' and r.start < date_trunc('month', $2::timestamp)::date) or (r.grain = 'd' and r.start >= date_trunc('month', $2::timestamp)::date and r.start < $2::date)`;
  const value = by === undefined ? `''` : by === 'stage' ? 'r.stage_id::text' : 'r.value';
  const limit = where === undefined ? '' : where.dimension === 'stage' ? ' and r.stage_id::text = $4' : ' and r.value = $4';
  return named(
    `select case when r.start >= $2::date then ${bucket(grain, 'r.start')} end::text as start, ${value} as value, sum(${metric.sum})::float8 as sum, sum(${metric.per ?? '1'})::float8 as per
       from deal_rollup r join deal_stages s on s.id = r.stage_id and s.company_id = $1
      where r.company_id = $1 and r.dim = '${dim}' and r.start < $3::date and ((${within})${metric.kind === 'stock' ? before : ''})${limit} group by 1, 2 order by 1, 2`,
  );
}

const flows = (metric: Metric, rows: readonly Row[]): Answer[] =>
  rows
    .map(({ start, value, sum, per }) => ({ start: start ?? '', value, amount: metric.per === undefined ? sum : per === 0 ? null : sum / per }))
    .filter((row) => metric.per !== undefined || row.amount !== 0); // prettier-ignore

/** What stood at the end of each bucket: what was there before, and every change since. */
function levels(rows: readonly Row[], asked: Asked): Answer[] {
  const starts = bucketsOf(asked);
  return [...Map.groupBy(rows, (row) => row.value)].flatMap(([value, list]) => {
    let level = list.filter((row) => row.start === null).reduce((total, row) => total + row.sum, 0);
    const changes = new Map(list.map((row) => [row.start, row.sum]));
    return starts.map((start) => {
      level += changes.get(start) ?? 0;
      return { start, value, amount: level };
    });
  });
}

/** The first days of all buckets of a stretch. */
export function bucketsOf({ from, to, grain }: Asked): string[] {
  if (grain === 'none') return [from];
  const text = (at: Date) => at.toISOString().slice(0, 10);
  const first = new Date(`${from}T00:00:00Z`);
  if (grain === 'week') first.setUTCDate(first.getUTCDate() - ((first.getUTCDay() + 6) % 7));
  if (grain === 'month') first.setUTCDate(1);
  const found: string[] = [];
  for (const at = first; text(at) < to && found.length < 4_000;) {
    found.push(text(at));
    if (grain === 'month') at.setUTCMonth(at.getUTCMonth() + 1);
    else at.setUTCDate(at.getUTCDate() + (grain === 'week' ? 7 : 1));
  }
  return found;
}
