import { afterAll, beforeAll, expect, test } from 'vitest';
import { createProduct, updateProduct } from '#modules/deals/operations/catalogue.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { createInvoice, getInvoiceOperation, updateInvoice } from './operations/invoices.ts';
import { createPlan } from './recurring/operations.ts';
import { aPayer } from './testing.ts';

let app: TestApp;
let clientId: string;
beforeAll(async () => {
  app = await testApp({ currency: 'EUR' });
  clientId = await aPayer(app);
});
afterAll(() => app.close());

test('a line that names a product takes over text, unit, price and tax where it says none, and keeps them', async () => {
  const book = await app.call(createProduct, { name: 'Book', description: 'Hardcover', unit: 'piece', taxRate: 7, priceCents: 2_000 });
  const { id } = await app.call(createInvoice, { clientId, lines: [{ productId: book.id, quantity: 3 }, { productId: book.id, description: 'Signed book', unitPriceCents: 2_500, taxRate: null }] });
  await app.call(updateProduct, { productId: book.id, name: 'Novel', priceCents: 1, taxRate: null });
  expect((await app.call(getInvoiceOperation, { invoiceId: id })).lines).toMatchObject([
    { description: 'Book\nHardcover', quantity: 3, unit: 'piece', unitPriceCents: 2_000, taxRate: 7, netCents: 6_000 },
    { description: 'Signed book', unit: 'piece', unitPriceCents: 2_500, taxRate: 19 },
  ]);
  expect((await app.call(updateInvoice, { invoiceId: id, lines: [{ productId: book.id }] })).lines).toMatchObject([{ description: 'Novel\nHardcover', unitPriceCents: 1, taxRate: 19 }]);
  const plan = await app.call(createPlan, { clientId, title: 'Monthly', lines: [{ productId: book.id, unitPriceCents: 700 }] });
  expect(plan.versions[0]?.lines).toMatchObject([{ description: 'Novel\nHardcover', unitPriceCents: 700 }]);
}); // prettier-ignore

test('what can’t be written out is refused where it is', async () => {
  const dear = await app.call(createProduct, { name: 'Dear', priceCents: 100, currency: 'USD' });
  const asked = (line: object) => app.call(createInvoice, { clientId, lines: [{ description: 'x', unitPriceCents: 1 }, line] });
  await expect(asked({ productId: dear.id })).rejects.toMatchObject({ fields: [{ path: 'lines.1.unit_price_cents' }] });
  await expect(asked({ unitPriceCents: 5 })).rejects.toMatchObject({ fields: [{ path: 'lines.1.description' }] });
  await expect(asked({ productId: clientId })).rejects.toMatchObject({ code: 'product_not_found' });
});
