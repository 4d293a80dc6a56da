import { createHash } from 'node:crypto';
import type { Statement, Transaction } from '#core/database/database.ts';
import { InvalidInput } from '#core/errors.ts';
import { MOVES, ROLLED, ROWS } from './sources.ts';
import type { Metric, MetricDimension, Source } from './types.ts';

export const METRIC_GRAINS = ['none', 'day', 'week', 'month'] as const;
export type MetricGrain = (typeof METRIC_GRAINS)[number];

/** Rows of these values only. */
export interface Limit {
  readonly dimension: MetricDimension;
  readonly values: readonly string[];
}

export interface Asked {
  /** First day and the day after the last, `YYYY-MM-DD`, UTC. */
  readonly from: string;
  readonly to: string;
  readonly grain: MetricGrain;
  readonly by?: MetricDimension | undefined;
  readonly where?: readonly Limit[] | undefined;
  /** Values of `by` that are told apart; all the others are OTHER. Default: all are. */
  readonly apart?: readonly string[] | undefined;
}

/** The value of what is not told apart. */
export const OTHER = ' other';

export interface Answer {
  /** First day of the day, week (Monday) or month; of all of it where the grain is none. */
  readonly start: string;
  /** Of the dimension; empty where it has none, or none was asked for. */
  readonly value: string;
  /** Null: nothing to divide by. */
  readonly amount: number | null;
}

export interface Sum {
  /** Null: of what stood before the first day. */
  readonly start: string | null;
  readonly value: string;
  readonly sum: number;
  readonly per: number;
}

/** The same text has the same name, so that its plan is kept. */
const named = (text: string): Statement => ({ name: `metrics.${createHash('sha1').update(text).digest('hex').slice(0, 12)}`, text });

/** Values of one metric. @throws InvalidInput a dimension that it does not know, or two that can't be asked for together */
export async function ask(tx: Transaction, companyId: string, metric: Metric, asked: Asked): Promise<Answer[]> {
  const rows = await sums(tx, companyId, metric, asked);
  return metric.kind === 'stock' ? levels(rows, asked) : flows(metric, rows);
}

/** What is added up, by bucket and value. @throws InvalidInput like `ask` */
export function sums(tx: Transaction, companyId: string, metric: Metric, asked: Asked): Promise<Sum[]> {
  return tx.query<Sum>(named(textOf(metric, asked)), parametersOf(companyId, metric, asked));
}

/** The values that weigh most, at most so many. */
export async function heaviest(
  tx: Transaction,
  companyId: string,
  metric: Metric,
  asked: Omit<Asked, 'grain' | 'apart'>,
  most: number,
): Promise<string[]> {
  const whole: Asked = { ...asked, grain: 'none' };
  const text = `select value from (${textOf(metric, whole)}) every group by value having sum(sum) <> 0 or sum(per) <> 0 order by abs(sum(${metric.per === undefined ? 'sum' : 'per'})) desc, value limit ${most}`;
  return (await tx.query<{ value: string }>(named(text), parametersOf(companyId, metric, whole))).map((row) => row.value);
}

function parametersOf(companyId: string, metric: Metric, { from, to, by, where = [], apart }: Asked): unknown[] {
  for (const dimension of [by, ...where.map((one) => one.dimension)])
    if (dimension !== undefined && !metric.dimensions.includes(dimension))
      throw new InvalidInput(`${metric.title} can’t be told apart by ${dimension}; it knows ${metric.dimensions.join(', ')}`, {
        fields: [{ path: 'by', message: `is one of ${metric.dimensions.join(', ')}` }],
      });
  return [companyId, from, to, ...where.map((one) => one.values), ...(by === undefined || apart === undefined ? [] : [apart])];
} // prettier-ignore

function bucket(grain: MetricGrain, day: string): string {
  return grain === 'none' ? '$2::date' : `date_trunc('${grain}', ${day}::timestamp)::date`;
}

function textOf(metric: Metric, asked: Asked): string {
  return metric.source === 'deals' ? ofDeals(metric, asked) : ofRows(metric, metric.source, asked);
}

