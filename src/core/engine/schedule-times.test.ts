import { describe, expect, test } from 'vitest';
import { due, firingsAfter, scheduleFault } from './schedule-times.ts';
import type { ScheduleSpec } from './types.ts';

const vienna = (cron: string, missed: ScheduleSpec['missed'] = { policy: 'once' }): ScheduleSpec => ({
  cron,
  timeZone: 'Europe/Vienna',
  missed,
});
const at = (text: string) => new Date(text);
const iso = (dates: readonly Date[]) => dates.map((date) => date.toISOString());

describe('firings', () => {
  test('keep the wall clock when daylight saving begins and ends', () => {
    expect(iso(firingsAfter(vienna('0 9 * * *'), at('2026-03-27T12:00:00Z'), 3))).toEqual([
      '2026-03-28T08:00:00.000Z',
      '2026-03-29T07:00:00.000Z',
      '2026-03-30T07:00:00.000Z',
    ]);
    expect(iso(firingsAfter(vienna('0 9 * * *'), at('2026-10-24T00:00:00Z'), 2))).toEqual([
      '2026-10-24T07:00:00.000Z',
      '2026-10-25T08:00:00.000Z',
    ]);
  });

  test('happen once on the day when their hour is skipped', () => {
    const firings = firingsAfter(vienna('30 2 * * *'), at('2026-03-28T12:00:00Z'), 2);
    expect(firings[0]?.toISOString().slice(0, 10)).toBe('2026-03-29');
    expect(firings[1]?.toISOString()).toBe('2026-03-30T00:30:00.000Z');
  });

  test('happen once on the day when their hour comes twice', () => {
    const days = iso(firingsAfter(vienna('30 2 * * *'), at('2026-10-24T12:00:00Z'), 3)).map((text) => text.slice(0, 10));
    expect(days).toEqual(['2026-10-25', '2026-10-26', '2026-10-27']);
  });

  test('by interval count from the last one', () => {
    const spec: ScheduleSpec = { everyS: 900, timeZone: 'UTC', missed: { policy: 'once' } };
    expect(iso(firingsAfter(spec, at('2026-01-01T00:00:00Z'), 2))).toEqual(['2026-01-01T00:15:00.000Z', '2026-01-01T00:30:00.000Z']);
  });
});

describe('firings missed while nothing ran', () => {
  const nextAt = at('2026-06-01T07:00:00Z');
  const now = at('2026-06-04T10:00:00Z');

  test('are dropped', () => {
    expect(due(vienna('0 9 * * *', { policy: 'skip' }), nextAt, now)).toEqual({
      fire: [],
      passed: [{ from: nextAt, to: at('2026-06-04T07:00:00Z'), count: 4, why: 'missed' }],
      next: at('2026-06-05T07:00:00Z'),
    });
  });
  test('are one', () => {
    expect(due(vienna('0 9 * * *'), nextAt, now)).toMatchObject({
      fire: [at('2026-06-04T07:00:00Z')],
      passed: [{ from: nextAt, to: at('2026-06-03T07:00:00Z'), count: 3, why: 'stood_for' }],
    });
  });
  test('are all that are not too old', () => {
    const { fire, passed } = due(vienna('0 9 * * *', { policy: 'all', withinS: 2 * 86_400 }), nextAt, now);
    expect(iso(fire)).toEqual(['2026-06-03T07:00:00.000Z', '2026-06-04T07:00:00.000Z']);
    expect(passed).toEqual([{ from: nextAt, to: at('2026-06-02T07:00:00Z'), count: 2, why: 'too_old' }]);
  });
  test('are none when it fires on time', () => {
    expect(due(vienna('0 9 * * *', { policy: 'skip' }), nextAt, at('2026-06-01T07:00:20Z'))).toMatchObject({ fire: [nextAt], passed: [] });
  });
  test('after years do not take years to count', () => {
    const every = due(
      { everyS: 60, timeZone: 'UTC', missed: { policy: 'all', withinS: 3_600 } },
      at('2016-01-01T00:00:00Z'),
      at('2026-01-01T00:00:00Z'),
    );
    expect(every.fire).toHaveLength(61);
    expect(every.passed).toMatchObject([{ from: at('2016-01-01T00:00:00Z'), count: (10 * 365 + 3) * 1_440 - 60, why: 'too_old' }]);
    expect(every.next).toEqual(at('2026-01-01T00:01:00Z'));
  });
});

test('a schedule that can’t be is refused with its field', () => {
  expect(scheduleFault({ cron: '0 9 * * *', timeZone: 'Mars/Olympus', missed: { policy: 'once' } })).toMatchObject({ path: 'timeZone' });
  expect(scheduleFault({ cron: '61 9 * * *', timeZone: 'UTC', missed: { policy: 'once' } })).toMatchObject({ path: 'cron' });
  expect(scheduleFault({ cron: '* * * * * *', timeZone: 'UTC', missed: { policy: 'once' } })).toMatchObject({ path: 'cron' });
  expect(scheduleFault({ cron: '0 9 31 2 *', timeZone: 'UTC', missed: { policy: 'once' } })).toMatchObject({
    path: 'cron',
    message: expect.stringContaining('never'),
  });
  expect(scheduleFault({ timeZone: 'UTC', missed: { policy: 'once' } })).toMatchObject({ path: 'cron' });
  expect(scheduleFault({ cron: '*/5 9-17 * * 1-5', timeZone: 'UTC', missed: { policy: 'once' } })).toBeNull();
});
