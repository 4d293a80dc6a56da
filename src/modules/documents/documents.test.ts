import { getDocument as openPdf } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient } from '#modules/clients/operations/clients.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { setLogo, updateBrand } from '#modules/brand/operations.ts';
import { addDocumentPicture } from './operations/pictures.ts';
import { setDocumentData } from './operations/data.ts';
import { checkDocument, createDocument, deleteDocument, listDocuments, publishDocument, updateDocument } from './operations/documents.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp({ currency: 'EUR' });
});
afterAll(() => app.close());

const headers = () => ({ authorization: 'Bearer operator-token-of-tests', 'x-steward-company': app.company.companyId });
const see = (id: string, face: string) => app.http.inject({ url: `/api/documents/${id}/${face}`, headers: headers() });
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR4nGP4z8CAB+GTG8HSALfKY52fTcuYAAAAAElFTkSuQmCC';

/** As another program reads it: pdf.js knows nothing of what wrote it. */
async function read(bytes: Buffer) {
  const task = openPdf({ data: new Uint8Array(bytes), verbosity: 0 });
  const pdf = await task.promise;
  const texts: string[] = [];
  const trees: string[] = [];
  for (let page = 1; page <= pdf.numPages; page++) {
    const one = await pdf.getPage(page);
    texts.push((await one.getTextContent()).items.map((item) => ('str' in item ? item.str : '')).join(' '));
    trees.push(JSON.stringify(await one.getStructTree()));
  }
  await task.destroy();
  return { pages: texts.length, text: texts.join(' ').replaceAll(/\s+/g, ' '), tree: trees.join('') };
}

const SALES = ['Day;Channel;Revenue', '2026-01-05;Shop;1.200,50', '2026-01-19;Online;800,00', '2026-02-02;Shop;1.000,00', '2026-04-06;Online;3.000,00'].join('\n'); // prettier-ignore
const blocks = [
  { id: 'a', type: 'heading', text: 'For {{ person.first_name }}' },
  { id: 'b', type: 'text', text: 'Revenue of **{{ data.sales.rows }}** rows, <b>plain</b>. See [notes](https://acme.example/n).\n\n- one\n- two' },
  { id: 'c', type: 'figures', items: [{ label: 'Revenue', data: 'sales', column: 'Revenue' }] },
  { id: 'd', type: 'chart', chart: 'stacked', title: 'By month', data: 'sales', x: 'Day', y: ['Revenue'], by: 'Channel', grain: 'month' },
  { id: 'e', type: 'table', title: 'All', data: 'sales', totals: true },
  { id: 'f', type: 'prices', discountPercent: 10, taxPercent: 19, lines: [{ description: 'Work', quantity: 1.5, unitCents: 9_999 }, { description: 'More', unitCents: 5_000, optional: true }] },
]; // prettier-ignore

async function aReport() {
  const client = await app.call(createClient, { name: 'Ann Lee', email: `ann${Math.random()}@acme.test`, status: 'active' });
  const made = await app.call(createDocument, { title: 'Sales & more', clientId: client.id, blocks: [...(blocks as never[])] /* as JSON gives them */ });
  await app.call(setDocumentData, { documentId: made.id, name: 'sales', csv: SALES });
  return { id: made.id, client };
} // prettier-ignore

