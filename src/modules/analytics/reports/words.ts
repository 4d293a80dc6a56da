import type { MetricDimension } from '../metrics/types.ts';
import { DIMENSION_WORDS } from '../metrics/types.ts';
import type { ReportDefinition, Stretch } from './definition.ts';
import type { Report } from './show.ts';

const day = (text: string, options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', ...options }).format(new Date(`${text}T00:00:00Z`));

/** Days [from, to) as a person reads them: `1 May 2026 to 31 May 2026`. */
export function stretchWords({ from, to }: Stretch): string {
  const last = new Date(Date.parse(`${to}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
  const whole: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', year: 'numeric' };
  return from === last ? day(from, whole) : `${day(from, whole)} to ${day(last, whole)}`;
}

/** The first day of a bucket: `5 May 2026`, `week of 5 May 2026`, `May 2026`. */
export function bucketWords(start: string, grain: ReportDefinition['grain']): string {
  if (grain === 'month') return day(start, { month: 'short', year: 'numeric' });
  const text = day(start, { day: 'numeric', month: 'short', year: 'numeric' });
  return grain === 'week' ? `Week of ${text}` : text;
}

export const dimensionTitle = (dimension: MetricDimension): string => DIMENSION_WORDS[dimension].title;

/** What a report is of, in one line: by what, of which days, against which. */
export function spanWords({ definition, now, before }: Report): string {
  const against = before === null ? '' : `, against ${stretchWords(before)}`;
  return `${stretchWords(now)} (UTC)${definition.by === null ? '' : `, by ${dimensionTitle(definition.by).toLowerCase()}`}${against}`;
}

/** +12.5 %, −3.0 %; null: there is nothing to compare with. */
export function changeOf(now: number | null | undefined, before: number | null | undefined): number | null {
  if (now == null || before == null || before === 0) return null;
  return (now - before) / Math.abs(before);
}

export const changeWords = (change: number | null): string =>
  change === null ? '' : `${change < 0 ? '−' : '+'}${Math.abs(change * 100).toFixed(1)} %`;
