import { afterAll, beforeAll, expect, test } from 'vitest';
import { testApp, type TestApp } from '#testing/app.ts';
import { pauseSending, resumeSending } from '#modules/messages/operations/sending.ts';
import { importStatement, listBankLines } from '../bank/operations.ts';
import { unbookBankLine } from '../bank/unbook.ts';
import { createInvoice, getInvoiceOperation } from '../operations/invoices.ts';
import { payInvoice, voidInvoice, writeOffInvoice } from '../operations/money.ts';
import { runReminders } from '../operations/reminders.ts';
import { aPayer, ledgerFaults } from '../testing.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp({ settings: { FROM_EMAIL: 'us@acme.test' } });
});
afterAll(() => app.close());

/** So many days, in strides. */
const days = async (count: number, stride = 6) => {
  for (let left = count; left > 0; left -= stride) {
    app.clock.advance({ days: Math.min(stride, left) });
    await app.drain();
  }
};
const letters = (invoiceId: string) =>
  app.runtime.system.read((tx) =>
    tx.query<{ subject: string; state: string; at: Date }>(
      {
        name: 't.letters',
        text: `select m.subject, m.state, m.created_at as at from messages m join runs r on r.id = m.run_id where r.subject_id = $1 order by m.created_at`,
      },
      [invoiceId],
    ),
  );

test('an unpaid invoice climbs the ladder: three letters, each once, then nothing more', async () => {
  const { id, number } = await app.call(createInvoice, { clientId: await aPayer(app), amount: '100.00', issue: true });
  await app.drain();
  await days(14, 14);
  expect(await letters(id)).toEqual([]);
  await days(60);
  const sent = await letters(id);
  expect(sent.map(({ subject }) => subject)).toEqual([
    `Reminder: invoice ${number}`,
    `Second reminder: invoice ${number}`,
    `Last reminder: invoice ${number}`,
  ]);
  expect(sent.map(({ state }) => state)).toEqual(['captured', 'captured', 'captured']);
  expect(await app.call(getInvoiceOperation, { invoiceId: id })).toMatchObject({ status: 'overdue', reminders: 3 });
  expect(await app.call(runReminders, {})).toMatchObject({ overdue: 1, started: 0 });
  await app.call(payInvoice, { invoiceId: id });
  await app.drain();
  await days(30, 15);
  expect(await letters(id)).toHaveLength(3);
});

test('who has paid, whose invoice was voided or written off, is never reminded again, at whichever rung', async () => {
  const ends = [payInvoice, writeOffInvoice, voidInvoice];
  for (const [i, rung] of [1, 20, 42].entries()) {
    const { id } = await app.call(createInvoice, { clientId: await aPayer(app), amount: '10.00', issue: true });
    await app.drain();
    await days(rung, 7);
    const before = await letters(id);
    const end = ends[i % ends.length] ?? payInvoice;
    await app.call(end, { invoiceId: id });
    await days(60, 20);
    expect(await letters(id)).toEqual(before);
  }
  expect(await ledgerFaults(app)).toEqual([]);
});

test('a payment that is taken back puts the invoice on the rung on which it stood: what was sent is not sent again', async () => {
  const { id, number } = await app.call(createInvoice, { clientId: await aPayer(app), amount: '100.00', issue: true });
  await app.drain();
  await days(16, 16);
  await days(4, 4);
  expect(await letters(id)).toHaveLength(1);
  const contentBase64 = Buffer.from(`Date;Text;Amount\n2026-06-20;${number};119,00\n`).toString('base64');
  expect(await app.call(importStatement, { contentBase64 })).toMatchObject({ booked: 1 });
  await days(30, 15);
  expect(await letters(id)).toHaveLength(1);
  const line = (await app.call(listBankLines, { state: 'booked' })).items.find((one) => one.reference.includes(number ?? '–'));
  await app.call(unbookBankLine, { bankLineId: line?.id ?? '', reason: 'It was for another invoice' });
  await app.drain();
  await days(5, 5);
  expect(await letters(id)).toHaveLength(1);
  await days(40, 8);
  expect((await letters(id)).map(({ subject }) => subject)).toEqual([
    `Reminder: invoice ${number}`,
    `Second reminder: invoice ${number}`,
    `Last reminder: invoice ${number}`,
  ]);
  expect(await ledgerFaults(app)).toEqual([]);
});

test('a letter that was written and still waits is refused when its invoice is paid before it leaves', async () => {
  await app.call(pauseSending, { reason: 'Moving house' });
  const { id } = await app.call(createInvoice, { clientId: await aPayer(app), amount: '10.00', issue: true });
  await app.drain();
  await days(16, 16);
  await days(4, 4);
  expect(await letters(id)).toMatchObject([{ state: 'queued' }]);
  await app.call(payInvoice, { invoiceId: id });
  await app.call(resumeSending, {});
  await days(6, 3);
  expect(await letters(id)).toMatchObject([{ state: 'blocked' }]);
});