/** The value of the dimension that is asked for, and the conditions of the others. */
function parts({ by, where = [], apart }: Asked, columnOf: (dimension: MetricDimension) => string): { value: string; limits: string } {
  const value = by === undefined ? `''` : columnOf(by);
  return {
    value: by === undefined || apart === undefined ? value : `case when ${value} = any ($${4 + where.length}::text[]) then ${value} else '${OTHER}' end`,
    limits: where.map(({ dimension }, i) => ` and ${columnOf(dimension)} = any ($${4 + i}::text[])`).join(''),
  };
} // prettier-ignore

function ofRows(metric: Metric, source: Exclude<Source, 'deals'>, asked: Asked): string {
  const { rows, day, within, values } = ROWS[source];
  const { value, limits } = parts(asked, (dimension) => values[dimension] ?? `''`);
  return `select ${bucket(asked.grain, day)}::text as start, ${value} as value, sum(${metric.sum})::float8 as sum, sum(${metric.per ?? '1'})::float8 as per
      from ${rows} where r.company_id = $1 and ${within}${limits} group by 1, 2 order by 1, 2`;
}

/** From the sums: whole months by month, where months are asked for, the rest by day. What stands begins with everything before. */
function ofDeals(metric: Metric, asked: Asked): string {
  const { from, to, grain, by, where = [] } = asked;
  const dims = [...new Set([by, ...where.map((one) => one.dimension)])].filter((one) => one !== undefined && ROLLED.has(one));
  if (dims.length > 1) return ofMoves(metric, asked, dims);
  const dim = dims[0] ?? 'all';
  const whole = from.endsWith('-01') && to.endsWith('-01') && (grain === 'month' || grain === 'none');
  const within = whole ? `r.grain = 'm' and r.start >= $2::date` : `r.grain = 'd' and r.start >= $2::date`;
  const before = ` or (r.grain = 'm' and r.start < date_trunc('month', $2::timestamp)::date) or (r.grain = 'd' and r.start >= date_trunc('month', $2::timestamp)::date and r.start < $2::date)`;
  const { value, limits } = parts(asked, (dimension) => (dimension === 'stage' ? 'r.stage_id::text' : 'r.value'));
  return `select case when r.start >= $2::date then ${bucket(grain, 'r.start')} end::text as start, ${value} as value, sum(${metric.sum})::float8 as sum, sum(${metric.per ?? '1'})::float8 as per
       from deal_rollup r join deal_stages s on s.id = r.stage_id and s.company_id = $1
      where r.company_id = $1 and r.dim = '${dim}' and r.start < $3::date and ((${within})${metric.kind === 'stock' ? before : ''})${limits} group by 1, 2 order by 1, 2`;
}

/** Sums are kept by one dimension at a time: two of them at once are added up from the moves of the stretch. */
function ofMoves(metric: Metric, asked: Asked, dims: readonly (MetricDimension | undefined)[]): string {
  if (metric.kind === 'stock')
    throw new InvalidInput(`What stands is kept by ${dims[0]} or by ${dims[1]}, not by both at once; leave one of them out`, {
      fields: [{ path: 'where', message: 'can’t be combined' }],
    });
  const { value, limits } = parts(asked, (dimension) => (dimension === 'stage' ? 'r.stage_id::text' : `r.${dimension}`));
  return `select ${bucket(asked.grain, 'r.start')}::text as start, ${value} as value, sum(${metric.sum})::float8 as sum, sum(${metric.per ?? '1'})::float8 as per
       from ${MOVES} join deal_stages s on s.id = r.stage_id and s.company_id = $1 where true${limits} group by 1, 2 order by 1, 2`;
}

const flows = (metric: Metric, rows: readonly Sum[]): Answer[] =>
  rows
    .map(({ start, value, sum, per }) => ({ start: start ?? '', value, amount: metric.per === undefined ? sum : per === 0 ? null : sum / per }))
    .filter((row) => metric.per !== undefined || row.amount !== 0); // prettier-ignore

/** What stood at the end of each bucket: what was there before, and every change since. */
function levels(rows: readonly Sum[], asked: Asked): Answer[] {
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
export function bucketsOf({ from, to, grain }: Pick<Asked, 'from' | 'to' | 'grain'>): string[] {
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
