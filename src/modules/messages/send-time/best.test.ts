import fc from 'fast-check';
import { DateTime } from 'luxon';
import { beforeAll, expect, test } from 'vitest';
import { calendarOf, loadHolidays } from '../gate/holidays.ts';
import { nextOpening } from '../gate/hours.ts';
import { bestMoment, expectedAt, explain, hoursOf, slotOf, type Hours } from './best.ts';

beforeAll(() => loadHolidays());

const hours = (...entries: readonly [slot: number, sent: number, replied: number][]): Hours =>
  new Map(entries.map(([slot, sent, replied]) => [slot, { sent, replied }]));
const TUESDAY_10 = 24 + 10;
const NOBODY: Hours = new Map();

test('an hour is that of the recipient’s wall clock and week', () => {
  expect(slotOf(new Date('2026-06-02T08:30:00Z'), 'Europe/Berlin')).toBe(TUESDAY_10);
  expect(slotOf(new Date('2026-06-02T14:30:00Z'), 'America/New_York')).toBe(TUESDAY_10);
  expect(hoursOf([{ sentAt: new Date('2026-06-02T08:30:00Z'), zone: 'Europe/Berlin', replied: true }])).toEqual(hours([TUESDAY_10, 1, 1]));
});

test('a person of whom little is known counts as the company does; much outweighs it', () => {
  const company = hours([TUESDAY_10, 1_000, 100], [60, 1_000, 10]);
  const near = (value: number, other: number) => expect(Math.abs(value - other)).toBeLessThan(0.01);
  near(expectedAt(TUESDAY_10, company, NOBODY), 0.1);
  near(expectedAt(TUESDAY_10, company, hours([TUESDAY_10, 1, 0])), 0.089);
  near(expectedAt(TUESDAY_10, company, hours([TUESDAY_10, 100, 60])), 0.554);
  // Three of nine, and nothing else is known: drawn towards one in a hundred.
  near(expectedAt(TUESDAY_10, NOBODY, hours([TUESDAY_10, 9, 3])), 0.163);
  expect(explain(TUESDAY_10, company, hours([TUESDAY_10, 9, 3]))).toBe(
    'Tuesday 10–11: 3 of 9 mails to them were answered then, 100 of 1000 to everybody',
  );
});

test('nothing is waited for where nothing is known, nor for a little', () => {
  const now = new Date('2026-06-01T08:00:00Z');
  const open = () => null;
  expect(bestMoment(now, 'Europe/Berlin', NOBODY, NOBODY, open)).toBeNull();
  expect(bestMoment(now, 'Europe/Berlin', hours([TUESDAY_10, 1_000, 100], [10, 1_000, 99]), NOBODY, open)).toBeNull();
  expect(bestMoment(now, 'Europe/Berlin', hours([TUESDAY_10, 1_000, 100], [10, 1_000, 20]), NOBODY, open)).toMatchObject({
    at: new Date('2026-06-02T08:00:00Z'),
    slot: TUESDAY_10,
  });
});

test('whatever people did, it never leaves the window of hours, days and holidays, nor waits for more than four days beyond its opening', () => {
  const slots = fc.array(fc.tuple(fc.nat(167), fc.integer({ min: 1, max: 400 }), fc.nat(400)), { maxLength: 20 });
  const counts = (entries: readonly [number, number, number][]) =>
    hours(...entries.map(([slot, sent, replied]) => [slot, sent, Math.min(sent, replied)] as [number, number, number]));
  fc.assert(
    fc.property(
      slots,
      slots,
      fc.date({ min: new Date('2026-01-01T00:00:00Z'), max: new Date('2029-01-01T00:00:00Z'), noInvalidDate: true }),
      fc.constantFrom('Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Pacific/Auckland', 'Australia/Lord_Howe'),
      fc.constantFrom('09:00-17:00', '22:30-06:15', '08:15-08:45', 'always'),
      fc.subarray([1, 2, 3, 4, 5, 6, 7], { minLength: 1 }),
      fc.constantFrom('DE', 'US', 'NZ', null),
      (company, person, now, zone, window, days, country) => {
        const calendar = calendarOf(country, []);
        const opening = (at: Date) => nextOpening(at, zone, window, days, calendar);
        const best = bestMoment(now, zone, counts(company), counts(person), opening);
        if (best === null) return;
        expect(opening(best.at)).toBeNull();
        expect(best.at.getTime()).toBeGreaterThan(now.getTime());
        expect(best.at.getTime() - now.getTime()).toBeLessThanOrEqual(96 * 3_600_000 + 3_600_000);
        expect(best.expected).toBeGreaterThan(best.now);
        expect(slotOf(best.at, zone)).toBe(best.slot);
        expect(DateTime.fromJSDate(best.at).isValid).toBe(true);
      },
    ),
    { numRuns: 300 },
  );
});
