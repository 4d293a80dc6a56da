import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '#core/ids.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import fc from '#testing/property.ts';
import type { StoredInvoice } from '../invoice.ts';
import { chargeLateFees } from '../late/charge.ts';
import { totalsOf } from '../money/totals.ts';
import { createInvoice, listInvoicesOperation } from '../operations/invoices.ts';
import { creditInvoice, payInvoice } from '../operations/money.ts';
import { updateInvoiceSettings } from '../operations/settings.ts';
import { drawInvoice, type InvoiceDocument } from '../pdf/draw.ts';
import { loadDocument } from '../pdf/load.ts';
import { readInvoiceXml } from '../pdf/reading.ts';
import { createPlan } from '../recurring/operations.ts';
import { billDue } from '../recurring/bill.ts';
import { aPayer } from '../testing.ts';
import { brokenRules } from './verify/rules.ts';
import { schemaFaults } from './verify/schema.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());

/** What stands in the PDF, read back out of it. */
async function inside(id: string): Promise<string | null> {
  const document = await app.runtime.database.read(app.company.companyId, (tx) => loadDocument(tx, app.company.companyId, id));
  return readInvoiceXml(await drawInvoice(document));
}

/** By name what is wrong with each: by the schema of Factur-X, and by the rules of EN 16931. */
async function faultsOf(named: Readonly<Record<string, string | null>>, digits = 2): Promise<Record<string, readonly string[]>> {
  const list = Object.entries(named).map(([name, xml]) => ({ name, xml: xml ?? '<missing/>' }));
  const schema = await schemaFaults(list.map(({ xml }) => xml));
  const found = list.map(({ name, xml }, i) => [name, [...(schema[i] ?? []), ...brokenRules(xml, digits)]] as const);
  return Object.fromEntries(found.filter(([, faults]) => faults.length > 0));
}

const line = (unitPriceCents: number, more: object = {}) => ({ description: 'Care', quantity: 1, unitPriceCents, ...more });
const FRANCE = { country: 'FR', city: 'Paris', vatId: 'FR12345678901' };
const CHARACTERS = 'Ünïcödé & <tags> "quotes" \'single\' ]]> 漢字 🙂 \u0001\ufffe';

test('the electronic invoice of whatever was issued is valid: rates, treatments, discounts, currencies, texts, periods', async () => {
  const issue = async (billing: object, draft: object) =>
    inside(
      (await app.call(createInvoice, { clientId: await aPayer(app, app.company, billing), lines: [line(1_000)], ...draft, issue: true }))
        .id,
    );
  const many = [
    line(12_345, { quantity: 1.5, unit: 'h' }),
    line(999, { taxRate: 7, quantity: 3, discountPercent: 10 }),
    line(5_000, { taxRate: 0 }),
  ];
  const faults = await faultsOf({
    'one rate': await issue({}, {}),
    'many rates': await issue({}, { lines: many }),
    'a discount in percent': await issue({}, { lines: many, discountPercent: 3.33 }),
    'an amount off': await issue({}, { lines: many, discountCents: 1_001 }),
    'a discount on a deduction': await issue({}, { lines: [...many, line(-1_000, { discountPercent: 10 })] }),
    'all given away': await issue({}, { discountPercent: 100 }),
    'reverse charge': await issue(FRANCE, { lines: many.map((one) => ({ ...one, taxRate: null })), discountPercent: 5 }),
    'a consumer in another member state': await issue({ country: 'FR', city: 'Paris' }, {}),
    export: await issue({ country: 'CH', city: 'Zürich' }, {}),
    'outside of the tax': await issue(FRANCE, { treatment: 'outside' }),
    'small business': await issue({}, { treatment: 'small_business' }),
    dollars: await issue({}, { currency: 'USD', lines: many }),
    'a period': await issue({}, { periodStart: '2026-05-01', periodEnd: '2026-05-31' }),
    'the first day alone': await issue({}, { periodStart: '2026-05-01' }),
    'the last day alone': await issue({}, { periodEnd: '2026-05-31' }),
    'due at once': await issue({}, { paymentDays: 0 }),
    'strange characters': await issue({ name: 'Ünïcödé & <GmbH> "漢字"', line1: CHARACTERS.slice(0, 40) }, { title: CHARACTERS, notes: `${CHARACTERS}\n\n${CHARACTERS}`, reference: CHARACTERS.slice(0, 60), lines: [line(100, { description: `${CHARACTERS}\n${CHARACTERS}`, unit: 'Stück' })] }),
    'long texts': await issue({}, { title: 'T'.repeat(200), notes: 'n '.repeat(2_500), lines: [line(100, { description: 'word '.repeat(399) })] }),
    'only what cannot be written': await issue({}, { lines: [line(100, { description: '\u0001' })] }),
  }); // prettier-ignore
  expect(faults).toEqual({});
  const lines = [line(12_345, { quantity: 1.5 }), line(99, { taxRate: 7 })];
  expect(await faultsOf({ yen: await issue({}, { currency: 'JPY', lines, discountPercent: 3 }) }, 0)).toEqual({});
});

