import { afterAll, beforeAll, expect, test } from 'vitest';
import { listNotificationsOperation } from '#modules/notifications/operations.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { queryAs } from '#testing/database.ts';
import { readPdf } from '../pdf/reading.ts';
import { drawInvoice } from '../pdf/draw.ts';
import { loadDocument } from '../pdf/load.ts';
import { createInvoice, getInvoiceOperation, listInvoicesOperation } from '../operations/invoices.ts';
import { mailInvoice } from '../operations/mail.ts';
import { updateInvoiceSettings } from '../operations/settings.ts';
import { aPayer } from '../testing.ts';
import { tellLapsed } from './lapse.ts';
import { extendQuote, noteAnswer, quoteAnswer } from './operations.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp({ settings: { FROM_EMAIL: 'us@acme.test' } });
});
afterAll(() => app.close());

const aQuote = async (clientId: string, more: object = {}) =>
  app.call(createInvoice, { clientId, kind: 'quote', amount: '500.00', discountPercent: 10, title: 'New shop', issue: true, ...more });
const get = (invoiceId: string) => app.call(getInvoiceOperation, { invoiceId });
const madeOf = async (originId: string) => (await app.call(listInvoicesOperation, { originId })).items;
const pathOf = async (invoiceId: string) => new URL((await app.call(quoteAnswer, { invoiceId })).link ?? '').pathname;
const page = async (path: string) => (await app.http.inject({ url: path })).body;
const press = async (path: string, fields: Record<string, string>) =>
  app.http.inject({
    method: 'POST',
    url: path,
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'user-agent': 'Phone' },
    payload: new URLSearchParams({ once: /name="once" value="([^"]+)"/.exec(await page(path))?.[1] ?? '', ...fields }).toString(),
  });
const yes = { do: 'accept', name: ' Paula   Payer ', agree: 'yes' };
const events = (name: string) =>
  queryAs<{ subject: string; payload: object }>(
    app.target,
    'owner',
    `select subject_id as subject, payload from outbox where name = '${name}' order by id`,
  );

