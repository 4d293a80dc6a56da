import { DateTime } from 'luxon';
import type { Calendar } from './holidays.ts';

const DAY_MINUTES = 24 * 60;

/** `09:00-17:00` in minutes of the day; an end before the start lies on the next day. */
function parse(hours: string): { start: number; end: number } {
  const [from = '', to = ''] = hours.split('-');
  const minutes = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));
  const start = minutes(from);
  const end = minutes(to);
  return { start, end: end <= start ? end + DAY_MINUTES : end };
}

/** Between these moments (milliseconds; `to` is past it) the answer is the same. */
interface Span {
  readonly from: number;
  readonly to: number;
  /** Null: open. */
  readonly opening: number | null;
}

/** The last answer for each zone and hours: the same is asked for every mail, and wall clocks are dear to compute. */
const known = new Map<string, Span>();
const MOST_KNOWN = 2_000;
/** No row of holidays is longer. */
const LONGEST_DAYS = 40;

/**
 * When these hours are next open: null when they are open now. The wall clock of the zone rules, so a window is 9 to 17
 * on the day the clocks change, too. Null also for `always`.
 *
 * @param days ISO week days (1 Monday … 7 Sunday) on which a window may begin
 * @param calendar days on which none begins
 */
export function nextOpening(
  now: Date,
  zone: string,
  hours: string,
  days: readonly number[],
  calendar: Calendar | null = null,
): Date | null {
  if (hours === 'always') return null;
  const at = now.getTime();
  const key = `${zone} ${hours} ${days.join()} ${calendar?.key ?? ''}`;
  const last = known.get(key);
  const span = last !== undefined && at >= last.from && at < last.to ? last : spanAt(now, zone, hours, days, calendar);
  if (span !== last) {
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(key, span);
  }
  return span.opening === null ? null : new Date(span.opening);
}

function spanAt(now: Date, zone: string, hours: string, days: readonly number[], calendar: Calendar | null): Span {
  const { start, end } = parse(hours);
  const at = now.getTime();
  const local = DateTime.fromJSDate(now, { zone });
  // An unknown zone must not open the gate at night: take UTC.
  const today = (local.isValid ? local : DateTime.fromJSDate(now, { zone: 'utc' })).startOf('day');
  // From yesterday, whose window may reach past midnight, to the same week day of next week; further where holidays stand in between.
  for (let offset = -1; offset <= (calendar === null ? 8 : LONGEST_DAYS); offset++) {
    const day = today.plus({ days: offset });
    if (!days.includes(day.weekday) || calendar?.closed(day.toFormat('yyyy-MM-dd')) != null) continue;
    const opens = wall(day, start).toMillis();
    const closes = wall(day, end).toMillis();
    if (at >= opens && at < closes) return { from: opens, to: closes, opening: null };
    if (opens > at) return { from: at, to: opens, opening: opens };
  }
  // No day at all: ask again tomorrow, somebody may have changed it.
  return { from: at, to: at, opening: today.plus({ days: 1 }).toMillis() };
}

/** That minute on the wall clock of that day; a minute that the clocks jump over is the first one after it. */
function wall(day: DateTime, minute: number): DateTime {
  const date = day.plus({ days: Math.floor(minute / DAY_MINUTES) });
  const rest = minute % DAY_MINUTES;
  return date.set({ hour: Math.floor(rest / 60), minute: rest % 60 });
}
