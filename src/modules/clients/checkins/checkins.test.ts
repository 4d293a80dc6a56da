import { IANAZone } from 'luxon';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { firingsAfter } from '#core/engine/schedule-times.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import fc from '#testing/property.ts';
import { createClient, updateClient } from '../operations/clients.ts';
import {
  getCheckinPlan,
  listCheckins,
  runCheckinsOperation,
  scheduleCheckin,
  scheduleWorkflow,
  settleCheckin,
} from '../operations/checkins.ts';
import { addDays, dayOf, nextAfter, occurrence } from './occurrence.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());

const zones = Intl.supportedValuesOf('timeZone').filter((zone) => IANAZone.isValidZone(zone));
const rhythm = fc.record({
  unit: fc.constantFrom('days' as const, 'months' as const),
  every: fc.integer({ min: 1, max: 40 }),
  anchorOn: fc.integer({ min: 0, max: 3650 }).map((days) => addDays('2024-01-01', days)),
});

test('the 31st comes back after a February, and a leap day after a common year', () => {
  const monthly = { unit: 'months', every: 1, anchorOn: '2026-01-31' } as const;
  expect([0, 1, 2, 3, 25].map((n) => occurrence(monthly, n))).toEqual([
    '2026-01-31',
    '2026-02-28',
    '2026-03-31',
    '2026-04-30',
    '2028-02-29',
  ]);
  expect(nextAfter(monthly, '2026-02-28')).toBe('2026-03-31');
});

test('the next one is the first of the rhythm that is still to come, whatever day it is', () => {
  fc.assert(
    fc.property(rhythm, fc.integer({ min: -50, max: 5000 }), (given, offset) => {
      const today = addDays(given.anchorOn, offset);
      const next = nextAfter(given, today);
      const all = Array.from({ length: 6_000 / (given.unit === 'days' ? given.every : given.every * 28) + 3 }, (_, n) =>
        occurrence(given, n),
      );
      expect(next).toBe(all.find((day) => day > today));
    }),
    { numRuns: 60 },
  );
});

test('every zone, ten years: a clock that strikes each day at nine, UTC, notes each day of a rhythm once, however its own clocks are changed', () => {
  const monthly = { unit: 'months', every: 1, anchorOn: '2025-01-31' } as const;
  const wanted = Array.from({ length: 120 }, (_, n) => occurrence(monthly, n));
  const day = 86_400_000;
  for (const zone of zones) {
    const format = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });
    let next: string = monthly.anchorOn;
    const noted: string[] = [];
    while (noted.length < wanted.length) {
      // No zone is more than a day from UTC: strikes long before the day need no look.
      let at = Date.parse(`${next}T09:00:00Z`) - 2 * day;
      while (format.format(at) < next) at += day;
      noted.push(next);
      next = nextAfter(monthly, format.format(at));
    }
    expect([zone, noted]).toEqual([zone, wanted]);
  }
});

