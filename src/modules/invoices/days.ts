import { DateTime } from 'luxon';

/** The day that a moment is in a zone, YYYY-MM-DD. */
export const dayOf = (at: Date, zone: string): string => DateTime.fromJSDate(at, { zone }).toFormat('yyyy-MM-dd');

export const addDays = (day: string, days: number): string => DateTime.fromISO(day, { zone: 'UTC' }).plus({ days }).toFormat('yyyy-MM-dd');

/** The moment a day begins in a zone; where a clock is put forward over midnight, the first moment there is. */
export const startOfDay = (day: string, zone: string): Date => DateTime.fromISO(day, { zone }).startOf('day').toJSDate();
