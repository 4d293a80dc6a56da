import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createExport } from '#modules/exports/operations.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { createInvoice } from './operations/invoices.ts';
import { payInvoice, refundCredit } from './operations/money.ts';
import { aPayer } from './testing.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());

async function table(what: 'invoices' | 'invoice_lines' | 'payments', columns: string[]): Promise<string[][]> {
  const { file } = await app.call(createExport, { what, columns });
  const headers = { authorization: 'Bearer operator-token-of-tests', 'x-steward-company': app.company.companyId };
  const rows: string[][] = parse((await app.http.inject({ url: file, headers })).body, { bom: true });
  return rows.slice(1);
}

test('documents, lines and payments go out as tables, in units of their currency, of this company alone', async () => {
  const clientId = await aPayer(app);
  const lines = [{ description: 'Work', quantity: 1.5, unit: 'h', unitPriceCents: 10_001 }, { description: '=1+1', unitPriceCents: 500 }]; // prettier-ignore
  const one = await app.call(createInvoice, { clientId, title: 'June', lines, issue: true });
  const yen = await app.call(createInvoice, { clientId, currency: 'JPY', amount: '1000' });
  await app.call(payInvoice, { invoiceId: one.id, amount: '200.00', reference: 'Wire' });
  await app.call(refundCredit, { invoiceId: one.id, amount: '1.00' });
  const other = await app.aCompany('Other');
  await app.call(createInvoice, { clientId: await aPayer(app, other), amount: '77.00', issue: true }, { as: other.admin });

  expect(await table('invoices', ['number', 'state', 'client', 'currency', 'total', 'paid', 'balance'])).toEqual([
    [one.number, 'paid', 'Payer AG', 'EUR', '184.47', '184.47', '0'],
    ['', 'draft', 'Payer AG', 'JPY', String(yen.totalCents), '0', '0'],
  ]);
  expect((await table('invoice_lines', ['number', 'position', 'description', 'quantity', 'price', 'tax', 'net'])).slice(0, 2)).toEqual([
    [one.number, '1', 'Work', '1.5', '100.01', '19', '150.02'],
    [one.number, '2', `'=1+1`, '1', '5', '19', '5'],
  ]);
  expect(await table('payments', ['kind', 'number', 'amount', 'applied', 'currency', 'reference'])).toEqual([
    ['payment', one.number, '200', '184.47', 'EUR', 'Wire'],
    ['refund', one.number, '-1', '-1', 'EUR', ''],
  ]);
});
