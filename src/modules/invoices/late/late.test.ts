import { afterAll, beforeAll, expect, test } from 'vitest';
import { testApp, type TestApp } from '#testing/app.ts';
import { createInvoice, getInvoiceOperation, listInvoicesOperation } from '../operations/invoices.ts';
import { payInvoice } from '../operations/money.ts';
import { updateInvoiceSettings } from '../operations/settings.ts';
import { aPayer, ledgerFaults } from '../testing.ts';
import { chargeLateFees } from './charge.ts';
import { feeOf, periodsBegun, type LateRule } from './rule.ts';

let app: TestApp;
let clientId: string;
beforeAll(async () => {
  app = await testApp();
  clientId = await aPayer(app);
});
afterAll(() => app.close());

const rule: LateRule = { lateFeeCents: 500, lateRate: 1.5, lateEvery: 'month', lateGraceDays: 7, lateCapPercent: 10 };

test('a fee is flat and a share of what is owed, for each month begun after the grace, and stops at the cap', () => {
  const amounts = { totalCents: 100_000, balanceCents: 50_000, chargedCents: 0 };
  expect(feeOf(rule, amounts)).toBe(1_250);
  expect(feeOf(rule, { ...amounts, chargedCents: 9_500 })).toBe(500);
  expect(feeOf(rule, { ...amounts, chargedCents: 10_000 })).toBe(0);
  expect(feeOf({ ...rule, lateCapPercent: null }, { ...amounts, chargedCents: 99_999 })).toBe(1_250);
  const begun = (today: string, over: Partial<LateRule> = {}) => periodsBegun({ ...rule, ...over }, '2026-01-23', today);
  expect(['2026-01-30', '2026-01-31', '2026-02-27', '2026-02-28', '2026-03-30', '2026-03-31'].map((day) => begun(day))).toEqual([0, 1, 1, 2, 2, 3]); // prettier-ignore
  expect(begun('2027-01-01', { lateEvery: 'once' })).toBe(1);
});

test('who is late is charged by a document of its own, each period once whatever was slept through; who has paid is not, and a fee bears no fee', async () => {
  await app.call(updateInvoiceSettings, { options: { ...rule, paymentDays: 10, lateMode: 'issue' } });
  const issue = (amount: string) => app.call(createInvoice, { clientId, amount, issue: true });
  const [late, paid, partly] = [await issue('100.00'), await issue('100.00'), await issue('100.00')];
  const look = () => chargeLateFees(app.runtime, app.company.companyId);
  app.clock.advance({ days: 17 });
  expect(await look()).toEqual([]);
  await app.call(payInvoice, { invoiceId: paid.id });
  await app.call(payInvoice, { invoiceId: partly.id, amount: '100.00' });
  app.clock.advance({ days: 1 });
  expect((await Promise.all([look(), look()])).flat()).toHaveLength(2);
  const fees = async () =>
    (await app.call(listInvoicesOperation, { q: 'late fee' })).items
      .toReversed()
      .map(({ title, totalCents, status }) => ({ title, totalCents, status }));
  expect(await fees()).toEqual([
    { title: `Late fee for ${late.number}`, totalCents: 679, status: 'issued' },
    { title: `Late fee for ${partly.number}`, totalCents: 529, status: 'issued' },
  ]);
  const [document] = (await app.call(listInvoicesOperation, { q: 'late fee' })).items;
  expect(await app.call(getInvoiceOperation, { invoiceId: document?.id ?? '' })).toMatchObject({
    treatment: 'outside',
    taxCents: 0,
    originId: partly.id,
  });
  app.clock.advance({ days: 75 }); // nothing ran meanwhile: two more months, one document; the cap of 11.90 cuts the second
  await app.call(payInvoice, { invoiceId: partly.id });
  expect(await look()).toHaveLength(1);
  expect((await fees()).at(-1)).toEqual({ title: `Late fee for ${late.number}`, totalCents: 511, status: 'issued' });
  app.clock.advance({ days: 90 });
  expect(await look()).toEqual([]);
  expect(await fees()).toHaveLength(3);
  expect(await ledgerFaults(app)).toEqual([]);
});
