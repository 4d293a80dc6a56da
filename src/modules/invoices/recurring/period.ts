import { DateTime } from 'luxon';
import { addDays } from '../days.ts';
import type { PLAN_UNITS } from '../tables.ts';

export interface Rhythm {
  readonly unit: (typeof PLAN_UNITS)[number];
  readonly every: number;
  /** Day, YYYY-MM-DD, on which a period begins. */
  readonly anchorOn: string;
}

/** First and last day. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

const utc = (day: string) => DateTime.fromISO(day, { zone: 'UTC' });

/** The first day of the k-th period, from the anchor: months count from it, so that the 31st comes back: 31 January, 28 February, 31 March. */
export const boundary = ({ unit, every, anchorOn }: Rhythm, k: number): string =>
  utc(anchorOn)
    .plus({ [unit]: every * k })
    .toFormat('yyyy-MM-dd');

/** The whole period that a day lies in. */
export function periodOf(rhythm: Rhythm, day: string): Period {
  // Months of different lengths: the estimate is at most one off, to either side.
  let k = Math.floor(utc(day).diff(utc(rhythm.anchorOn), rhythm.unit).get(rhythm.unit) / rhythm.every) - 1;
  while (boundary(rhythm, k + 1) <= day) k += 1;
  while (boundary(rhythm, k) > day) k -= 1;
  return { from: boundary(rhythm, k), to: addDays(boundary(rhythm, k + 1), -1) };
}

/** Days of a period, both ends counted. */
export const daysIn = ({ from, to }: Period): number => Math.round(utc(to).diff(utc(from), 'days').days) + 1;

/** What two have in common; null: nothing. */
export function common(a: Period, b: Period): Period | null {
  const from = a.from > b.from ? a.from : b.from;
  const to = a.to < b.to ? a.to : b.to;
  return from > to ? null : { from, to };
}