test('every zone: struck by the company’s own clock at half past two, the hour that changes of the clock leave out or give twice, each day is noted once; days without Steward are made up for once', () => {
  const day = 86_400_000;
  for (const [i, zone] of zones.entries()) {
    // Twelve in a row, somewhere in ten years; all zones together cover them.
    const anchorOn = occurrence({ unit: 'months', every: 1, anchorOn: '2025-01-31' }, i % 108);
    const rhythm = { unit: 'months', every: 1, anchorOn } as const;
    const spec = { cron: '30 2 * * *', timeZone: zone, missed: { policy: 'once' } } as const;
    const wanted = Array.from({ length: 12 }, (_, n) => occurrence(rhythm, n));
    // Nothing runs from the fifth on, for none to 89 days.
    const down = { from: Date.parse(`${wanted[4] ?? ''}T00:00:00Z`) - 2 * day, days: i % 90 };
    const up = down.from + down.days * day;
    const noted: string[] = [];
    let next: string = anchorOn;
    let struck = Date.parse(`${anchorOn}T00:00:00Z`) - 3 * day;
    while (noted.length < wanted.length && next <= (wanted.at(-1) ?? '')) {
      // The day is never more than two strikes away from where looking begins.
      const from = Math.max(struck, Date.parse(`${next}T00:00:00Z`) - 2 * day);
      const at = firingsAfter(spec, new Date(from), 1)[0]?.getTime() ?? 0;
      struck = at >= down.from && at < up ? up : at;
      const today = dayOf(new Date(struck), zone);
      if (next > today) continue;
      noted.push(next);
      next = nextAfter(rhythm, today);
    }
    expect([zone, new Set(noted).size]).toEqual([zone, noted.length]);
    // What was not noted had its turn while nothing ran, behind one that stood for it.
    const left = wanted.filter((one) => !noted.includes(one));
    for (const one of left) expect([zone, one > (wanted[4] ?? '') && Date.parse(`${one}T00:00:00Z`) <= up + day]).toEqual([zone, true]);
    expect([zone, noted.includes(wanted[4] ?? ''), down.days >= 2 || left.length === 0]).toEqual([zone, true, true]);
  }
});

test('an active client is heard from every month; days without Steward are made up for once', async () => {
  const client = await app.call(createClient, { name: 'Monthly Mia', email: 'mia@month.test', status: 'active' });
  await app.drain();
  expect(await app.call(getCheckinPlan, { clientId: client.id })).toMatchObject({ unit: 'months', every: 1, nextOn: '2026-07-02' });
  const list = async () => (await app.call(listCheckins, { clientId: client.id })).items;
  app.clock.advance({ days: 29 });
  await app.drain();
  expect(await list()).toEqual([]);
  app.clock.advance({ days: 2 });
  await app.drain();
  expect(await list()).toMatchObject([{ dueOn: '2026-07-02', state: 'due', name: 'Monthly Mia' }]);
  app.clock.advance({ days: 100 }); // nothing runs for a hundred days
  await app.drain();
  expect((await list()).map(({ dueOn }) => dueOn)).toEqual(['2026-08-02', '2026-07-02']);
  expect(await app.call(runCheckinsOperation, {})).toMatchObject({ due: 0 });
  const [open] = await list();
  expect(await app.call(settleCheckin, { checkinId: open?.id ?? '', outcome: 'All well' })).toMatchObject({
    state: 'done',
    outcome: 'All well',
  });
});

test('two that run at once note a client once', async () => {
  const other = await app.aCompany('Twice');
  const as = { as: other.admin };
  const { id } = await app.call(createClient, { name: 'Once Olga', email: 'olga@once.test', status: 'active' }, as);
  expect(await app.call(scheduleCheckin, { clientId: id, days: 0, unit: 'days', every: 7 }, as)).toMatchObject({ unit: 'days', every: 7 });
  const both = await Promise.all([app.call(runCheckinsOperation, {}, as), app.call(runCheckinsOperation, {}, as)]);
  expect(both.map(({ due }) => due).toSorted((a, b) => a - b)).toEqual([0, 1]);
  await app.call(updateClient, { clientId: id, status: 'inactive' }, as);
  app.clock.advance({ days: 20 });
  expect(await app.call(runCheckinsOperation, {}, as)).toMatchObject({ due: 0 });
});

test('the hour is set by cron, in the zone of the company', async () => {
  const set = await app.call(scheduleWorkflow, { cron: '30 8 * * *' });
  expect(set).toMatchObject({ timeZone: 'Europe/Berlin', cron: '30 8 * * *' });
  await expect(app.call(scheduleWorkflow, { workflow: 'reminders', cron: '0 9 * * *' })).rejects.toThrow('checkins');
  const { id } = await app.call(createClient, { name: 'Thirty', email: 'thirty@days.test' });
  expect(await app.call(scheduleCheckin, { clientId: id })).toMatchObject({
    nextOn: addDays(dayOf(app.clock.now(), 'Europe/Berlin'), 30),
    unit: 'months',
  });
});
