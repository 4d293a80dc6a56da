import { DateTime } from 'luxon';

const utc = (day: string) => DateTime.fromISO(day, { zone: 'UTC' });
/** A calendar that is closed for longer than this is a mistake, and is not waited for. */
const LONGEST_REST = 1_000;

/** What day it is there, YYYY-MM-DD. */
export const dayIn = (at: Date, zone: string): string => DateTime.fromJSDate(at, { zone }).toFormat('yyyy-MM-dd');

/**
 * The day that is so many days after another. Business days leave out Saturdays, Sundays and what `closed` says; none after a closed day is the next
 * one that is open.
 */
export function dueDay(from: string, days: number, of: 'business' | 'calendar', closed: (day: string) => boolean): string {
  if (of === 'calendar') return utc(from).plus({ days }).toFormat('yyyy-MM-dd');
  const works = (day: DateTime) => day.weekday < 6 && !closed(day.toFormat('yyyy-MM-dd'));
  let at = utc(from);
  let left = days;
  for (let rested = 0; rested < LONGEST_REST;) {
    if (left === 0 && works(at)) break;
    at = at.plus({ days: 1 });
    if (works(at)) left = Math.max(0, left - 1);
    else rested++;
  }
  return at.toFormat('yyyy-MM-dd');
}
