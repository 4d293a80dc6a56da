import { z } from 'zod';
import { InvalidInput } from '#core/errors.ts';
import { bucketsOf, METRIC_GRAINS } from '../metrics/ask.ts';
import { METRIC_IDS, metricOf } from '../metrics/catalogue.ts';
import { METRIC_DIMENSIONS } from '../metrics/types.ts';

export const REPORT_RANGES = [
  'last_7_days',
  'last_30_days',
  'last_90_days',
  'last_week',
  'this_month',
  'last_month',
  'this_quarter',
  'last_quarter',
  'this_year',
  'last_year',
  'last_12_months',
  'custom',
] as const;
export type ReportRange = (typeof REPORT_RANGES)[number];
export const MOST_METRICS = 5;
/** Longest stretch by day, week and month: so many points a line. */
const MOST_BUCKETS = 400;
const EARLIEST = '2000-01-01';
const LATEST = '2200-01-01';

/** What a report tells: words of the catalogue only. */
export const ReportDefinition = z.object({
  metrics: z.array(z.enum(METRIC_IDS)).min(1).max(MOST_METRICS).describe('Of GET /api/metrics; the first is drawn'),
  by: z.enum(METRIC_DIMENSIONS).nullable().default(null).describe('Told apart by; every metric must know it'),
  where: z
    .array(
      z.object({
        dimension: z.enum(METRIC_DIMENSIONS),
        values: z.array(z.string().max(300)).min(1).max(50).describe('Ids, or texts of a source, status, …; empty: without one'),
      }),
    )
    .max(4)
    .default([])
    .describe('Only of these; every metric must know the dimension'),
  grain: z.enum(METRIC_GRAINS).default('none').describe('Over time: a line for each day, week or month'),
  range: z.enum(REPORT_RANGES).default('last_30_days').describe('Days are UTC; last_30_days ends today'),
  from: z.iso.date().nullable().default(null).describe('First day, where range is custom'),
  to: z.iso.date().nullable().default(null).describe('Last day, included, where range is custom'),
  compare: z.enum(['none', 'before', 'year']).default('before').describe('before: the stretch before, as long; year: the same days a year earlier'),
}); // prettier-ignore
export type ReportDefinition = z.output<typeof ReportDefinition>;

/** Days [from, to). */
export interface Stretch {
  readonly from: string;
  readonly to: string;
}
export interface Stretches {
  readonly now: Stretch;
  readonly before: Stretch | null;
}

const DAY_MS = 86_400_000;
const text = (at: number) => new Date(at).toISOString().slice(0, 10);
const msOf = (day: string) => Date.parse(`${day}T00:00:00Z`);
const plus = (day: string, days: number) => text(msOf(day) + days * DAY_MS);
const daysOf = ({ from, to }: Stretch) => Math.round((msOf(to) - msOf(from)) / DAY_MS);

/** The same day so many months on; the last of the month where there is none. */
function months(day: string, more: number): string {
  const at = new Date(`${day}T00:00:00Z`);
  const first = Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + more, 1);
  const last = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + more + 1, 0)).getUTCDate();
  return text(first + (Math.min(at.getUTCDate(), last) - 1) * DAY_MS);
}

/** Which days a definition means today. @throws InvalidInput custom days that are none */
export function stretchesOf(definition: Pick<ReportDefinition, 'range' | 'from' | 'to' | 'compare' | 'grain'>, now: Date): Stretches {
  const today = text(now.getTime());
  const stretch = stretchOf(definition, today);
  if (stretch.from >= stretch.to) throw refuse('to', 'is before the first day');
  if (stretch.from < EARLIEST || stretch.to > LATEST) throw refuse('from', 'lies outside of what can be counted, 2000 to 2199');
  if (bucketsOf({ ...stretch, grain: definition.grain }).length > MOST_BUCKETS)
    throw refuse('grain', `gives more than ${MOST_BUCKETS} points; choose a coarser one or a shorter time`);
  return { now: stretch, before: beforeOf(definition, stretch, today) };
}

function stretchOf({ range, from, to }: Pick<ReportDefinition, 'range' | 'from' | 'to'>, today: string): Stretch {
  const tomorrow = plus(today, 1);
  const month = `${today.slice(0, 7)}-01`;
  const quarter = months(month, -((Number(today.slice(5, 7)) - 1) % 3));
  const year = `${today.slice(0, 4)}-01-01`;
  const monday = plus(today, -((new Date(msOf(today)).getUTCDay() + 6) % 7));
  switch (range) {
    case 'last_7_days':
      return { from: plus(today, -6), to: tomorrow };
    case 'last_30_days':
      return { from: plus(today, -29), to: tomorrow };
    case 'last_90_days':
      return { from: plus(today, -89), to: tomorrow };
    case 'last_week':
      return { from: plus(monday, -7), to: monday };
    case 'this_month':
      return { from: month, to: tomorrow };
    case 'last_month':
      return { from: months(month, -1), to: month };
    case 'this_quarter':
      return { from: quarter, to: tomorrow };
    case 'last_quarter':
      return { from: months(quarter, -3), to: quarter };
    case 'this_year':
      return { from: year, to: tomorrow };
    case 'last_year':
      return { from: months(year, -12), to: year };
    case 'last_12_months':
      return { from: months(month, -12), to: month };
    case 'custom':
      if (from === null || to === null) throw refuse(from === null ? 'from' : 'to', 'is missing: name the first and the last day');
      return { from, to: plus(to, 1) };
  }
}

function beforeOf({ range, compare }: Pick<ReportDefinition, 'range' | 'compare'>, now: Stretch, today: string): Stretch | null {
  if (compare === 'none') return null;
  if (compare === 'year') return { from: months(now.from, -12), to: plus(months(plus(now.to, -1), -12), 1) };
  // Of what still runs: as many days of the one before.
  const unit = range === 'this_month' ? 1 : range === 'this_quarter' ? 3 : range === 'this_year' ? 12 : 0;
  if (unit > 0 && now.to > today) {
    const from = months(now.from, -unit);
    const to = plus(from, daysOf(now));
    return { from, to: to < now.from ? to : now.from };
  }
  // Whole months are held against as many whole months.
  if (now.from.endsWith('-01') && now.to.endsWith('-01')) {
    const long = (Number(now.to.slice(0, 4)) - Number(now.from.slice(0, 4))) * 12 + Number(now.to.slice(5, 7)) - Number(now.from.slice(5, 7));
    return { from: months(now.from, -long), to: now.from };
  }
  return { from: plus(now.from, -daysOf(now)), to: now.from };
} // prettier-ignore

/** What no report can be made of is refused when it is asked for or saved. @throws InvalidInput */
export function checkDefinition({ metrics, by, where }: ReportDefinition): void {
  const known = metrics.map((id) => metricOf(id));
  for (const metric of known) {
    if (by !== null && !metric.dimensions.includes(by))
      throw refuse('by', `can’t be ${by}: ${metric.title} knows ${metric.dimensions.join(', ')}`);
    for (const { dimension } of where)
      if (!metric.dimensions.includes(dimension))
        throw refuse('where', `can’t be ${dimension}: ${metric.title} knows ${metric.dimensions.join(', ')}`);
  }
  if (new Set(metrics).size < metrics.length) throw refuse('metrics', 'names one twice');
  if (new Set(where.map(({ dimension }) => dimension)).size < where.length) throw refuse('where', 'names a dimension twice');
}

const refuse = (path: string, message: string) => new InvalidInput(`${path} ${message}`, { fields: [{ path, message }] });
