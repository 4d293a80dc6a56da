import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { expect, test } from 'vitest';
import { Sheet } from './sheet.ts';

test('a point can be copied and searched after a colon was drawn, whose parts are points', async () => {
  for (const weight of ['regular', 'bold', 'italic'] as const) {
    const sheet = new Sheet({ title: 'Points', language: 'en', at: new Date(0), letter: false });
    sheet.tagged('P', () => sheet.text('First: second; 1,200.50 acme.example', 50, 50, { weight }));
    const pdf = await getDocument({ data: new Uint8Array(await sheet.bytes()), verbosity: 0 }).promise;
    const { items } = await (await pdf.getPage(1)).getTextContent();
    expect(items.map((item) => ('str' in item ? item.str : '')).join('')).toBe('First: second; 1,200.50 acme.example');
    await pdf.loadingTask.destroy();
  }
});
