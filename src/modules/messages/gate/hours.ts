import { DateTime } from 'luxon';

const DAY_MINUTES = 24 * 60;

/** `09:00-17:00` in minutes of the day; an end before the start lies on the next day. */
function parse(hours: string): { start: number; end: number } {
  const [from = '', to = ''] = hours.split('-');
  const minutes = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));
  const start = minutes(from);
  const end = minutes(to);
  return { start, end: end <= start ? end + DAY_MINUTES : end };
}

/**
 * When these hours are next open: null when they are open now. The wall clock of the zone rules, so a window is 9 to 17
 * on the day the clocks change, too. Null also for `always`.
 *
 * @param days ISO week days (1 Monday … 7 Sunday) on which a window may begin
 */
export function nextOpening(now: Date, zone: string, hours: string, days: readonly number[]): Date | null {
  if (hours === 'always') return null;
  const { start, end } = parse(hours);
  const local = DateTime.fromJSDate(now, { zone });
  // An unknown zone must not open the gate at night: take UTC.
  const today = (local.isValid ? local : DateTime.fromJSDate(now, { zone: 'utc' })).startOf('day');
  let next: DateTime | null = null;
  // From yesterday, whose window may reach past midnight, to the same week day of next week.
  for (let offset = -1; offset <= 8 && next === null; offset++) {
    const day = today.plus({ days: offset });
    if (!days.includes(day.weekday)) continue;
    const opens = wall(day, start);
    const closes = wall(day, end);
    if (now.getTime() >= opens.toMillis() && now.getTime() < closes.toMillis()) return null;
    if (opens.toMillis() > now.getTime()) next = opens;
  }
  // No day at all: ask again tomorrow, somebody may have changed it.
  return (next ?? today.plus({ days: 1 })).toJSDate();
}

/** That minute on the wall clock of that day; a minute that the clocks jump over is the first one after it. */
function wall(day: DateTime, minute: number): DateTime {
  const date = day.plus({ days: Math.floor(minute / DAY_MINUTES) });
  const rest = minute % DAY_MINUTES;
  return date.set({ hour: Math.floor(rest / 60), minute: rest % 60 });
}
