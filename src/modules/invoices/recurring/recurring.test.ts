import { afterAll, beforeAll, expect, test } from 'vitest';
import { testApp, type TestApp } from '#testing/app.ts';
import { queryAs } from '#testing/database.ts';
import fc from '#testing/property.ts';
import { createCompany } from '#modules/accounts/public.ts';
import { addDays } from '../days.ts';
import type { LineInput } from '../draft.ts';
import { getInvoiceOperation, listInvoicesOperation } from '../operations/invoices.ts';
import { updateInvoiceSettings } from '../operations/settings.ts';
import { aPayer, ledgerFaults } from '../testing.ts';
import { netOfLines } from './amount.ts';
import { billDue, billPlan } from './bill.ts';
import { adjustmentOf, chargesOf, wordsOf } from './charge.ts';
import { changePlan, createPlan, getPlan, updatePlan } from './operations.ts';
import { boundary, daysIn, periodOf } from './period.ts';
import { lockPlan } from './plan.ts';

let app: TestApp;
let clientId: string;
beforeAll(async () => {
  app = await testApp({ settings: { FROM_EMAIL: 'us@acme.test' } });
  clientId = await aPayer(app);
});
afterAll(() => app.close());

const line = (unitPriceCents: number, description = 'Care'): LineInput => ({ description, quantity: 1, unit: '', unitPriceCents, discountPercent: 0 }); // prettier-ignore
const words = wordsOf('en');
const made = async (planId: string) => (await app.call(getPlan, { planId })).made.toReversed();
const bill = () => billDue(app.runtime, app.company.companyId);

const rhythms = fc.record({
  unit: fc.constantFrom('weeks' as const, 'months' as const, 'years' as const),
  every: fc.integer({ min: 1, max: 6 }),
  anchorOn: fc.integer({ min: 0, max: 3650 }).map((days) => addDays('2024-01-01', days)),
});
const prices = fc.array(
  fc.record({
    description: fc.constant('Care'),
    quantity: fc.integer({ min: 1, max: 100_000 }).map((n) => n / 1000),
    unit: fc.constant(''),
    unitPriceCents: fc.integer({ min: 1, max: 1_000_000 }),
    discountPercent: fc.integer({ min: 0, max: 10_000 }).map((n) => n / 100),
  }),
  { minLength: 1, maxLength: 4 },
);

test('periods follow each other without a gap, and the 31st comes back after a February', () => {
  const monthly = { unit: 'months', every: 1, anchorOn: '2026-01-31' } as const;
  expect([0, 1, 2, 3].map((k) => boundary(monthly, k))).toEqual(['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-30']);
  fc.assert(
    fc.property(rhythms, fc.integer({ min: -800, max: 4000 }), (rhythm, offset) => {
      const day = addDays(rhythm.anchorOn, offset);
      const period = periodOf(rhythm, day);
      expect(period.from <= day && day <= period.to).toBe(true);
      expect(periodOf(rhythm, addDays(period.to, 1)).from).toBe(addDays(period.to, 1));
    }),
    { numRuns: 300 },
  );
});

test('a change in a period that was paid in advance gives back exactly what was not had: to the cent, at each day, twice in a row', () => {
  fc.assert(
    fc.property(rhythms, prices, prices, prices, fc.nat(), fc.nat(), fc.nat(), (rhythm, first, second, third, start, one, two) => {
      const whole = periodOf(rhythm, rhythm.anchorOn);
      const all = daysIn(whole);
      const charged = { from: addDays(whole.from, start % all), to: whole.to };
      const left = daysIn(charged);
      if (left < 3) return;
      const a = { fromOn: charged.from, lines: first };
      const b = { fromOn: addDays(charged.from, 1 + (one % (left - 2))), lines: second };
      const rest = daysIn({ from: b.fromOn, to: charged.to });
      const c = { fromOn: addDays(b.fromOn, 1 + (two % (rest - 1))), lines: third };
      const before = netOfLines(chargesOf([a], charged, whole, words));
      const changes = netOfLines(adjustmentOf(a, b, charged, whole, words)) + netOfLines(adjustmentOf(b, c, charged, whole, words));
      expect(before + changes).toBe(netOfLines(chargesOf([a, b, c], charged, whole, words)));
    }),
    { numRuns: 300 },
  );
});

test('a start in the middle of a month is charged in part, and each month after it once, whatever was slept through and whoever looks at once', async () => {
  const plan = await app.call(createPlan, {
    clientId,
    title: 'Care',
    lines: [line(10_000)],
    startsOn: '2026-06-17',
    anchorOn: '2026-01-31',
    mode: 'issue',
  });
  expect(plan.upcoming.slice(0, 2)).toMatchObject([{ startsOn: '2026-06-17', endsOn: '2026-06-29', netCents: 4_333 }, { startsOn: '2026-06-30', endsOn: '2026-07-30', netCents: 10_000 }]); // prettier-ignore
  app.clock.advance({ days: 100 }); // nothing ran for a hundred days
  const looks = await Promise.all([bill(), bill(), bill()]);
  expect(looks.flat()).toHaveLength(4);
  expect(await bill()).toEqual([]);
  expect(await made(plan.id)).toMatchObject([
    { startsOn: '2026-06-17', endsOn: '2026-06-29', state: 'issued' },
    { startsOn: '2026-06-30', endsOn: '2026-07-30' },
    { startsOn: '2026-07-31', endsOn: '2026-08-30' },
    { startsOn: '2026-08-31', endsOn: '2026-09-29' },
  ]);
  const [first] = await made(plan.id);
  expect(await app.call(getInvoiceOperation, { invoiceId: first?.invoiceId ?? '' })).toMatchObject({
    periodStart: '2026-06-17',
    netCents: 4_333,
  });
  await app.call(updatePlan, { planId: plan.id, endsOn: '2026-10-14' });
  app.clock.advance({ days: 60 });
  await bill();
  expect(await made(plan.id)).toHaveLength(5);
  expect(await app.call(getPlan, { planId: plan.id })).toMatchObject({ state: 'ended', nextOn: null, made: [{ startsOn: '2026-09-30', endsOn: '2026-10-14' }, {}, {}, {}, {}] }); // prettier-ignore
  expect(await ledgerFaults(app)).toEqual([]);
});

