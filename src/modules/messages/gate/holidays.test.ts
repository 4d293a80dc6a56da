import fc from 'fast-check';
import { DateTime } from 'luxon';
import { beforeAll, expect, test } from 'vitest';
import { calendarOf, loadHolidays, publicHolidays } from './holidays.ts';
import { nextOpening } from './hours.ts';

beforeAll(() => loadHolidays());

const WEEK = [1, 2, 3, 4, 5, 6, 7];
const WORKDAYS = [1, 2, 3, 4, 5];
const opening = (at: string, zone: string, country: string, days = WORKDAYS) =>
  nextOpening(new Date(at), zone, '09:00-17:00', days, calendarOf(country, []))?.toISOString() ?? null;

test.each([
  // Friday is Christmas Day, Saturday and Sunday are no days of mail.
  ['Christmas in Berlin', '2026-12-25T10:00:00Z', 'Europe/Berlin', 'DE', '2026-12-28T08:00:00.000Z'],
  [
    'the same moment in London, where Monday stands in for Boxing Day',
    '2026-12-25T10:00:00Z',
    'Europe/London',
    'GB',
    '2026-12-29T09:00:00.000Z',
  ],
  [
    'the same moment in New York, before the hours of a holiday',
    '2026-12-25T10:00:00Z',
    'America/New_York',
    'US',
    '2026-12-28T14:00:00.000Z',
  ],
  ['Thanksgiving in New York', '2026-11-26T16:00:00Z', 'America/New_York', 'US', '2026-11-27T14:00:00.000Z'],
  ['that Thursday in Berlin', '2026-11-26T10:00:00Z', 'Europe/Berlin', 'DE', null],
  ['New Year’s Day in Auckland begins half a day earlier', '2026-12-31T20:30:00Z', 'Pacific/Auckland', 'NZ', '2027-01-04T20:00:00.000Z'],
  ['the same moment in Los Angeles', '2026-12-31T20:30:00Z', 'America/Los_Angeles', 'US', null],
  ['Easter Monday in Paris', '2026-04-06T09:00:00Z', 'Europe/Paris', 'FR', '2026-04-07T07:00:00.000Z'],
  ['Golden Week in Tokyo', '2026-05-04T03:00:00Z', 'Asia/Tokyo', 'JP', '2026-05-07T00:00:00.000Z'],
  ['a country that nobody knows', '2026-12-25T10:00:00Z', 'Europe/Berlin', 'XX', null],
])('%s', (_, at, zone, country, until) => {
  expect(opening(at, zone, country)).toBe(until);
});

test('a company adds days: one, or one of every year; without a country these alone count', () => {
  const own = [
    { day: '2026-06-05', yearly: false, title: 'Company outing' },
    { day: '2020-12-24', yearly: true, title: 'Christmas Eve' },
  ];
  const calendar = calendarOf(null, own);
  expect(calendar?.closed('2026-06-05')).toBe('Company outing');
  expect(calendar?.closed('2027-06-05')).toBeNull();
  expect(calendar?.closed('2031-12-24')).toBe('Christmas Eve');
  expect(calendar?.closed('2026-12-25')).toBeNull();
  expect(calendarOf('DE', own)?.closed('2026-12-25')).toBe('1. Weihnachtstag');
});

test('what opens is never a holiday, nor outside of hours and days, whatever country, zone and moment', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('DE', 'US', 'GB', 'FR', 'JP', 'NZ', 'BR', 'PL', 'IT', 'CA'),
      fc.constantFrom('Europe/Berlin', 'America/New_York', 'Pacific/Auckland', 'Asia/Tokyo', 'America/Sao_Paulo'),
      fc.date({ min: new Date('2026-01-01T00:00:00Z'), max: new Date('2031-01-01T00:00:00Z'), noInvalidDate: true }),
      fc.subarray(WEEK, { minLength: 1 }),
      (country, zone, now, days) => {
        const at = DateTime.fromJSDate(nextOpening(now, zone, '09:00-17:00', days, calendarOf(country, [])) ?? now, { zone });
        expect(days).toContain(at.weekday);
        expect(at.hour).toBeGreaterThanOrEqual(9);
        expect(at.hour).toBeLessThan(17);
        expect(publicHolidays(country, at.year).get(at.toFormat('yyyy-MM-dd'))).toBeUndefined();
      },
    ),
    { numRuns: 300 },
  );
});