test('what follows from an invoice is valid, too: credit notes, late fees, invoices of a plan, and after a payment', async () => {
  const clientId = await aPayer(app);
  const invoice = await app.call(createInvoice, {
    clientId,
    lines: [line(10_000), line(501, { taxRate: 7 })],
    discountPercent: 1,
    issue: true,
  });
  const whole = await app.call(createInvoice, { clientId, lines: [line(999)], discountCents: 99, issue: true });
  await app.call(payInvoice, { invoiceId: invoice.id, amount: '10.00' });
  const note = await app.call(creditInvoice, { invoiceId: whole.id });
  const startsOn = app.clock.now().toISOString().slice(0, 10);
  const plan = await app.call(createPlan, { clientId, title: 'Care', unit: 'months', startsOn, mode: 'issue', lines: [line(4_999)] });
  await billDue(app.runtime, app.company.companyId);
  await app.call(updateInvoiceSettings, { options: { lateFeeCents: 500, lateRate: 1.5, lateEvery: 'month', lateMode: 'issue' } });
  app.clock.advance({ days: 90 });
  const [fee] = await chargeLateFees(app.runtime, app.company.companyId);
  await app.call(updateInvoiceSettings, { options: { lateFeeCents: 0, lateRate: 0 } });
  const billed = (await app.call(listInvoicesOperation, { clientId })).items.find(({ title }) => title === 'Care');
  expect(plan.title).toBe('Care');
  const faults = await faultsOf({
    'partly paid': await inside(invoice.id),
    'a credit note': await inside(note.id),
    'a late fee': await inside(fee ?? ''),
    'an invoice of a plan': await inside(billed?.id ?? ''),
  });
  expect(faults).toEqual({});
});

test('without a VAT number the tax number says who sells; what the norm cannot hold has no XML', async () => {
  const clientId = await aPayer(app);
  await app.call(updateInvoiceSettings, {
    seller: { name: 'Ann', city: 'Berlin', country: 'DE', vatId: null, taxNumber: '12/345/67890' },
    options: { smallBusiness: true },
  });
  const small = await app.call(createInvoice, { clientId, amount: '10.00', issue: true });
  await app.call(updateInvoiceSettings, { options: { smallBusiness: false } });
  const abroad = await app.call(createInvoice, { clientId, amount: '10.00', treatment: 'export', issue: true });
  const outside = await app.call(createInvoice, { clientId, amount: '10.00', treatment: 'outside', issue: true });
  expect(await faultsOf({ 'small business': await inside(small.id), outside: await inside(outside.id) })).toEqual({});
  expect(await inside(abroad.id)).toBeNull();
  const dinars = await app.call(createInvoice, { clientId, amount: '10.005', currency: 'KWD', issue: true });
  expect(await inside(dinars.id)).toBeNull();
  await app.call(updateInvoiceSettings, {
    seller: { name: 'Ann', city: 'Austin', country: 'US', taxNumber: '1' },
    options: { usRates: { CA: 7.25 } },
  });
  const american = await app.call(createInvoice, { clientId: await aPayer(app), amount: '10.00', treatment: 'us_sales_tax', issue: true });
  expect(await inside(american.id)).toBeNull();
});

