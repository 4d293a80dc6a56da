import { simpleParser } from 'mailparser';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { linkOperation } from '#modules/portal/operations.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { smtpSink, type SmtpSink } from '#testing/smtp-sink.ts';
import { createInvoice } from '../operations/invoices.ts';
import { creditInvoice, invoicePaymentsOperation, payInvoice } from '../operations/money.ts';
import { updateInvoiceSettings } from '../operations/settings.ts';
import { readPdf } from '../pdf/reading.ts';
import { aPayer } from '../testing.ts';
import { drawReceipt } from './draw.ts';
import { loadReceipt } from './load.ts';
import { mailReceipt } from './operations.ts';

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

const arrived = async () => {
  await app.drain();
  return Promise.all(sink.mails.map(({ raw }) => simpleParser(raw)));
};

test('each payment is receipted once by mail when the settings say so, with a PDF that says what was owed afterwards and stays as it is', async () => {
  const clientId = await aPayer(app);
  const { id, number } = await app.call(createInvoice, { clientId, amount: '100.00', issue: true });
  await app.call(payInvoice, { invoiceId: id, amount: '9.00' });
  expect(await arrived()).toEqual([]);
  await app.call(updateInvoiceSettings, { options: { receipts: true } });
  await app.call(payInvoice, { invoiceId: id, amount: '10.00', method: 'cash', externalKey: 'once' });
  await app.call(payInvoice, { invoiceId: id, amount: '10.00', method: 'cash', externalKey: 'once' });
  await app.call(payInvoice, { invoiceId: id, amount: '105.00' });
  const mails = await arrived();
  expect(mails.map(({ subject, text }) => `${subject}: ${/we received \S+ EUR/.exec(text ?? '')?.[0]}`).toSorted()).toEqual([
    `Receipt for invoice ${number}: we received 10.00 EUR`,
    `Receipt for invoice ${number}: we received 105.00 EUR`,
  ]);
  const texts = await Promise.all(mails.map(async ({ attachments }) => (await readPdf(attachments[0]?.content ?? Buffer.alloc(0))).text));
  const [part = '', rest = ''] = texts.toSorted();
  const both = [part, rest].join('\n');
  for (const said of ['We received 10.00 EUR', '100.00 EUR', 'Cash', 'We received 105.00 EUR', 'The invoice is settled.', '5.00 EUR']) expect(both).toContain(said);

  const { items } = await app.call(invoicePaymentsOperation, { invoiceId: id });
  const cash = items.find(({ method }) => method === 'cash')?.id ?? '';
  const { companyId } = app.company;
  const read = async (paymentId: string) => drawReceipt(await app.runtime.database.read(companyId, (tx) => loadReceipt(tx, companyId, paymentId)));
  const before = await read(cash);
  await app.call(creditInvoice, { invoiceId: id });
  expect((await read(cash)).equals(before)).toBe(true);
  await expect(read(id)).rejects.toThrow('no such payment');

  await expect(app.call(mailReceipt, { invoiceId: id, paymentId: cash })).rejects.toThrow('mailed already');
  await app.call(mailReceipt, { invoiceId: id, paymentId: cash, again: true });
  expect(await arrived()).toHaveLength(3);
  const home = new URL((await app.call(linkOperation, { clientId })).url).pathname;
  expect((await app.http.inject({ url: `${home}/invoices/${id}` })).body).toContain(`/invoices/${id}/receipt/${cash}`);
  expect((await app.http.inject({ url: `${home}/invoices/${id}/receipt/${cash}` })).rawPayload.equals(before)).toBe(true);
  const other = new URL((await app.call(linkOperation, { clientId: await aPayer(app) })).url).pathname;
  expect((await app.http.inject({ url: `${other}/invoices/${id}/receipt/${cash}` })).statusCode).toBe(404);
}); // prettier-ignore
