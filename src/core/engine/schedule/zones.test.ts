import fc from '#testing/property.ts';
import { IANAZone } from 'luxon';
import { describe, expect, test } from 'vitest';
import { firingsAfter } from '../schedule-times.ts';
import type { ScheduleSpec } from '../types.ts';
import { firings } from './firings.ts';

/** Every zone that this Node knows: some 418, with all their daylight saving. */
const ZONES = Intl.supportedValuesOf('timeZone');
const DAY_MS = 86_400_000;
const specOf = (cron: string, timeZone: string): ScheduleSpec => ({ cron, timeZone, missed: { policy: 'skip' } });

/** What a clock on a wall there shows, by ICU and not by our own arithmetic: `2026-03-29 02:30`. */
function wallOf(timeZone: string): (moment: Date) => string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  return (moment) => format.format(moment);
}
const dayNumber = (wall: string) => Date.parse(`${wall.slice(0, 10)}T00:00Z`) / DAY_MS;

/** Days that the calendar of a zone left out: Samoa and Tokelau went over the date line. */
function existed(timeZone: string, day: number): boolean {
  const wall = wallOf(timeZone);
  const text = new Date(day * DAY_MS).toISOString().slice(0, 10);
  return Array.from({ length: 72 }, (_, hour) => wall(new Date((day - 1) * DAY_MS + hour * 3_600_000))).some((seen) =>
    seen.startsWith(text),
  );
}

function* between(cron: string, zone: string, from: number, to: number): Generator<Date> {
  for (const at of firings(specOf(cron, zone), new Date(from))) {
    if (at.getTime() >= to) return;
    yield at;
  }
}

/** Years with daylight saving at midnight, of two hours, of half an hour, with a day left out, and those ahead. */
const SPANS = [
  ['2009-01-01', '2012-02-01'],
  ['2026-01-01', '2029-01-01'],
] as const;

/** A few days around each change of each zone's clock, and a week where nothing changes. Everywhere else one day is like the other. */
const CHANGES = ZONES.map((zone) => {
  const iana = IANAZone.create(zone);
  const at = (ms: number) => iana.offset(ms);
  const windows = [[Date.parse('2026-01-10'), Date.parse('2026-01-17')] as const];
  for (const [from, to] of SPANS)
    for (let day = Date.parse(from); day < Date.parse(to); day += DAY_MS)
      if (at(day) !== at(day + DAY_MS)) windows.push([day - 3 * DAY_MS, day + 5 * DAY_MS]);
  return { zone, wall: wallOf(zone), windows };
});

test('the zones are all there, and change their clocks', () => {
  expect(ZONES.length).toBeGreaterThan(400);
  expect(CHANGES.reduce((sum, { windows }) => sum + windows.length, 0)).toBeGreaterThan(2_000);
});

describe('a daily schedule in every zone there is', () => {
  test.each(['30 0 * * *', '30 1 * * *', '30 2 * * *', '30 23 * * *', '0 0 * * *'])('%s fires once each local day', (cron) => {
    const faults: string[] = [];
    for (const { zone, wall, windows } of CHANGES)
      for (const [from, to] of windows) {
        let before: number | null = null;
        for (const at of between(cron, zone, from, to)) {
          const day = dayNumber(wall(at));
          const lost = before === null ? [] : Array.from({ length: Math.max(0, day - before - 1) }, (_, i) => (before ?? 0) + 1 + i);
          if (before !== null && (day <= before || lost.some((one) => existed(zone, one)))) faults.push(`${zone}: ${at.toISOString()}`);
          before = day;
        }
        if (before === null) faults.push(`${zone}: nothing`);
      }
    expect(faults).toEqual([]);
  });

  test.each(['30 0 * * *', '30 2 * * *', '30 23 * * *'])(
    '%s fires at its time, the first of two, or where the clock jumps over it',
    (cron) => {
      const [minute = '', hour = ''] = cron.split(' ');
      const time = `${hour.padStart(2, '0')}:${minute}`;
      const faults: string[] = [];
      for (const { zone, wall, windows } of CHANGES)
        for (const [from, to] of windows)
          for (const at of between(cron, zone, from, to)) {
            const seen = wall(at);
            const earlier = (minutes: number) => wall(new Date(at.getTime() - minutes * 60_000));
            if (seen.endsWith(time)) {
              if ([30, 60, 120].some((minutes) => earlier(minutes) === seen)) faults.push(`${zone} ${seen} the second time`);
              continue;
            }
            // Just after the jump, or, where that is tomorrow, just before it.
            const target = `${seen.slice(0, 10)} ${time}`;
            const after = earlier(1) < target && seen > target;
            const before = seen < target && wall(new Date(at.getTime() + 60_000)).slice(0, 10) > seen.slice(0, 10);
            if (!after && !before) faults.push(`${zone} ${at.toISOString()} ${seen}`);
          }
      expect(faults).toEqual([]);
    },
  );

  test('an hourly one counts real hours through every change', () => {
    const faults: string[] = [];
    for (const { zone, wall, windows } of CHANGES)
      for (const [from, to] of windows.filter(([start]) => start > Date.parse('2010-12-01') && start < Date.parse('2027-01-01'))) {
        let last: number | null = null;
        for (const at of between('0 * * * *', zone, from, to)) {
          const gap = last === null ? 3_600_000 : at.getTime() - last;
          // Where the clock moves by half an hour, so does the full hour.
          if (!wall(at).endsWith(':00') || (gap !== 3_600_000 && gap !== 1_800_000 && gap !== 5_400_000))
            faults.push(`${zone} ${at.toISOString()} ${gap}`);
          if (gap !== 3_600_000 && !HALF.has(zone)) faults.push(`${zone} ${at.toISOString()} ${gap}`);
          last = at.getTime();
        }
      }
    expect(faults).toEqual([]);
  });
});

