import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { setRate } from '#modules/deals/operations/catalogue.ts';
import { createDeal } from '#modules/deals/operations/deals.ts';
import { createDocument } from '#modules/documents/operations/documents.ts';
import { createInvoice, getInvoiceOperation } from '../operations/invoices.ts';
import { getInvoiceSettings, updateInvoiceSettings } from '../operations/settings.ts';
import { createPlan } from '../recurring/operations.ts';
import { createClient } from '#modules/clients/operations/clients.ts';
import { testApp, type TestApp, type TestCompany } from '#testing/app.ts';
import { queryAs } from '#testing/database.ts';
import { companyCurrency, createCompany } from '#modules/accounts/public.ts';
import { updateCompany } from '#modules/accounts/operations/companies.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());

const of = ({ companyId }: Pick<TestCompany, 'companyId'>) => app.runtime.database.read(companyId, (tx) => companyCurrency(tx, companyId));
const aClient = async (as: TestCompany['admin']) => (await app.call(createClient, { name: 'Ann', email: 'ann@acme.test', status: 'active' }, { as })).id; // prettier-ignore

test('a new company counts in the currency of its time zone’s country, unless it says another', async () => {
  const made = (settings: Record<string, string>) => createCompany(app.runtime, { name: 'One', settings });
  expect(await of(await made({ time_zone: 'Asia/Kuwait' }))).toBe('KWD');
  expect(await of(await made({}))).toBe('USD');
  expect(await of(await made({ time_zone: 'Europe/Berlin', currency: 'CHF' }))).toBe('CHF');
});

test('deals, quotes, invoices, plans and documents begin with it; invoices may have one of their own', async () => {
  const company = await app.aCompany('Gulf');
  const as = company.admin;
  await app.call(setRate, { base: 'KWD' }, { as });
  const clientId = await aClient(as);
  const lines = [{ description: 'Care', unitPriceCents: 1_005 }];
  const currencies = async () => [
    (await app.call(createInvoice, { clientId, lines }, { as })).currency,
    (await app.call(createInvoice, { clientId, lines, kind: 'quote' }, { as })).currency,
    (await app.call(createPlan, { clientId, title: 'Care', lines }, { as })).currency,
    (await app.call(createDocument, { title: 'Offer' }, { as })).currency,
  ];
  expect(await currencies()).toEqual(['KWD', 'KWD', 'KWD', 'KWD']);
  await app.call(updateInvoiceSettings, { options: { currency: 'USD', paymentDays: 7 } }, { as });
  expect(await currencies()).toEqual(['USD', 'USD', 'USD', 'KWD']);
  await app.call(updateInvoiceSettings, { options: { currency: 'KWD' } }, { as });
  // Now it follows the company's again.
  await app.call(setRate, { base: 'JPY' }, { as });
  expect((await app.call(getInvoiceSettings, {}, { as })).options).toMatchObject({ currency: 'JPY', paymentDays: 7 });
  expect((await app.call(createDeal, { name: 'Deal', amountCents: 5 }, { as })).currency).toBe('JPY');
  await expect(app.call(setRate, { base: 'EUR' }, { as })).rejects.toThrow('There are deals already');
  await expect(app.call(updateCompany, { settings: { currency: 'EUR' } }, { as })).rejects.toThrow('is changed under Settings');
  await app.call(updateCompany, { settings: { currency: 'JPY', tone: 'plain' } }, { as });
  expect(await of(company)).toBe('JPY');
});

test('it stays from the first issued quote on; until then rates go and a late fee keeps its figure', async () => {
  const company = await app.aCompany('Early');
  const as = company.admin;
  await app.call(setRate, { currency: 'EUR', rate: 1.1 }, { as });
  await app.call(updateInvoiceSettings, { options: { lateFeeCents: 500 } }, { as });
  const clientId = await aClient(as);
  const draft = await app.call(createInvoice, { clientId, amount: '10.00' }, { as });
  expect((await app.call(setRate, { base: 'JPY' }, { as })).items).toEqual([]);
  expect((await app.call(getInvoiceSettings, {}, { as })).options).toMatchObject({ currency: 'JPY', lateFeeCents: 5 });
  await app.call(createInvoice, { clientId, kind: 'quote', amount: '1000', issue: true }, { as });
  await expect(app.call(setRate, { base: 'KWD' }, { as })).rejects.toThrow('There are invoices or quotes that were issued already');
  expect((await app.call(getInvoiceOperation, { invoiceId: draft.id }, { as })).currency).toBe('USD');
});

test('what is there keeps what it has when the two currencies become one', async () => {
  const companies = await Promise.all(['Deals', 'Invoices', 'Both', 'Said', 'Nothing'].map((name) => app.aCompany(name)));
  const [deals, invoices, both, said, nothing] = companies.map(({ companyId }) => companyId);
  for (const one of companies.slice(1, 4)) {
    const as = one.admin;
    await app.call(createInvoice, { clientId: await aClient(as), amount: '10.00', currency: 'EUR' }, { as });
  }
  for (const one of [companies[0], companies[2]]) if (one) await app.call(createDeal, { name: 'Deal', amountCents: 1 }, { as: one.admin });
  const migration = await readFile(new URL('../../../../migrations/0720_company_currency.sql', import.meta.url), 'utf8');
  await queryAs(
    app.target,
    'owner',
    `update companies set settings = settings - 'currency';
     create table deal_settings (company_id uuid primary key, currency text not null);
     insert into deal_settings values ('${said}', 'CHF');
     insert into invoice_settings (company_id, seller, options, updated_at) values ('${said}', '{}', '{"currency": "CHF", "paymentDays": 3}', now());
     ${migration}`,
  );
  const rows = await queryAs<{ id: string; company: string; invoices: string | null }>(
    app.target,
    'owner',
    `select c.id, c.settings ->> 'currency' as company, s.options ->> 'currency' as invoices from companies c left join invoice_settings s on s.company_id = c.id`,
  );
  const found = (id: string | undefined) => rows.filter((row) => row.id === id).map(({ company, invoices: own }) => [company, own])[0];
  expect([deals, invoices, both, said, nothing].map(found)).toEqual([['USD', null], ['EUR', null], ['USD', 'EUR'], ['CHF', null], ['USD', null]]); // prettier-ignore
});