test('another plan in the middle of a period is settled on the next invoice; a credit that is larger than it waits', async () => {
  const at = (days: number) => addDays(app.clock.now().toISOString().slice(0, 10), days);
  const plan = await app.call(createPlan, { clientId, title: 'Seats', lines: [line(30_000)], unit: 'weeks', every: 1, mode: 'issue' });
  await bill();
  await app.call(changePlan, { planId: plan.id, fromOn: at(1), lines: [line(700)] });
  await expect(app.call(changePlan, { planId: plan.id, fromOn: at(1), lines: [line(1)] })).rejects.toThrow('not after the last change');
  expect((await app.call(getPlan, { planId: plan.id })).waiting).toHaveLength(2);
  app.clock.advance({ days: 7 });
  await bill();
  const totals = async () => (await made(plan.id)).map(({ totalCents }) => totalCents);
  expect(await totals()).toEqual([35_700, 833]);
  // 6/7 of 300.00 less 6/7 of 7.00 is more than a week of 7.00: it waits for a dearer one.
  expect((await app.call(getPlan, { planId: plan.id })).waiting).toHaveLength(2);
  await app.call(changePlan, { planId: plan.id, fromOn: at(7), lines: [line(40_000)] });
  app.clock.advance({ days: 7 });
  await bill();
  expect((await app.call(getPlan, { planId: plan.id })).waiting).toHaveLength(0);
  expect((await totals()).at(-1)).toBe(Math.round((40_000 - 25_714 + 600) * 1.19));
});

test('whoever dies half-way leaves nothing behind; what cannot be invoiced stands still and says why', async () => {
  const plan = await app.call(createPlan, { clientId, title: 'Crash', lines: [line(5_000)], mode: 'issue' });
  const { companyId } = app.company;
  const dying = app.runtime.database.write(companyId, async (tx) => {
    expect(await billPlan(tx, app.runtime, await lockPlan(tx, companyId, plan.id), app.clock.now())).toHaveLength(1);
    throw new Error('the process dies before the commit');
  });
  await expect(dying).rejects.toThrow('dies');
  expect(await bill()).toHaveLength(1);
  expect(await made(plan.id)).toHaveLength(1);
  // Lines that were right once, and are too much now.
  await queryAs(
    app.target,
    'owner',
    `update invoice_plan_versions set lines = jsonb_set(lines, '{0,unitPriceCents}', '-5') where plan_id = '${plan.id}'`,
  );
  app.clock.advance({ days: 40 });
  await bill();
  expect(await app.call(getPlan, { planId: plan.id })).toMatchObject({
    state: 'paused',
    problem: expect.stringContaining('less than nothing'),
  });
});

test('midnight is the company’s own, and a plan that sends mails what it issues', async () => {
  const tokyo = await createCompany(app.runtime, { name: 'Tokyo', settings: { time_zone: 'Asia/Tokyo' }, admin: { email: 'ai@tokyo.test', password: 'correct horse battery staple', fullName: 'Ai' } }); // prettier-ignore
  const as = { as: { kind: 'user' as const, companyId: tokyo.companyId, userId: tokyo.adminId ?? '', role: 'admin' as const } };
  const company = { companyId: tokyo.companyId, userId: tokyo.adminId ?? '', email: 'ai@tokyo.test', admin: as.as };
  const to = await aPayer(app, company);
  await app.call(updateInvoiceSettings, { options: { currency: 'JPY' } }, as);
  const today = app.clock.now().toISOString().slice(0, 10); // 08:00 UTC: 17:00 in Tokyo
  await app.call(createPlan, { clientId: to, title: 'Rent', lines: [line(50_000)], startsOn: addDays(today, 1), mode: 'send' }, as);
  const look = () => billDue(app.runtime, tokyo.companyId);
  app.clock.advance({ hours: 6, minutes: 59 });
  expect(await look()).toEqual([]);
  app.clock.advance({ minutes: 1 });
  expect(await look()).toHaveLength(1);
  await app.drain();
  const [invoice] = (await app.call(listInvoicesOperation, {}, as)).items;
  expect(invoice).toMatchObject({ status: 'issued', currency: 'JPY', issuedOn: addDays(today, 1) });
  expect(await app.call(getInvoiceOperation, { invoiceId: invoice?.id ?? '' }, as)).toMatchObject({ mailedAt: expect.any(Date) });
});