const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 60 });
const rates = fc.constantFrom<number>(0, 5_500, 7_000, 8_100, 19_000, 20_000, 25_500);
const lines = fc.array(
  fc.record({
    description: text,
    quantity: fc.integer({ min: 1, max: 1_000_000 }).map((n) => n / 10_000),
    unit: fc.constantFrom<string>('', 'h', 'kg', 'Stück', 'fortnight'),
    unitPriceCents: fc.integer({ min: -100_000, max: 10_000_000 }),
    discountBps: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 10_000 })),
    taxRate: rates,
  }),
  { minLength: 1, maxLength: 12 },
);
const day = fc.integer({ min: 1, max: 28 }).map((n) => `2026-06-${String(n).padStart(2, '0')}`);
const anyInvoice = fc.record({
  lines,
  discount: fc.oneof(fc.constant(null), fc.record({ percentBps: fc.integer({ min: 0, max: 10_000 }) }), fc.record({ cents: fc.integer({ min: 0, max: 1_000_000 }) })), // prettier-ignore
  treatment: fc.constantFrom('domestic' as const, 'reverse_charge' as const, 'export' as const, 'small_business' as const, 'outside' as const),
  currency: fc.constantFrom('EUR', 'USD', 'CHF', 'JPY'),
  kind: fc.constantFrom('invoice' as const, 'credit_note' as const),
  dueOn: fc.option(day), periodStart: fc.option(day), taxNumber: fc.option(fc.constant('12/345/67890')), phone: fc.option(text),
  iban: fc.option(fc.constant('DE89370400440532013000')), title: text, notes: fc.option(text), reference: fc.option(text), name: text.map((one) => `N${one}`),
}); // prettier-ignore

const at = new Date('2026-06-02T08:00:00.000Z');
const CATEGORY = { reverse_charge: 'AE', export: 'G', small_business: 'E', outside: 'O' } as const;

/** As it would come from the database, without going there. */
function documentOf(given: typeof anyInvoice extends fc.Arbitrary<infer T> ? T : never): InvoiceDocument {
  const { treatment, discount } = given;
  const priced = given.lines.map((one) => ({
    ...one,
    taxRate: treatment === 'domestic' ? one.taxRate : 0,
    taxCategory: treatment === 'domestic' ? (one.taxRate > 0 ? ('S' as const) : ('Z' as const)) : CATEGORY[treatment],
  }));
  const { lineCents, groups, ...sums } = totalsOf(priced, discount);
  const address = { line1: 'Kai 7', postcode: '10115', city: 'Berlin' };
  const { kind, currency, dueOn, periodStart, title, reference, phone, iban, taxNumber } = given;
  const invoice: StoredInvoice = {
    ...sums, id: newId(), companyId: newId(), clientId: null, kind, state: 'issued', number: 'INV-2026-0042', originId: null, currency, issuedOn: '2026-06-02', dueOn,
    overdueFrom: null, validUntil: null, lapsesAt: null, deposit: null, depositCents: null, depositDays: null, depositDueOn: null, periodStart, periodEnd: null, paymentDays: 14, treatment,
    seller: { ...address, name: 'Acme', country: 'DE', vatId: 'DE123456789', taxNumber, phone, iban, email: 'us@acme.test' },
    buyer: { ...address, name: given.name, country: 'FR', vatId: 'FR12345678901' }, title, notes: given.notes ?? '', reference, language: 'en', texts: {}, discount,
    taxGroups: groups, paidCents: 0, creditedCents: 0, writtenOffCents: 0, reminders: 0, remindedAt: null, issuedAt: at, paidAt: null, createdAt: at, updatedAt: at,
  }; // prettier-ignore
  return {
    invoice,
    lines: priced.map((one, i) => ({ ...one, netCents: lineCents[i] ?? 0 })),
    originNumber: kind === 'credit_note' ? 'INV-2026-0001' : null,
    intro: '',
    footer: '',
    logo: null,
  };
}

test('whatever an invoice says and adds up to, what lies in its PDF is valid', async () => {
  const given = fc.sample(anyInvoice, 120);
  const xmls = await Promise.all(given.map(async (one) => (await readInvoiceXml(await drawInvoice(documentOf(one)))) ?? ''));
  const faults = await schemaFaults(xmls);
  const broken = given.map((one, i) => ({
    one,
    schema: faults[i] ?? [],
    rules: brokenRules(xmls[i] ?? '', one.currency === 'JPY' ? 0 : 2),
  }));
  expect(broken.filter(({ schema, rules }) => schema.length + rules.length > 0).slice(0, 1)).toEqual([]);
});

