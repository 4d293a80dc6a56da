import { IANAZone } from 'luxon';
import { describe, expect, test } from 'vitest';
import fc from '#testing/property.ts';
import type { OpenHours, Span } from '#core/open-hours.ts';
import { businessCalendar } from './calendar.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const OFFICE: readonly Span[] = [[540, 1020]];
const weekdays = (spans: readonly Span[] = OFFICE) => [spans, spans, spans, spans, spans, [], []];
const at = (text: string) => new Date(text);

/** Minute by minute, as slow and as plain as can be: the wall clock of each minute is looked at. */
function bruteForce({ zone, week, closed }: OpenHours, from: Date, to: Date): number {
  const clock = IANAZone.create(zone);
  let sum = 0;
  for (let moment = from.getTime(); moment < to.getTime(); moment += MINUTE) {
    const wall = new Date(moment + clock.offset(moment) * MINUTE);
    const minute = wall.getUTCHours() * 60 + wall.getUTCMinutes();
    const spans = week[(wall.getUTCDay() + 6) % 7] ?? [];
    if (!closed(wall.toISOString().slice(0, 10)) && spans.some(([start, end]) => minute >= start && minute < end)) sum += MINUTE;
  }
  return sum;
}

/** The rare ones beside the usual: half hours, a shift at midnight, a change of half an hour, a day that was left out. */
const ZONES = [
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'America/St_Johns',
  'Asia/Kathmandu',
  'Africa/Casablanca',
  'America/Santiago',
  'Africa/Cairo',
  'Asia/Tehran',
  'Pacific/Apia',
  'America/Havana',
  'Europe/London',
  'Atlantic/Azores',
];
/** Days on which somebody's clocks change, so that most cases meet one. */
const CHANGES = [
  '2026-03-29',
  '2026-10-25',
  '2026-03-08',
  '2026-11-01',
  '2026-04-05',
  '2026-10-04',
  '2010-11-07',
  '2011-12-30',
  '2024-04-26',
  '2018-08-12',
];

const spans = fc
  .uniqueArray(fc.integer({ min: 0, max: 1440 }), { minLength: 2, maxLength: 6 })
  .map((marks) => marks.toSorted((a, b) => a - b))
  .map((marks) => Array.from({ length: Math.floor(marks.length / 2) }, (_, i): Span => [marks[2 * i] ?? 0, marks[2 * i + 1] ?? 0]));
const anyHours = fc
  .record({
    zone: fc.oneof(fc.constantFrom(...ZONES), fc.constantFrom(...Intl.supportedValuesOf('timeZone'))),
    week: fc.array(fc.oneof(fc.constant([]), spans, fc.constant<readonly Span[]>([[0, 1440]])), { minLength: 7, maxLength: 7 }),
    start: fc.oneof(
      fc.constantFrom(...CHANGES).map((day) => Date.parse(day) - DAY),
      fc.integer({ min: Date.parse('2000-01-01') / MINUTE, max: Date.parse('2037-01-01') / MINUTE }).map((minute) => minute * MINUTE),
    ),
    off: fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 3 }),
    minutes: fc.integer({ min: 0, max: 3 * 1440 }),
  })
  .map(({ zone, week, start, off, minutes }) => {
    const holidays = new Set(off.map((day) => new Date(start + day * DAY).toISOString().slice(0, 10)));
    const hours: OpenHours = { zone, week, closed: (day) => holidays.has(day) };
    return { hours, from: new Date(start), to: new Date(start + minutes * MINUTE) };
  });

describe('business time', () => {
  test('is what a count minute by minute says, in every zone, over changes of the clock and over holidays', () => {
    fc.assert(
      fc.property(anyHours, ({ hours, from, to }) => {
        expect(businessCalendar(hours).between(from, to)).toBe(bruteForce(hours, from, to));
      }),
      { numRuns: 150 },
    );
  });

  test('runs out at the first moment at which so much of it has passed', () => {
    fc.assert(
      fc.property(anyHours, fc.integer({ min: 1, max: 3_000 }), ({ hours, from }, minutes) => {
        const calendar = businessCalendar(hours);
        const due = calendar.after(from, minutes * MINUTE);
        if (due === null) return;
        expect(calendar.between(from, due)).toBe(minutes * MINUTE);
        expect(calendar.between(from, new Date(due.getTime() - 1))).toBe(minutes * MINUTE - 1);
      }),
      { numRuns: 150 },
    );
  });

  test('adds up, wherever it is cut', () => {
    fc.assert(
      fc.property(anyHours, fc.integer({ min: 0, max: 200 * 1440 }), fc.integer({ min: 0, max: 200 * 1440 }), ({ hours, from }, a, b) => {
        const calendar = businessCalendar(hours);
        const [cut, end] = [new Date(from.getTime() + a * MINUTE), new Date(from.getTime() + (a + b) * MINUTE)];
        expect(calendar.between(from, cut) + calendar.between(cut, end)).toBe(calendar.between(from, end));
      }),
      { numRuns: 60 },
    );
  });

  const berlin = businessCalendar({ zone: 'Europe/Berlin', week: weekdays(), closed: (day) => day === '2026-12-25' });

  test('stands still at night, at the weekend and on a holiday', () => {
    // Friday 16:00 in Berlin: an hour is left of the week.
    expect(berlin.after(at('2026-06-05T14:00:00Z'), 4 * HOUR)).toEqual(at('2026-06-08T10:00:00Z'));
    // Sent at midnight: it counts from nine.
    expect(berlin.after(at('2026-06-08T22:30:00Z'), HOUR)).toEqual(at('2026-06-09T08:00:00Z'));
    expect(berlin.between(at('2026-12-24T16:00:00Z'), at('2026-12-28T08:00:00Z'))).toBe(0);
    expect(berlin.between(at('2026-12-24T16:00:00Z'), at('2026-12-28T09:00:00Z'))).toBe(HOUR);
  });

  test('is a day of eight hours on the days around a change of the clock', () => {
    expect(berlin.between(at('2026-03-27T00:00:00Z'), at('2026-03-31T00:00:00Z'))).toBe(16 * HOUR);
    expect(berlin.after(at('2026-03-27T16:00:00Z'), HOUR)).toEqual(at('2026-03-30T08:00:00Z'));
  });

  test('never comes for a business that never opens', () => {
    const never = businessCalendar({ zone: 'UTC', week: [[], [], [], [], [], [], []], closed: () => false });
    expect(never.after(at('2026-06-05T14:00:00Z'), HOUR)).toBeNull();
    expect(never.between(at('2026-06-05T14:00:00Z'), at('2036-06-05T14:00:00Z'))).toBe(0);
  });
});
