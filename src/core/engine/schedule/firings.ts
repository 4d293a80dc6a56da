import type { ScheduleSpec } from '../types.ts';
import { parseCron, type Cron } from './cron.ts';
import { wallClock, type WallClock } from './wall-clock.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** 29 February on a Monday comes every 28 years; further ahead nobody looks. */
const FURTHEST_DAYS = 40 * 366;

/**
 * The moments a schedule fires, strictly after `after`, one after the other. The rule for clocks that are put forward and back:
 * - A fixed hour (`30 2 * * *`) is a time of the day: it fires once each day that has it among its days. A time that is left out fires the moment
 *   the clock jumps (where that is the next day already: the minute before); a time that comes twice fires the first time.
 * - An hour that begins with `*` goes on all day: it counts real time, so it fires in both passes of a doubled hour and not in a lost one.
 * - An interval counts from `after`, exactly.
 */
export function* firings(spec: ScheduleSpec, after: Date): Generator<Date, void, undefined> {
  const { everyS } = spec;
  if (everyS !== undefined) {
    for (let i = 1; ; i++) yield new Date(after.getTime() + i * everyS * 1_000);
  }
  if (spec.cron === undefined) return;
  const cron = parseCron(spec.cron);
  const clock = wallClock(spec.timeZone);
  const moments = cron.everyHour ? byTheHour(cron, clock, after.getTime()) : byTheDay(cron, clock, after.getTime());
  for (const ms of moments) yield new Date(ms);
}

function onDay(cron: Cron, wallDay: number): boolean {
  const day = new Date(wallDay);
  return cron.onDay(day.getUTCFullYear(), day.getUTCMonth() + 1, day.getUTCDate());
}

function* byTheDay(cron: Cron, clock: WallClock, after: number): Generator<number, void, undefined> {
  let last = after;
  let day = Math.floor(clock.wall(after) / DAY_MS) * DAY_MS - DAY_MS;
  for (let idle = 0; idle < FURTHEST_DAYS; idle++, day += DAY_MS) {
    if (!onDay(cron, day)) continue;
    const offset = clock.steady(day);
    for (const hour of cron.hours) {
      for (const minute of cron.minutes) {
        const wall = day + (hour * 60 + minute) * MINUTE_MS;
        const ms = offset === null ? clock.moment(wall) : wall - offset;
        if (ms === null || ms <= last) continue;
        yield (last = ms);
        idle = 0;
      }
    }
  }
}

/** Clocks are changed at quarters of an hour and by whole ones, as far as anybody plans ahead. */
const QUARTER_MS = 15 * MINUTE_MS;
const nextQuarter = (ms: number) => ms - (ms % QUARTER_MS) + QUARTER_MS;

function* byTheHour(cron: Cron, clock: WallClock, after: number): Generator<number, void, undefined> {
  const hours = new Set(cron.hours);
  let found = after;
  let ms = Math.floor(after / MINUTE_MS) * MINUTE_MS + MINUTE_MS;
  while (ms < found + FURTHEST_DAYS * DAY_MS) {
    const wall = clock.wall(ms);
    const minute = Math.floor((wall % DAY_MS) / MINUTE_MS);
    if (!onDay(cron, wall - (wall % DAY_MS))) {
      // Half of what is left of the day: the clock may jump before midnight.
      ms = nextQuarter(ms + Math.max(0, Math.floor((1_440 - minute) / 2) - 15) * MINUTE_MS);
      continue;
    }
    const inHour = minute % 60;
    const next = hours.has(Math.floor(minute / 60)) ? cron.minutes.find((one) => one >= inHour) : undefined;
    const at = next === undefined ? Number.POSITIVE_INFINITY : ms + (next - inHour) * MINUTE_MS;
    if (at >= nextQuarter(ms)) ms = nextQuarter(ms);
    else if (at > ms) ms = at;
    else {
      found = ms;
      yield ms;
      ms += MINUTE_MS;
    }
  }
}
