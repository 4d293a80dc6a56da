import { DateTime } from 'luxon';
import { expect, test } from 'vitest';
import fc from '#testing/property.ts';
import type { Span } from '#core/open-hours.ts';
import { freeSlots, isFree, type Diary, type SlotRules, type Stretch } from './find.ts';

const MINUTE = 60_000;
const RULES: SlotRules = {
  minutes: 30,
  stepMinutes: 30,
  beforeMinutes: 0,
  afterMinutes: 0,
  noticeMinutes: 0,
  horizonDays: 1,
  dailyLimit: null,
};

/** What the wall clock shows, kept: many cases look at the same days. */
const walls = new Map<string, { readonly minute: number; readonly weekday: number; readonly day: string }>();
function wallIn(zone: string, at: number) {
  const key = `${zone} ${at}`;
  const known = walls.get(key);
  if (known !== undefined) return known;
  const clock = DateTime.fromMillis(at, { zone });
  const made = { minute: clock.hour * 60 + clock.minute, weekday: clock.weekday, day: clock.toISODate() ?? '' };
  walls.set(key, made);
  return made;
}

/** Minute by minute: is it open, is it busy, how many calls had its day? Nothing of the house's own. */
function bruteForce(rules: SlotRules, { hours, busy, counted }: Diary, now: number): number[] {
  const isOpen = (at: number) => {
    const { minute, weekday, day } = wallIn(hours.zone, at);
    const spans = hours.week[weekday - 1] ?? [];
    return !hours.closed(day) && spans.some(([start, end]) => start <= minute && minute < end);
  };
  const isBusy = (at: number) => busy.some(([start, end]) => start < at + MINUTE && at < end);
  const dayOf = (at: number) => wallIn(hours.zone, at).day;
  const every = (from: number, count: number, fits: (at: number) => boolean) =>
    Array.from({ length: count }, (_, i) => from + i * MINUTE).every(fits);
  const found: number[] = [];
  let opened = 0;
  const from = Math.floor(now / MINUTE) * MINUTE - 3 * 1440 * MINUTE;
  for (let at = from; at <= now + rules.horizonDays * 1440 * MINUTE; at += MINUTE) {
    if (!isOpen(at)) continue;
    if (!isOpen(at - MINUTE)) opened = at;
    if (opened === 0 || (at - opened) % (rules.stepMinutes * MINUTE) !== 0 || at < now + rules.noticeMinutes * MINUTE) continue;
    if (!every(at, rules.minutes, isOpen)) continue;
    const around = rules.beforeMinutes + rules.minutes + rules.afterMinutes;
    if (!every(at - rules.beforeMinutes * MINUTE, around, (minute) => !isBusy(minute))) continue;
    const day = dayOf(at);
    if (rules.dailyLimit === null || counted.filter((one) => dayOf(one) === day).length < rules.dailyLimit) found.push(at);
  }
  return found;
}

/** Days around which clocks change, in halves of hours, over midnight and over the date line. */
const PLACES = [
  ['Europe/Berlin', '2026-03-29'],
  ['Europe/Berlin', '2026-10-25'],
  ['America/New_York', '2026-03-08'],
  ['America/New_York', '2026-11-01'],
  ['Australia/Lord_Howe', '2026-04-05'],
  ['Australia/Lord_Howe', '2026-10-04'],
  ['America/Santiago', '2026-04-05'],
  ['America/Santiago', '2026-09-06'],
  ['Africa/Cairo', '2026-04-24'],
  ['Africa/Cairo', '2026-10-30'],
  ['Asia/Beirut', '2026-03-29'],
  ['Atlantic/Azores', '2026-10-25'],
  ['Pacific/Apia', '2011-12-30'],
  ['Asia/Kathmandu', '2026-06-02'],
  ['UTC', '2026-06-02'],
] as const;

const span = fc
  .tuple(fc.integer({ min: 0, max: 95 }), fc.integer({ min: 1, max: 96 }))
  .map(([a, b]): Span => [Math.min(a, b - 1) * 15, Math.max(a + 1, b) * 15]);
