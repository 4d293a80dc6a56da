import { simpleParser } from 'mailparser';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { getClientOperation } from '#modules/clients/operations/clients.ts';
import { updatePersonOperation } from '#modules/people/operations/people.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { smtpSink, type SmtpSink } from '#testing/smtp-sink.ts';
import { createInvoice, getInvoiceOperation } from '../operations/invoices.ts';
import { mailInvoice } from '../operations/mail.ts';
import { voidInvoice } from '../operations/money.ts';
import { aPayer } from '../testing.ts';

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

/** Subjects and files of what arrived so far. */
const arrived = async () => {
  await app.drain();
  const mails = await Promise.all(sink.mails.map(({ raw }) => simpleParser(raw)));
  return mails.map(({ subject, attachments }) => ({
    subject,
    files: attachments.map((file) => `${file.filename} ${file.contentType} ${file.content.subarray(0, 8).toString()}`),
  }));
};

test('an invoice goes out with its PDF, once, and again only when asked to; a reminder takes it along, too', async () => {
  const { id, number } = await app.call(createInvoice, { clientId: await aPayer(app), amount: '100.00', issue: true });
  await app.drain();
  const [one, two] = [await app.call(mailInvoice, { invoiceId: id }), await app.call(mailInvoice, { invoiceId: id })];
  expect(two.runId).toBe(one.runId);
  const files = [`${number}.pdf application/pdf %PDF-1.7`];
  expect(await arrived()).toEqual([{ subject: `Invoice ${number}`, files }]);
  expect((await app.call(getInvoiceOperation, { invoiceId: id })).mailedAt).toBeInstanceOf(Date);
  await expect(app.call(mailInvoice, { invoiceId: id })).rejects.toThrow('was mailed on');
  await app.call(mailInvoice, { invoiceId: id, again: true });
  expect(await arrived()).toHaveLength(2);
  for (let stride = 0; stride < 4; stride++) {
    app.clock.advance({ days: 5 });
    await app.drain();
  }
  expect((await arrived()).slice(2)).toEqual([{ subject: `Reminder: invoice ${number}`, files }]);
});

test('who reads German gets Rechnung and Zahlungserinnerung, with days and sums as Germans write them, and a German PDF', async () => {
  const clientId = await aPayer(app);
  const { personId } = await app.call(getClientOperation, { clientId });
  await app.call(updatePersonOperation, { personId, language: 'de-CH' });
  const { id, number, language } = await app.call(createInvoice, { clientId, amount: '1000.00', issue: true });
  await app.drain();
  await app.call(mailInvoice, { invoiceId: id });
  const before = (await arrived()).length;
  const mail = await simpleParser(sink.mails.at(-1)?.raw ?? '');
  expect([language, mail.subject]).toEqual(['de', `Rechnung ${number}`]);
  expect(mail.text).toContain('Gesamtbetrag: 1.190,00 EUR');
  expect(mail.text).toMatch(/Fällig am: \d+\. [A-Zä][a-zä]+ 20\d\d/);
  expect(mail.html).toContain('<html lang="de">');
  for (let stride = 0; stride < 4; stride++) {
    app.clock.advance({ days: 5 });
    await app.drain();
  }
  expect((await arrived()).slice(before).map(({ subject }) => subject)).toContain(`Zahlungserinnerung: Rechnung ${number}`);
});

test('a draft and a void one are not mailed, and it is said why', async () => {
  const draft = await app.call(createInvoice, { clientId: await aPayer(app), amount: '10.00' });
  await expect(app.call(mailInvoice, { invoiceId: draft.id })).rejects.toThrow('issue it first');
  const { id } = await app.call(createInvoice, { clientId: await aPayer(app), amount: '10.00', issue: true });
  await app.call(voidInvoice, { invoiceId: id });
  await expect(app.call(mailInvoice, { invoiceId: id })).rejects.toThrow('is void');
});
