import { SaxesParser } from 'saxes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testApp, type TestApp } from '#testing/app.ts';
import { createInvoice, issueInvoice } from '../operations/invoices.ts';
import { creditInvoice, payInvoice } from '../operations/money.ts';
import { setLogo } from '#modules/brand/operations.ts';
import { updateInvoiceSettings } from '../operations/settings.ts';
import { aPayer } from '../testing.ts';
import { loadDocument } from './load.ts';
import { drawInvoice } from './draw.ts';
import { readPdf as read } from './reading.ts';

let app: TestApp;
let clientId: string;
beforeAll(async () => {
  app = await testApp();
  clientId = await aPayer(app);
});
afterAll(() => app.close());

const LINES = [
  { description: 'Advice & more <on site>', quantity: 1.5, unit: 'h', unitPriceCents: 12_345 },
  { description: 'Book', quantity: 3, unitPriceCents: 999, taxRate: 7, discountPercent: 10 },
  { description: 'Deduction', quantity: 1, unitPriceCents: -1_000 },
];
const draw = async (id: string) =>
  drawInvoice(await app.runtime.database.read(app.company.companyId, (tx) => loadDocument(tx, app.company.companyId, id)));

/** Texts of the XML by path, in order; attributes are left out. */
function valuesOf(xml: string): { path: string; text: string }[] {
  const found: { path: string; text: string }[] = [];
  const path: string[] = [];
  let text = '';
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', (tag) => {
    path.push(tag.name.split(':')[1] ?? tag.name);
    text = '';
  });
  parser.on('text', (part) => (text += part));
  parser.on('closetag', () => {
    if (text.trim() !== '') found.push({ path: path.join('/'), text: text.trim() });
    path.pop();
    text = '';
  });
  parser.write(xml).close();
  return found;
}

test('an invoice is PDF/A-3 with its text readable, tagged, and the electronic invoice inside', async () => {
  const { id } = await app.call(createInvoice, { clientId, lines: LINES, title: 'June', issue: true });
  const { text, files, xmp, tree, pages } = await read(await draw(id));
  for (const word of ['Invoice INV-2026-0001', 'Payer AG', 'Advice & more <on site>', 'Total', 'DE89 3704 0044 0532 0130 00', 'June'])
    expect(text).toContain(word);
  expect(pages).toBe(1);
  expect(xmp).toMatch(/<pdfaid:part>3<\/pdfaid:part>\s*<pdfaid:conformance>A</);
  expect(xmp).toContain('<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>');
  expect(tree).toMatch(/"role":"H1".*"role":"Table".*"role":"TR".*"role":"TD"/);
  expect([...files.keys()]).toEqual(['factur-x.xml']);
});

test('the same invoice gives the same bytes, before and after it is paid, whatever the settings say later', async () => {
  const { id } = await app.call(createInvoice, { clientId, lines: LINES, issue: true });
  const first = await draw(id);
  await app.call(payInvoice, { invoiceId: id });
  const dot = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
  await app.call(setLogo, { contentBase64: dot });
  await app.call(updateInvoiceSettings, { options: { intro: 'Later', footer: 'Later', language: 'de' } });
  app.clock.advance({ days: 3 });
  expect((await draw(id)).equals(first)).toBe(true);
  const draft = await app.call(createInvoice, { clientId, lines: LINES });
  const drawn = await read(await draw(draft.id));
  expect(drawn.text).toContain('Entwurf');
  expect(drawn.text).toContain('Later');
  expect(drawn.tree).toContain('Figure');
  await app.call(updateInvoiceSettings, { options: { intro: '', footer: '', language: 'en' } });
});