/** Zones that moved their clock by half an hour in these years. */
const HALF = new Set(['Australia/Lord_Howe', 'Antarctica/Macquarie', 'Antarctica/Casey', 'Asia/Pyongyang', 'America/Caracas']);

describe('a month', () => {
  const days = (cron: string, zone: string, count: number, from = '2026-01-01T00:00Z') => {
    const wall = wallOf(zone);
    return firingsAfter(specOf(cron, zone), new Date(from), count).map((at) => wall(at));
  };

  test('the 31st is the 31st: shorter months are passed over', () => {
    expect(days('0 9 31 * *', 'Europe/Vienna', 7)).toEqual(
      ['01', '03', '05', '07', '08', '10', '12'].map((month) => `2026-${month}-31 09:00`),
    );
  });

  test('L is the last day of each', () => {
    const expected = ['01-31', '02-28', '03-31', '04-30', '05-31', '06-30', '07-31', '08-31', '09-30', '10-31', '11-30', '12-31'];
    for (const zone of ZONES.filter((_, i) => i % 5 === 0))
      expect([zone, ...days('0 12 L * *', zone, 12, '2026-01-03T00:00Z')]).toEqual([zone, ...expected.map((day) => `2026-${day} 12:00`)]);
  });

  test('29 February comes every four years, the last Friday and the second Monday every month', () => {
    expect(days('0 0 29 2 *', 'UTC', 2)).toEqual(['2028-02-29 00:00', '2032-02-29 00:00']);
    expect(days('0 8 * * 5L', 'UTC', 2)).toEqual(['2026-01-30 08:00', '2026-02-27 08:00']);
    expect(days('0 8 * * mon#2', 'UTC', 2)).toEqual(['2026-01-12 08:00', '2026-02-09 08:00']);
  });
});

describe('any schedule', () => {
  const zone = fc.constantFrom(...ZONES);
  const field = (from: number, to: number) =>
    fc.oneof(
      fc.constant('*'),
      fc.integer({ min: from, max: to }).map(String),
      fc.integer({ min: 2, max: 20 }).map((step) => `*/${step}`),
      fc
        .tuple(fc.integer({ min: from, max: to }), fc.integer({ min: from, max: to }))
        .map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
    );
  const cron = fc.tuple(field(0, 59), field(0, 23), fc.constant('*'), fc.constant('*'), field(0, 6)).map((parts) => parts.join(' '));
  const moment = fc.date({ min: new Date('2008-01-01'), max: new Date('2037-01-01'), noInvalidDate: true });

  test('rises, and what follows a firing is the same wherever one begins to look', () => {
    fc.assert(
      fc.property(cron, zone, moment, (text, timeZone, from) => {
        const all = firingsAfter(specOf(text, timeZone), from, 12);
        expect(all).toHaveLength(12);
        for (const [i, at] of all.entries()) expect(at.getTime()).toBeGreaterThan((all[i - 1] ?? from).getTime());
        expect(firingsAfter(specOf(text, timeZone), all[4] ?? from, 7)).toEqual(all.slice(5));
        expect(firingsAfter(specOf(text, timeZone), new Date((all[4]?.getTime() ?? 0) - 1), 1)).toEqual([all[4]]);
      }),
      { numRuns: 400 },
    );
  });

  test('by interval is exact to the millisecond, whatever the zone does', () => {
    fc.assert(
      fc.property(fc.integer({ min: 60, max: 31_536_000 }), zone, moment, (everyS, timeZone, from) => {
        const all = firingsAfter({ everyS, timeZone, missed: { policy: 'skip' } }, from, 50);
        for (const [i, at] of all.entries()) expect(at.getTime() - from.getTime()).toBe((i + 1) * everyS * 1_000);
      }),
    );
  });
});
