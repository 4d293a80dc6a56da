import { afterAll, beforeAll, expect, test } from 'vitest';
import { testApp, type TestApp } from '#testing/app.ts';
import { linkOperation } from '#modules/portal/operations.ts';
import { createInvoice } from '../operations/invoices.ts';
import { payInvoice } from '../operations/money.ts';
import { aPayer } from '../testing.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());

const pathOf = async (clientId: string) => new URL((await app.call(linkOperation, { clientId })).url).pathname;
const get = (url: string) => app.http.inject({ method: 'GET', url });

test('a client sees what was issued to them with its PDF, no draft, and nothing of anybody else', async () => {
  const [mine, theirs] = [await aPayer(app), await aPayer(app)];
  const here = await pathOf(mine);
  expect((await get(here)).body).not.toContain('>Invoices<');
  const invoice = await app.call(createInvoice, { clientId: mine, amount: '100.00', title: 'June', issue: true });
  const draft = await app.call(createInvoice, { clientId: mine, amount: '7.77' });
  const other = await app.call(createInvoice, { clientId: theirs, amount: '55.00', issue: true });

  const front = (await get(here)).body;
  expect(front).toContain(`Invoice ${invoice.number}`);
  expect(front).toContain('119.00 EUR');
  for (const hidden of ['9.25 EUR', other.number ?? '']) expect(front).not.toContain(hidden);

  const page = await get(`${here}/invoices/${invoice.id}`);
  expect(page.body).toContain('Please pay 119.00 EUR by 16 June 2026 to DE89 3704 0044 0532 0130 00');
  const pdf = await get(`${here}/invoices/${invoice.id}/pdf`);
  expect([pdf.headers['content-type'], pdf.rawPayload.subarray(0, 5).toString()]).toEqual(['application/pdf', '%PDF-']);
  for (const path of [draft.id, other.id, `${other.id}/pdf`, `${invoice.id}/xml`, 'nothing'])
    expect([path, (await get(`${here}/invoices/${path}`)).statusCode]).toEqual([path, 404]);

  await app.call(payInvoice, { invoiceId: invoice.id, amount: '19.00' });
  expect((await get(`${here}/invoices/${invoice.id}`)).body).toContain('Please pay 100.00 EUR');
  await app.call(payInvoice, { invoiceId: invoice.id });
  expect((await get(`${here}/invoices/${invoice.id}`)).body).not.toContain('Please pay');
});
