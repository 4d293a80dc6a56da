import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { linkOperation } from '#modules/portal/operations.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { queryAs } from '#testing/database.ts';
import { smtpSink, type SmtpSink } from '#testing/smtp-sink.ts';
import { createInvoice, listInvoicesOperation } from '../operations/invoices.ts';
import { applyCredit, creditInvoice, payInvoice, refundCredit, voidInvoice, writeOffInvoice } from '../operations/money.ts';
import { readPdf } from '../pdf/reading.ts';
import { localDay } from '../pdf/words.ts';
import { aPayer, ledgerFaults } from '../testing.ts';
import { statementCsv } from './csv.ts';
import { clientStatement, mailStatement } from './operations.ts';

let app: TestApp;
let sink: SmtpSink;
beforeAll(async () => {
  sink = await smtpSink();
  app = await testApp({
    settings: { SMTP_URL: sink.url, FROM_EMAIL: 'billing@acme.test', FROM_NAME: 'Acme', SENDING: 'launched', SENDING_HOURS: 'always' },
  });
});
afterAll(async () => {
  await app.close();
  await sink.close();
});

const dayOf = (at: Date) => at.toISOString().slice(0, 10);
const ACTS = ['issue', 'pay', 'part', 'over', 'credit', 'void', 'write off', 'use credit', 'refund', 'wait'] as const;

/** What may be done now to some invoice of theirs; what is refused changes nothing. */
async function act(clientId: string, what: (typeof ACTS)[number], cents: number): Promise<void> {
  if (what === 'wait') return app.clock.advance({ days: 1 + (cents % 40) });
  if (what === 'issue') return void (await app.call(createInvoice, { clientId, amount: (cents / 100).toFixed(2), issue: true, paymentDays: cents % 20 }));
  const { items } = await app.call(listInvoicesOperation, { clientId, kind: 'invoice' });
  const invoiceId = items[cents % Math.max(1, items.length)]?.id;
  if (invoiceId === undefined) return;
  const amount = (cents / 100).toFixed(2);
  const does = {
    pay: () => app.call(payInvoice, { invoiceId }),
    part: () => app.call(payInvoice, { invoiceId, amount: '0.07', receivedOn: dayOf(new Date(app.clock.now().getTime() - (cents % 30) * 86_400_000)) }),
    over: () => app.call(payInvoice, { invoiceId, amount }),
    credit: () => app.call(creditInvoice, { invoiceId }),
    void: () => app.call(voidInvoice, { invoiceId }),
    'write off': () => app.call(writeOffInvoice, { invoiceId }),
    'use credit': () => app.call(applyCredit, { invoiceId }),
    refund: () => app.call(refundCredit, { invoiceId }),
  }[what];
  await does().catch((error: unknown) => {
    if (Object(error).code !== 'invoice_state') throw error;
  });
} // prettier-ignore

/** What the client owes at the end of a day, worked out from documents and payments alone: the statement reads the ledger. */
async function owedOn(clientId: string, day: string): Promise<number> {
  const [row] = await queryAs<{ cents: number }>(
    app.target,
    'owner',
    `select (coalesce((select sum(total_cents * case kind when 'invoice' then 1 else -1 end) from invoices where client_id = '${clientId}' and kind <> 'quote' and issued_on <= '${day}'), 0)
       - coalesce((select sum(total_cents) from invoices i where client_id = '${clientId}' and state = 'void' and (select occurred_on from ledger_entries e where e.invoice_id = i.id and e.kind = 'void' limit 1) <= '${day}'), 0)
       - coalesce((select sum(written_off_cents) from invoices i where client_id = '${clientId}' and (select occurred_on from ledger_entries e where e.invoice_id = i.id and e.kind = 'write_off' limit 1) <= '${day}'), 0)
       - coalesce((select sum(amount_cents * case kind when 'payment' then 1 when 'credit' then 0 else -1 end) from invoice_payments where client_id = '${clientId}' and received_on <= '${day}'), 0))::float8 as cents`,
  );
  return row?.cents ?? 0;
}

