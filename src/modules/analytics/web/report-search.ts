import type { Input } from '#web/kit/api.ts';

export type Definition = Input<'reports.run'>;
type Dimension = NonNullable<Definition['by']>;

/** A report in the address of its page, so that it can be sent to a colleague and comes back with the browser's arrow. */
export interface ReportSearch {
  metrics?: string | undefined;
  by?: string | undefined;
  grain?: string | undefined;
  range?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  compare?: string | undefined;
  /** `owner:id,id;source:web`, each part encoded. */
  only?: string | undefined;
  report?: string | undefined;
}

export const RANGES = {
  last_7_days: 'Last 7 days',
  last_30_days: 'Last 30 days',
  last_90_days: 'Last 90 days',
  last_week: 'Last week',
  this_month: 'This month',
  last_month: 'Last month',
  this_quarter: 'This quarter',
  last_quarter: 'Last quarter',
  this_year: 'This year',
  last_year: 'Last year',
  last_12_months: 'Last 12 whole months',
  custom: 'From … to …',
} as const satisfies Record<NonNullable<Definition['range']>, string>;
export const GRAINS = { none: 'In all', day: 'By day', week: 'By week', month: 'By month' } as const;
export const COMPARES = { before: 'The time before', year: 'A year earlier', none: 'Nothing' } as const;
const DIMENSIONS: Readonly<Record<Dimension, true>> = {
  owner: true, product: true, source: true, stage: true, status: true, channel: true, workflow: true, client: true, currency: true, method: true,
  treatment: true, item: true, tax_rate: true,
}; // prettier-ignore

const has = <Key extends string>(keys: Readonly<Record<Key, unknown>>, text: string | undefined): text is Key =>
  text !== undefined && text in keys;
const FIRST = 'deals.won_value';

/** What the address asks for; what it says wrongly is left out. */
export function definitionOf(search: ReportSearch): Definition {
  const metrics = (search.metrics ?? FIRST).split(',').filter((one) => /^[a-z]+\.[a-z_]+$/.test(one));
  return {
    metrics: metrics.length === 0 ? [FIRST] : metrics,
    by: has(DIMENSIONS, search.by) ? search.by : null,
    grain: has(GRAINS, search.grain) ? search.grain : 'none',
    range: has(RANGES, search.range) ? search.range : 'last_90_days',
    from: search.range === 'custom' ? (search.from ?? null) : null,
    to: search.range === 'custom' ? (search.to ?? null) : null,
    compare: has(COMPARES, search.compare) ? search.compare : 'before',
    where: (search.only ?? '').split(';').flatMap((part) => {
      const [dimension = '', list = ''] = part.split(':');
      return has(DIMENSIONS, dimension) ? [{ dimension, values: list.split(',').map(decodeURIComponent) }] : [];
    }),
  };
} // prettier-ignore

export function searchOf({ metrics, by, grain, range, from, to, compare, where = [] }: Definition): ReportSearch {
  const only = where.map(({ dimension, values }) => `${dimension}:${values.map(encodeURIComponent).join(',')}`).join(';');
  return {
    metrics: metrics.join(','),
    by: by ?? undefined,
    grain: grain === 'none' ? undefined : grain,
    range,
    from: from ?? undefined,
    to: to ?? undefined,
    compare: compare === 'before' ? undefined : compare,
    only: only === '' ? undefined : only,
  };
}

const day = (text: string, options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', ...options }).format(new Date(`${text}T00:00:00Z`));

/** The first day of a bucket, short. */
export const bucketLabel = (start: string, grain: Definition['grain']): string =>
  grain === 'month' ? day(start, { month: 'short', year: '2-digit' }) : day(start, { day: 'numeric', month: 'short' });

/** Days [from, to). */
export function stretchLabel({ from, to }: { from: string; to: string }): string {
  const last = new Date(Date.parse(`${to}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
  const options: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', year: 'numeric' };
  return from === last ? day(from, options) : `${day(from, options)} – ${day(last, options)}`;
}
