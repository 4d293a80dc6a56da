import { DateTime } from 'luxon';

/** The day that a moment is in a zone, YYYY-MM-DD. */
export const dayOf = (at: Date, zone: string): string => DateTime.fromJSDate(at, { zone }).toFormat('yyyy-MM-dd');

export const addDays = (day: string, days: number): string => DateTime.fromISO(day, { zone: 'UTC' }).plus({ days }).toFormat('yyyy-MM-dd');

/** Whole days from one to the other. */
export const daysBetween = (from: string, to: string): number =>
  Math.round(DateTime.fromISO(to, { zone: 'UTC' }).diff(DateTime.fromISO(from, { zone: 'UTC' }), 'days').days);

/** The moment a day begins in a zone; where a clock is put forward over midnight, the first moment there is. */
export const startOfDay = (day: string, zone: string): Date => DateTime.fromISO(day, { zone }).startOf('day').toJSDate();