test('whatever is done to invoices, each statement goes from what was owed to what is owed, to the cent, and ages it', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.constantFrom(...ACTS), fc.integer({ min: 1, max: 99_999 })), { minLength: 6, maxLength: 16 }), async (steps) => {
      const clientId = await aPayer(app);
      const begun = dayOf(app.clock.now());
      for (const [what, cents] of steps) await act(clientId, what, cents);
      const today = dayOf(app.clock.now());
      const middle = dayOf(new Date((Date.parse(begun) + Date.parse(today)) / 2));
      const whole = await app.call(clientStatement, { clientId, from: '2026-01-01', to: today });
      const later = await app.call(clientStatement, { clientId, from: middle, to: today });
      const before = await app.call(clientStatement, { clientId, from: '2026-01-01', to: dayOf(new Date(Date.parse(middle) - 86_400_000)) });
      expect(whole.openingCents).toBe(0);
      for (const one of [whole, later, before]) {
        expect(one.closingCents).toBe(await owedOn(clientId, one.to));
        expect(one.openingCents + one.invoicedCents - one.creditedCents - one.paidCents + one.refundedCents - one.writtenOffCents).toBe(one.closingCents);
        expect(one.ageing.reduce((sum, { cents }) => sum + cents, 0) - one.creditCents).toBe(one.closingCents);
        expect(one.lines.at(-1)?.balanceCents ?? one.openingCents).toBe(one.closingCents);
        const rows = statementCsv(one).trim().split('\r\n');
        expect([rows.length, Math.round(Number(rows.at(-1)?.split(',')[5]) * 100)]).toEqual([one.lines.length + 3, one.closingCents]);
      }
      expect(later.openingCents).toBe(before.closingCents);
      expect(before.lines.length + later.lines.length).toBe(whole.lines.length);
    }),
    { numRuns: 12, seed: 7, endOnFailure: true },
  );
  expect(await ledgerFaults(app)).toEqual([]);
}); // prettier-ignore

test('a statement names documents, is mailed with its PDF, and stays as it was mailed; on their page the client opens their own', async () => {
  const clientId = await aPayer(app);
  const one = await app.call(createInvoice, { clientId, amount: '100.00', title: 'June', issue: true });
  const two = await app.call(createInvoice, { clientId, amount: '50.00', issue: true });
  await app.call(payInvoice, { invoiceId: one.id, reference: 'Wire 7' });
  const note = await app.call(creditInvoice, { invoiceId: two.id });
  const statement = await app.call(clientStatement, { clientId });
  expect(statement.lines.map(({ kind, number, text, amountCents }) => [kind, number, text, amountCents])).toEqual([
    ['invoice', one.number, 'June', 11_900],
    ['invoice', two.number, '', 5_950],
    ['payment', one.number, 'Wire 7', -11_900],
    ['credit_note', note.number, '', -5_950],
  ]);
  expect(statement).toMatchObject({ closingCents: 0, currency: 'EUR', currencies: ['EUR'] });
  await app.call(createInvoice, { clientId, amount: '7.00', issue: true });
  const sent = await app.call(mailStatement, { clientId });
  await app.call(payInvoice, { invoiceId: two.id, amount: '3.33' });
  await app.drain();
  const mail = await simpleParser(sink.mails.at(-1)?.raw ?? '');
  expect([sent.closingCents, mail.subject]).toEqual([833, `Statement of account, ${localDay(statement.from, 'en')} to ${localDay(statement.to, 'en')}`]);
  expect(mail.text).toContain('Balance: 8.33 EUR');
  const pdf = await readPdf(mail.attachments[0]?.content ?? Buffer.alloc(0));
  for (const said of ['Statement of account', `Payment for ${one.number} · Wire 7`, `Credit note ${note.number}`, '8.33 EUR are owed']) expect(pdf.text).toContain(said);
  expect(pdf.text).not.toContain('3.33');
  const home = new URL((await app.call(linkOperation, { clientId })).url).pathname;
  const theirs = await app.http.inject({ url: `${home}/invoices/statement` });
  expect((await readPdf(theirs.rawPayload)).text).toContain(one.number);
}); // prettier-ignore
