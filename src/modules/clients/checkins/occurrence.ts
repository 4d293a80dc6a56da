import { DateTime } from 'luxon';

export interface Rhythm {
  readonly unit: 'days' | 'months';
  readonly every: number;
  /** Day, YYYY-MM-DD: the first one. */
  readonly anchorOn: string;
}

const utc = (day: string) => DateTime.fromISO(day, { zone: 'UTC' });

/** The n-th day of a rhythm, from 0. Months count from the first day, so that the 31st comes back after a February: 31, 28, 31, 30 … */
export function occurrence({ unit, every, anchorOn }: Rhythm, n: number): string {
  return utc(anchorOn).plus({ [unit]: every * n }).toFormat('yyyy-MM-dd'); // prettier-ignore
}

/** The first day of a rhythm that is after this day. */
export function nextAfter(rhythm: Rhythm, day: string): string {
  const passed = Math.floor(utc(day).diff(utc(rhythm.anchorOn), rhythm.unit).get(rhythm.unit) / rhythm.every);
  // Months of different lengths: the estimate is at most one off, to either side.
  for (let n = Math.max(0, passed - 1); ; n++) {
    const found = occurrence(rhythm, n);
    if (found > day) return found;
  }
}

export const dayOf = (at: Date, zone: string): string => DateTime.fromJSDate(at, { zone }).toFormat('yyyy-MM-dd');
export const addDays = (day: string, days: number): string => utc(day).plus({ days }).toFormat('yyyy-MM-dd');
