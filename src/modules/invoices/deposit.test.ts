import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testApp, type TestApp } from '#testing/app.ts';
import { queryAs } from '#testing/database.ts';
import { importStatement, listBankLines } from './bank/operations.ts';
import { unbookBankLine } from './bank/unbook.ts';
import { depositCents } from './deposit.ts';
import { createInvoice, getInvoiceOperation, invoiceAgeing, updateInvoice } from './operations/invoices.ts';
import { payInvoice } from './operations/money.ts';
import { noteAnswer } from './quote/operations.ts';
import { clientStatement } from './statement/operations.ts';
import { aPayer, ledgerFaults } from './testing.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp({ settings: { FROM_EMAIL: 'us@acme.test' } });
});
afterAll(() => app.close());

const days = async (count: number, stride = 5) => {
  for (let left = count; left > 0; left -= stride) {
    app.clock.advance({ days: Math.min(stride, left) });
    await app.drain();
  }
};
const get = (invoiceId: string) => app.call(getInvoiceOperation, { invoiceId });
const letters = (id: string) =>
  queryAs<{ subject: string; text: string }>(app.target, 'owner', `select m.subject, m.text from messages m join runs r on r.id = m.run_id where r.subject_id = '${id}' and m.workflow = 'invoice-reminders' order by m.created_at`); // prettier-ignore

test('a share of the total is rounded half up to the cent, and is never the whole', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10 ** 12 }), fc.integer({ min: 1, max: 9_999 }), (total, percentBps) => {
      const [exact, whole] = [BigInt(total) * BigInt(percentBps), BigInt(total) * 10_000n];
      let cents: number | null;
      try {
        cents = depositCents({ percentBps }, total);
      } catch {
        expect(2n * (whole - exact) <= 10_000n).toBe(true);
        return;
      }
      if (cents === null) {
        expect(2n * exact < 10_000n).toBe(true);
        return;
      }
      const off = BigInt(cents) * 10_000n - exact;
      expect([cents > 0, cents < total, 2n * off <= 10_000n, 2n * off > -10_000n]).toEqual([true, true, true, true]);
    }),
  );
  expect(() => depositCents({ cents: 100 }, 100)).toThrow('is all of it');
});

test('a deposit is due first, is reminded of and aged by its own day; once it is there, the rest is, by the day of the invoice', async () => {
  const clientId = await aPayer(app);
  const draft = await app.call(createInvoice, { clientId, amount: '100.00', depositPercent: 30, depositDays: 5 });
  expect(draft).toMatchObject({ depositCents: 3_570, depositPercent: 30 });
  expect(await app.call(updateInvoice, { invoiceId: draft.id, title: 'Shop' })).toMatchObject({ depositCents: 3_570, depositDays: 5 });
  const { id } = await app.call(createInvoice, { clientId, amount: '100.00', depositPercent: 30, depositDays: 5, issue: true });
  expect(await get(id)).toMatchObject({ depositDueOn: '2026-06-07', dueOn: '2026-06-16', dueNowCents: 3_570, balanceCents: 11_900 });
  await app.drain();
  await days(6, 6);
  expect((await get(id)).status).toBe('overdue');
  expect((await app.call(invoiceAgeing, {})).items).toEqual([
    { currency: 'EUR', bucket: '1_30', count: 1, cents: 3_570 },
    { currency: 'EUR', bucket: 'not_due', count: 1, cents: 8_330 },
  ]);
  expect((await app.call(clientStatement, { clientId })).ageing.slice(0, 2)).toEqual([{ bucket: 'not_due', cents: 8_330 }, { bucket: '1_30', cents: 3_570 }]); // prettier-ignore
  await days(4, 4);
  expect(await letters(id)).toMatchObject([{ subject: expect.stringContaining('Reminder'), text: expect.stringContaining('Due now, as a deposit: 35.70 EUR') }]); // prettier-ignore
  await app.call(payInvoice, { invoiceId: id, amount: '35.70' });
  await app.drain();
  expect(await get(id)).toMatchObject({ status: 'partly_paid', dueNowCents: 8_330 });
  await days(5);
  expect(await letters(id)).toHaveLength(1);
  await days(6, 3);
  const [, second] = await letters(id);
  expect(second?.text).toMatch(/Due: 16 June 2026\nStill open: 83\.30 EUR/);
  await app.call(payInvoice, { invoiceId: id });
  await days(40, 20);
  expect(await letters(id)).toHaveLength(2);
  expect(await ledgerFaults(app)).toEqual([]);
});

test('money that names the invoice and is its deposit is booked by itself; taken back, the deposit is due again and reminded of', async () => {
  const clientId = await aPayer(app);
  const { id, number } = await app.call(createInvoice, { clientId, amount: '100.00', depositCents: 2_000, depositDays: 10, paymentDays: 60, issue: true });
  await app.drain();
  const contentBase64 = Buffer.from(`Date;Text;Amount\n2026-06-20;${number};20,00\n`).toString('base64');
  expect(await app.call(importStatement, { contentBase64 })).toMatchObject({ booked: 1 });
  await days(20, 10);
  expect(await letters(id)).toEqual([]);
  const line = (await app.call(listBankLines, { state: 'booked' })).items.find((one) => one.reference.includes(number ?? '–'));
  await app.call(unbookBankLine, { bankLineId: line?.id ?? '', reason: 'Not theirs' });
  await app.drain();
  expect(await get(id)).toMatchObject({ status: 'overdue', dueNowCents: 2_000 });
  await days(6, 3);
  expect(await letters(id)).toHaveLength(1);
}); // prettier-ignore

test('the deposit of a quote goes on to its invoice; all of it is no deposit', async () => {
  const clientId = await aPayer(app);
  const quote = await app.call(createInvoice, { clientId, kind: 'quote', amount: '99.99', depositPercent: 33.33, issue: true });
  const invoice = await app.call(noteAnswer, { invoiceId: quote.id, answer: 'accepted' });
  expect([invoice.depositCents, invoice.depositPercent]).toEqual([quote.depositCents, 33.33]);
  await expect(app.call(createInvoice, { clientId, amount: '10.00', depositPercent: 100 })).rejects.toThrow('is all of it');
});