test('a client accepts a quote on their page by their name, once; it becomes a draft, or what the company chose, and who wrote it is told', async () => {
  const clientId = await aPayer(app);
  const quote = await aQuote(clientId);
  const path = await pathOf(quote.id);
  expect(await page(path)).toContain('It holds until 2 July 2026');
  await page(path); // looking accepts nothing
  expect((await press(path, { do: 'accept', name: 'P', agree: 'yes' })).statusCode).toBe(422);
  expect((await press(path, { do: 'accept', name: 'Paula Payer' })).body).toContain('Tick the box');
  expect(await madeOf(quote.id)).toEqual([]);
  const both = await Promise.all([press(path, yes), press(path, yes)]);
  expect(both.map(({ headers }) => headers.location)).toEqual([`${path}?done=accepted`, `${path}?done=accepted`]);
  expect((await press(path, { ...yes, once: 'b'.repeat(22) })).statusCode).toBe(303);
  expect(await page(path)).toContain('Accepted by Paula Payer on 2 June 2026');
  expect(await madeOf(quote.id)).toMatchObject([{ kind: 'invoice', status: 'draft', total: quote.total }]);
  expect((await app.call(quoteAnswer, { invoiceId: quote.id })).answer).toMatchObject({ answer: 'accepted', name: 'Paula Payer', ip: '127.0.0.1', userAgent: 'Phone', totalCents: quote.totalCents, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect((await press(path, { do: 'decline', declined_by: 'Paula Payer', once: 'c'.repeat(22) })).body).toContain('was accepted already');
  await app.drain();
  expect((await app.call(listNotificationsOperation, {})).items).toMatchObject([{ kind: 'quote_answered', title: `Payer AG accepted ${quote.number}`, body: 'As Paula Payer' }]);

  await app.call(updateInvoiceSettings, { options: { quoteBecomes: 'send' } });
  const second = await aQuote(clientId);
  await press(await pathOf(second.id), yes);
  await app.drain();
  const [made] = await madeOf(second.id);
  expect(made).toMatchObject({ status: 'issued', total: second.total });
  expect((await get(made?.id ?? '')).mailedAt).toBeInstanceOf(Date);
  await app.call(updateInvoiceSettings, { options: { quoteBecomes: 'draft' } });
}); // prettier-ignore

test('a client declines with a reason; nobody answers the quote of another client, nor by a link that has ended', async () => {
  const [mine, theirs] = [await aQuote(await aPayer(app)), await aQuote(await aPayer(app))];
  const [path, other] = [await pathOf(mine.id), await pathOf(theirs.id)];
  const home = path.slice(0, path.indexOf('/invoices'));
  expect((await press(`${home}/invoices/${theirs.id}`, yes)).statusCode).toBe(404);
  expect((await press(path, { do: 'decline', declined_by: 'Ann', reason: 'Too dear' })).statusCode).toBe(303);
  expect(await get(mine.id)).toMatchObject({ status: 'declined' });
  expect((await app.call(quoteAnswer, { invoiceId: mine.id })).answer).toMatchObject({ answer: 'declined', name: 'Ann', reason: 'Too dear' });
  expect((await events('quote.declined')).at(-1)).toMatchObject({ subject: mine.id, payload: { by: 'client', reason: 'Too dear', name: 'Ann' } });
  expect((await get(theirs.id)).status).toBe('issued');
  expect((await press(`${other}x`, yes)).statusCode).toBe(404);
}); // prettier-ignore

test('a quote holds until its last day is over, which is told once; then nobody accepts it until it has another', async () => {
  const clientId = await aPayer(app);
  await expect(aQuote(clientId, { validUntil: '2026-06-01' })).rejects.toThrow('is over');
  await expect(app.call(createInvoice, { clientId, amount: '1.00', validUntil: '2026-07-01' })).rejects.toThrow('quotes only');
  const quote = await aQuote(clientId, { validUntil: '2026-06-05' });
  const path = await pathOf(quote.id);
  const bytes = await app.runtime.database.read(app.company.companyId, async (tx) => drawInvoice(await loadDocument(tx, app.company.companyId, quote.id))); // prettier-ignore
  expect((await readPdf(bytes)).text).toContain('5 June 2026');
  await app.call(mailInvoice, { invoiceId: quote.id });
  await app.drain();
  const [mail] = await queryAs<{ text: string }>(app.target, 'owner', `select m.text from messages m join runs r on r.id = m.run_id where r.subject_id = '${quote.id}'`); // prettier-ignore
  expect(mail?.text).toMatch(/It holds until 5 June 2026[^]*accept or decline: \S+\/portal\/\S+/);
  app.clock.advance({ days: 3, hours: 12 });
  expect((await get(quote.id)).status).toBe('issued');
  app.clock.advance({ days: 1 });
  const lapses = async () => (await events('quote.lapsed')).filter(({ subject }) => subject === quote.id);
  await Promise.all([tellLapsed(app.runtime), tellLapsed(app.runtime)]);
  await tellLapsed(app.runtime);
  expect(await lapses()).toMatchObject([{ payload: { number: quote.number, valid_until: '2026-06-05' } }]);
  expect((await app.call(listInvoicesOperation, { status: 'lapsed' })).items.map(({ id }) => id)).toEqual([quote.id]);
  expect(await page(path)).toContain('held until 5 June 2026');
  expect((await press(path, { ...yes, once: 'a'.repeat(22) })).body).toContain('ask for a new one');
  await expect(app.call(noteAnswer, { invoiceId: quote.id, answer: 'accepted' })).rejects.toThrow('give it another last day');
  await expect(app.call(extendQuote, { invoiceId: quote.id, validUntil: '2026-06-05' })).rejects.toThrow('over already');
  expect(await app.call(extendQuote, { invoiceId: quote.id, validUntil: '2026-06-20' })).toMatchObject({ status: 'issued', validUntil: '2026-06-20' }); // prettier-ignore
  app.clock.advance({ days: 20 });
  await tellLapsed(app.runtime);
  expect(await lapses()).toHaveLength(2);
});
