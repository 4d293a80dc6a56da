import { afterAll, beforeAll, expect, test } from 'vitest';
import { testApp, type TestApp } from '#testing/app.ts';
import { createInvoice } from '../operations/invoices.ts';
import { getInvoiceSettings, updateInvoiceSettings } from '../operations/settings.ts';
import { aPayer, ledgerFaults } from '../testing.ts';

let app: TestApp;
let clientId: string;
beforeAll(async () => {
  app = await testApp();
  clientId = await aPayer(app);
});
afterAll(() => app.close());

const numbered = async (options: object) => {
  await app.call(updateInvoiceSettings, { options });
  const { next } = await app.call(getInvoiceSettings, {});
  const { number } = await app.call(createInvoice, { clientId, amount: '10.00', issue: true });
  expect(number).toBe(next.invoice);
  return number;
};

test('a number is what the settings say: by year, by month or for ever, each series counting by itself', async () => {
  expect(await numbered({})).toBe('INV-2026-0001');
  expect(await numbered({ numbering: 'month', numberDigits: 2 })).toBe('INV-2026-06-01');
  expect(await numbered({ numbering: 'never', invoicePrefix: 'R', numberDigits: 6 })).toBe('R000001');
  expect(await numbered({ numbering: 'year', invoicePrefix: 'INV-', numberDigits: 4 })).toBe('INV-2026-0002');
  expect(await ledgerFaults(app)).toEqual([]);
});