describe('a document', () => {
  test('is one content, seen as a page and as a PDF with the same words and figures, the same bytes each time', async () => {
    const { id } = await aReport();
    expect(await app.call(publishDocument, { documentId: id })).toMatchObject({ version: 1, changed: false });
    const [page, pdf, again] = [await see(id, 'page'), await see(id, 'pdf'), await see(id, 'pdf')];
    expect(pdf.rawPayload.equals(again.rawPayload)).toBe(true);
    const { text, tree } = await read(pdf.rawPayload);
    for (const says of ['Sales & more', 'For Ann Lee ·', 'For Ann', '6,000.5', 'Jan 2026', 'Mar 2026', '€149.99', '€160.64', 'VAT 19%', 'notes (https://acme.example/n)'])
      expect(text).toContain(says);
    for (const tag of ['H1', 'H2', 'LI', 'Figure', 'Table', 'TH']) expect(tree).toContain(`"role":"${tag}"`);
    expect(tree).toContain('Stacked bars, 4 places');
    expect(page.body).toContain('&#60;b&#62;plain&#60;/b&#62;');
    expect(page.body).toContain('<desc id="c3-d">Stacked bars, 4 places. Online: highest');
    for (const says of ['<strong>4</strong>', '6,000.5', '€160.64', 'rel="noopener nofollow">notes</a>']) expect(page.body).toContain(says);
    expect(page.headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; img-src/);
    expect(page.body).not.toContain('<script');
  });

  test('shows what was published until it is published again, even when its data changes', async () => {
    const { id } = await aReport();
    await app.call(publishDocument, { documentId: id });
    app.clock.advance({ seconds: 5 });
    await app.call(setDocumentData, { documentId: id, name: 'sales', rows: [{ Day: '2026-05-01', Channel: 'Shop', Revenue: 7 }] });
    expect((await see(id, 'page')).body).toContain('6,000.5');
    expect((await see(id, 'page?draft')).body).not.toContain('6,000.5');
    expect((await app.call(listDocuments, { q: 'sales' })).items.find((one) => one.id === id)).toMatchObject({ version: 1, changed: true });
    await app.call(publishDocument, { documentId: id });
    expect((await see(id, 'page')).body).not.toContain('6,000.5');
    expect((await see(id, 'page?version=1')).body).toContain('6,000.5');
  });

  test('is not published with a gap: every place is named, with the word that may be meant', async () => {
    const { id } = await aReport();
    const wrong = [
      { id: 'x', type: 'text', text: 'Dear {{ person.frist_name }}' },
      { id: 'y', type: 'chart', data: 'sales', x: 'Day', y: ['Revenues'] },
      { id: 'z', type: 'table', data: 'sale' },
      { id: 'w', type: 'text', text: '{% if %}' },
    ];
    await app.call(updateDocument, { documentId: id, blocks: wrong as never /* as JSON gives them */ });
    const { faults } = await app.call(checkDocument, { documentId: id });
    expect(faults.map(({ path }) => path)).toEqual(['blocks.0.text', 'blocks.1.x', 'blocks.2.data', 'blocks.3.text']);
    expect(faults[0]?.message).toContain('person.frist_name');
    expect(faults[1]?.message).toContain('did you mean “Revenue”?');
    expect(faults[2]?.message).toContain('did you mean “sales”?');
    await expect(app.call(publishDocument, { documentId: id })).rejects.toMatchObject({ code: 'document_unfinished' });
  });

  test('holds pictures by their bytes, wears the company’s brand, and goes with its versions', async () => {
    const { picture } = await app.call(addDocumentPicture, { contentBase64: PNG });
    expect(await app.call(updateBrand, { accent: '#ffd400', paper: 'letter' })).toMatchObject({ colours: { corrected: true } });
    // A form of the company shows the same colour, by a second style that its policy names.
    const form = await app.http.inject({ url: '/contact' });
    expect(form.body).toMatch(/<style>:root\{--accent:#(?!ffd400)/);
    expect(String(form.headers['content-security-policy']).match(/style-src 'sha256-\S+ 'sha256-\S+;/)).not.toBeNull();
    await app.call(setLogo, { contentBase64: PNG });
    const made = await app.call(createDocument, { kind: 'presentation', title: 'With a picture', blocks: [{ id: 'p', type: 'picture', picture, alt: 'A red square', caption: '', width: 50 }] });
    await app.call(publishDocument, { documentId: made.id });
    const page = await see(made.id, 'page');
    expect(page.body).toContain(`src="/api/documents/pictures/${picture}" alt="A red square" width="10" height="10"`);
    // Yellow can't be read on white: it is darkened until it can.
    expect(/--accent:(#\w+)/.exec(page.body)?.[1]).toMatch(/^#(?!ffd400)[0-9a-f]{6}$/);
    const { tree } = await read((await see(made.id, 'pdf')).rawPayload);
    expect(tree).toContain('A red square');
    expect((await app.http.inject({ url: `/api/documents/pictures/${picture}`, headers: headers() })).headers['content-type']).toBe('image/png');
    const other = await app.aCompany('Other');
    expect((await app.http.inject({ url: `/api/documents/${made.id}/pdf`, headers: { ...headers(), 'x-steward-company': other.companyId } })).statusCode).toBe(404);
    await app.call(deleteDocument, { documentId: made.id });
    expect((await see(made.id, 'pdf')).statusCode).toBe(404);
  });

  test('begins with sentences that say what belongs there, in both languages, and publishes as it is', async () => {
    for (const kind of ['report', 'proposal', 'presentation'] as const)
      for (const language of ['en', 'de'] as const) {
        const made = await app.call(createDocument, { kind, title: `${kind} ${language}`, language });
        expect(await app.call(publishDocument, { documentId: made.id })).toMatchObject({ version: 1 });
      }
  });

  test('asks the house’s own metrics anew each time it is drawn', async () => {
    const chart = { id: 'm', type: 'chart', chart: 'line', data: 'leads', x: 'Period', y: ['Value'], grain: 'month' };
    const made = await app.call(createDocument, { title: 'Leads', blocks: [chart] as never /* as JSON gives them */ });
    await expect(app.call(setDocumentData, { documentId: made.id, name: 'leads', metric: { metric: 'leads.newly' } })).rejects.toThrow('no metric leads.newly');
    await app.call(setDocumentData, { documentId: made.id, name: 'leads', metric: { metric: 'leads.new', months: 3 } });
    expect(await app.call(checkDocument, { documentId: made.id })).toMatchObject({ faults: [] });
    await app.call(publishDocument, { documentId: made.id });
  });
}); // prettier-ignore