test('an invoice of 10,000 lines is valid', async () => {
  const [one] = fc.sample(anyInvoice, { numRuns: 1, seed: 7 });
  if (one === undefined) throw new Error('nothing was made up');
  const many = Array.from({ length: 10_000 }, (_, i) => ({ description: `Visit ${i + 1}`, quantity: 1.5, unit: 'h', unitPriceCents: 9_500 + i, discountBps: 0, taxRate: 19_000 })); // prettier-ignore
  const document = documentOf({ ...one, lines: many, currency: 'EUR', treatment: 'domestic' });
  expect(await faultsOf({ long: await readInvoiceXml(await drawInvoice(document)) })).toEqual({});
});

test('what is wrong is found: each planted fault by the schema or by the rule that it breaks', async () => {
  const good = await inside((await app.call(createInvoice, { clientId: await aPayer(app), lines: [line(1_000), line(500, { taxRate: 7 })], discountPercent: 10, issue: true })).id) ?? ''; // prettier-ignore
  expect(brokenRules(good)).toEqual([]);
  const plant = (from: string | RegExp, to: string) => {
    const bad = good.replace(from, to);
    expect(bad).not.toBe(good);
    return bad;
  };
  const [order, missing, date, unknown, twice] = await schemaFaults([
    plant(/(<ram:ID>INV[^<]*<\/ram:ID>)(<ram:TypeCode>380<\/ram:TypeCode>)/, '$2$1'),
    plant(/<ram:InvoiceCurrencyCode>EUR<\/ram:InvoiceCurrencyCode>/, ''),
    plant('format="102"', 'form="102"'),
    plant('<ram:BilledQuantity', '<ram:Extra/><ram:BilledQuantity'),
    plant(/(<ram:GrandTotalAmount>[^<]*<\/ram:GrandTotalAmount>)/, '$1$1$1'),
  ]);
  expect(order?.[0]).toContain('TypeCode');
  expect(missing?.[0]).toContain('InvoiceCurrencyCode');
  expect(date?.[0]).toContain('form');
  expect(unknown?.[0]).toContain('Extra');
  expect(twice?.[0]).toContain('GrandTotalAmount');
  const rules: Record<string, readonly [string | RegExp, string]> = {
    'BR-03': [/(<ram:IssueDateTime><udt:DateTimeString format="102">)\d{8}/, '$12026-06-02'],
    'BR-CO-10': [/(<ram:LineTotalAmount>)15\.00(<\/ram:LineTotalAmount><ram:ChargeTotalAmount>)/, '$115.01$2'],
    'BR-CO-11': [/<ram:AllowanceTotalAmount>1\.50/, '<ram:AllowanceTotalAmount>1.51'],
    'BR-CO-15': [/<ram:GrandTotalAmount>\d+/, '<ram:GrandTotalAmount>99'],
    'BR-CO-16': [/<ram:DuePayableAmount>\d+/, '<ram:DuePayableAmount>99'],
    'BR-CO-17': [/<ram:CalculatedAmount>\d+/, '<ram:CalculatedAmount>9'],
    'BR-CO-25': [/<ram:SpecifiedTradePaymentTerms>.*<\/ram:SpecifiedTradePaymentTerms>/, ''],
    'BR-CO-26': [/<ram:ID schemeID="VA">[^<]*<\/ram:ID>/, '<ram:ID schemeID="FC">1</ram:ID>'],
    'BR-DEC': [/<ram:TaxTotalAmount currencyID="EUR">(\d+\.\d+)/, '<ram:TaxTotalAmount currencyID="EUR">$10'],
    'BR-S-01': [/<ram:CategoryCode>S<\/ram:CategoryCode>/, '<ram:CategoryCode>Z</ram:CategoryCode>'],
    'BR-09': ['<ram:CountryID>DE</ram:CountryID>', ''],
    R120: [/<ram:ChargeAmount>10\.00/, '<ram:ChargeAmount>11.00'],
  };
  for (const [rule, [from, to]] of Object.entries(rules)) {
    const found = brokenRules(plant(from, to));
    expect(found.includes(rule) || (rule === 'BR-S-01' && found.includes('BR-Z-01')), `${rule}: ${found.join(' ')}`).toBe(true);
  }
});