/** Apart and in order, as they are kept. */
const day = fc.array(span, { maxLength: 3 }).map((spans) => {
  const sorted = spans.toSorted((a, b) => a[0] - b[0]);
  return sorted.filter(([start], i) => sorted.slice(0, i).every(([, end]) => end <= start));
});

test('times on offer are those of a count minute by minute, over every change of the clocks', () => {
  let offered = 0;
  fc.assert(
    fc.property(
      fc.record({
        place: fc.constantFrom(...PLACES),
        week: fc.array(day, { minLength: 7, maxLength: 7 }),
        startMinutes: fc.integer({ min: -2 * 1440, max: 600 }),
        minutes: fc.constantFrom(5, 15, 30, 45, 60, 90, 240),
        stepMinutes: fc.constantFrom(5, 15, 20, 30, 45, 60),
        beforeMinutes: fc.constantFrom(0, 5, 15, 60),
        afterMinutes: fc.constantFrom(0, 10, 30),
        noticeMinutes: fc.constantFrom(0, 7, 60, 600),
        horizonDays: fc.constantFrom(1, 2, 3),
        dailyLimit: fc.constantFrom(null, 1, 2),
        busy: fc.array(fc.tuple(fc.integer({ min: -1440, max: 5000 }), fc.integer({ min: 1, max: 400 })), { maxLength: 8 }),
        counted: fc.array(fc.integer({ min: -1440, max: 5000 }), { maxLength: 4 }),
        off: fc.boolean(),
      }),
      ({ place: [zone, date], week, startMinutes, busy, counted, off, ...rules }) => {
        const midnight = DateTime.fromISO(date, { zone: 'UTC' }).toMillis();
        const now = midnight + startMinutes * MINUTE;
        const diary: Diary = {
          hours: { zone, week, closed: (one) => off && one === date },
          busy: busy.map(([start, length]): Stretch => [now + start * MINUTE, now + (start + length) * MINUTE]),
          counted: counted.map((minute) => now + minute * MINUTE),
        };
        const found = freeSlots(rules, diary, now);
        offered += found.length;
        expect(found).toEqual(bruteForce(rules, diary, now));
      },
    ),
    { numRuns: 150 },
  );
  expect(offered).toBeGreaterThan(1_000);
}, 120_000);

test('nine is nine on both sides of a change, and an hour that does not exist is not offered', () => {
  const hours = { zone: 'Europe/Berlin', week: Array.from({ length: 7 }, (): Span[] => [[540, 600]]), closed: () => false };
  const at = (text: string) => Date.parse(text);
  expect(freeSlots({ ...RULES, horizonDays: 2 }, { hours, busy: [], counted: [] }, at('2026-03-28T00:00:00Z'))).toEqual(
    ['2026-03-28T08:00Z', '2026-03-28T08:30Z', '2026-03-29T07:00Z', '2026-03-29T07:30Z'].map(at),
  );
  const night = { ...hours, week: Array.from({ length: 7 }, (): Span[] => [[120, 180]]) };
  expect(freeSlots(RULES, { hours: night, busy: [], counted: [] }, at('2026-03-28T23:30:00Z'))).toEqual([]);
});

test('a busy time that touches is not in the way; one that reaches into the time around it is', () => {
  const hours = { zone: 'UTC', week: Array.from({ length: 7 }, (): Span[] => [[540, 660]]), closed: () => false };
  const at = (clock: string) => Date.parse(`2026-06-02T${clock}:00Z`);
  const diary: Diary = { hours, busy: [[at('09:30'), at('10:00')]], counted: [] };
  const starts = (rules: SlotRules) => freeSlots(rules, diary, at('00:00')).map((one) => new Date(one).toISOString().slice(11, 16));
  expect(starts(RULES)).toEqual(['09:00', '10:00', '10:30']);
  expect(starts({ ...RULES, beforeMinutes: 15 })).toEqual(['09:00', '10:30']);
  expect(starts({ ...RULES, afterMinutes: 5 })).toEqual(['10:00', '10:30']);
  expect(isFree(RULES, diary, at('00:00'), at('09:15'))).toBe(false);
  expect(isFree(RULES, diary, at('00:00'), at('10:00'))).toBe(true);
});