// The rules of EN 16931 that go by figures, on what another parser read out of the file. No XSD is at hand: order and names follow the Factur-X 1.0.07 samples.
test.each([
  ['taxed at home', {}, {}],
  ['with a discount', { discountPercent: 3 }, {}],
  ['reverse charge', {}, { country: 'FR', vatId: 'FR12345678901', city: 'Paris' }],
  ['export', {}, { country: 'CH', vatId: null, city: 'Zürich' }],
])('the electronic invoice adds up by the rules of EN 16931: %s', async (_name, more, billing) => {
  const to = await aPayer(app, app.company, billing);
  const { id } = await app.call(createInvoice, { clientId: to, lines: LINES, ...more, issue: true });
  const { files } = await read(await draw(id));
  const values = valuesOf(files.get('factur-x.xml') ?? '');
  const all = (end: string) => values.filter(({ path }) => path.endsWith(end)).map(({ text }) => text);
  const cents = (end: string) => all(end).map((text) => Math.round(Number(text) * 100));
  const sum = (list: readonly number[]) => list.reduce((total, one) => total + one, 0);
  const [lines] = [cents('SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount')];
  const head = 'SpecifiedTradeSettlementHeaderMonetarySummation/';
  const [lineTotal] = cents(`${head}LineTotalAmount`);
  const [allowances] = cents(`${head}AllowanceTotalAmount`);
  const [basis] = cents(`${head}TaxBasisTotalAmount`);
  const [tax] = cents(`${head}TaxTotalAmount`);
  const [grand] = cents(`${head}GrandTotalAmount`);
  const bases = cents('ApplicableHeaderTradeSettlement/ApplicableTradeTax/BasisAmount');
  const taxes = cents('ApplicableHeaderTradeSettlement/ApplicableTradeTax/CalculatedAmount');
  const rates = all('ApplicableHeaderTradeSettlement/ApplicableTradeTax/RateApplicablePercent').map(Number);
  expect(all('GuidelineSpecifiedDocumentContextParameter/ID')).toEqual(['urn:cen.eu:en16931:2017']); // BR-1
  expect(sum(lines)).toBe(lineTotal); // BR-CO-10
  expect(sum(cents('ApplicableHeaderTradeSettlement/SpecifiedTradeAllowanceCharge/ActualAmount'))).toBe(allowances); // BR-CO-11
  expect((lineTotal ?? 0) - (allowances ?? 0)).toBe(basis); // BR-CO-13
  expect(sum(bases)).toBe(basis);
  expect(sum(taxes)).toBe(tax); // BR-CO-14
  expect((basis ?? 0) + (tax ?? 0)).toBe(grand); // BR-CO-15
  taxes.forEach((one, i) => expect(one).toBe(Math.round(((bases[i] ?? 0) * (rates[i] ?? 0)) / 100))); // BR-CO-17
  expect(cents('NetPriceProductTradePrice/ChargeAmount').every((price) => price >= 0)).toBe(true); // BR-27
  const [seller, buyer] = ['SellerTradeParty', 'BuyerTradeParty'].map((party) => all(`${party}/PostalTradeAddress/CountryID`)[0]);
  expect([seller, buyer]).toEqual(['DE', 'country' in billing ? billing.country : 'DE']); // BR-9, BR-11
  if (all('ApplicableHeaderTradeSettlement/ApplicableTradeTax/CategoryCode').includes('AE')) {
    expect(sum(taxes)).toBe(0); // BR-AE-9
    expect(all('ApplicableTradeTax/ExemptionReasonCode')).toEqual(['VATEX-EU-AE']); // BR-AE-10
    expect(all('SpecifiedTaxRegistration/ID')).toEqual(['DE123456789', 'FR12345678901']); // BR-AE-2
  }
});

test('a credit note names its invoice, on the page and inside', async () => {
  const invoice = await app.call(createInvoice, { clientId, amount: '10.00', issue: true });
  const note = await app.call(creditInvoice, { invoiceId: invoice.id });
  const { text, files } = await read(await draw(note.id));
  expect(text).toContain(`Credit note ${note.number ?? ''}`);
  expect(text).toContain(invoice.number);
  const xml = files.get('factur-x.xml') ?? '';
  expect(xml).toContain('<ram:TypeCode>381</ram:TypeCode>');
  expect(xml).toContain(`<ram:IssuerAssignedID>${invoice.number ?? ''}</ram:IssuerAssignedID>`);
});

test('a long invoice has its head on every page and its last line on the last', async () => {
  const lines = Array.from({ length: 200 }, (_, i) => ({ description: `Row ${i + 1}`, unitPriceCents: 100 }));
  const draft = await app.call(createInvoice, { clientId, lines });
  await app.call(issueInvoice, { invoiceId: draft.id });
  const { text, pages } = await read(await draw(draft.id));
  expect(pages).toBeGreaterThan(5);
  expect(text.match(/Description/g)).toHaveLength(pages);
  expect(text).toContain('Row 200');
  expect(text).toContain(`Page ${pages} of ${pages}`);
});
