import { setImmediate as breathe } from 'node:timers/promises';
import { localAmount } from '../money/currency.ts';
import type { StoredInvoice, StoredLine } from '../invoice.ts';
import { electronicInvoice } from '../xml/build.ts';
import { FACTUR_X_XMP } from '../xml/xmp.ts';
import { wrap } from '#core/pdf/fonts.ts';
import { INK, INK_2, LINE, Sheet } from '#core/pdf/sheet.ts';
import { BOTTOM, fit, LEFT, letterFoot, letterHead, ROW, SIZE } from './letter.ts';
import { localDay, localNumber, wordsOf, type Words } from './words.ts';

export interface InvoiceDocument {
  readonly invoice: StoredInvoice;
  readonly lines: readonly StoredLine[];
  /** Number of the invoice that a credit note corrects. */
  readonly originNumber: string | null;
  /** As they were when it was issued. */
  readonly intro: string;
  readonly footer: string;
  readonly logo: Buffer | null;
}

/** So many lines between two breaths: a long invoice must not hold up everything else that the process does. */
const BREATH = 40;

interface Columns {
  readonly description: number;
  readonly quantity: number;
  readonly price: number;
  readonly tax: number;
  readonly amount: number;
}

/** Draws an invoice, a quote or a credit note. The same input gives the same bytes. */
export async function drawInvoice(document: InvoiceDocument): Promise<Buffer> {
  const { invoice } = document;
  const words = wordsOf(invoice.language);
  const title = `${titleOf(invoice, words)} ${invoice.number ?? ''}`.trim();
  const at = invoice.issuedAt ?? invoice.updatedAt;
  const sheet = new Sheet({ title, language: invoice.language, at, letter: invoice.seller.country === 'US' });
  const right = sheet.width - LEFT;
  if (invoice.state === 'draft') sheet.watermark(words.draft);
  head(sheet, document, words, right);
  let y = heading(sheet, document, title, right);
  y = await table(sheet, document, words, y, right);
  y = sums(sheet, invoice, words, y, right);
  payment(sheet, invoice, words, y, right);
  sheet.onEachPage((page) => letterFoot(sheet, { seller: invoice.seller, footer: document.footer }, words, page, right));
  const xml = electronicInvoice(document);
  if (xml !== null) sheet.attach('factur-x.xml', Buffer.from(xml), { description: 'Factur-X / ZUGFeRD, EN 16931', at, xmp: FACTUR_X_XMP });
  return sheet.bytes();
}

const titleOf = ({ kind }: StoredInvoice, words: Words) =>
  ({ invoice: words.invoice, quote: words.quote, credit_note: words.creditNote })[kind];

function head(sheet: Sheet, { invoice, logo, originNumber }: InvoiceDocument, words: Words, right: number): void {
  const { seller, buyer, language } = invoice;
  const supplied = [invoice.periodStart, invoice.periodEnd].filter((day) => day !== null);
  const facts: (readonly [string, string])[] = [
    [words.number, invoice.number ?? words.draft],
    [words.date, localDay(invoice.issuedOn ?? invoice.updatedAt.toISOString().slice(0, 10), language)],
    ...(supplied.length === 0 ? [] : [[words.supplied, [...new Set(supplied)].map((day) => localDay(day, language)).join(' – ')] as const]),
    ...(invoice.dueOn === null ? [] : [[words.due, localDay(invoice.dueOn, language)] as const]),
    ...(invoice.validUntil === null ? [] : [[words.validUntil, localDay(invoice.validUntil, language)] as const]),
    ...(originNumber === null ? [] : [[words.corrects, originNumber] as const]),
    ...(invoice.reference === null ? [] : [[words.reference, invoice.reference] as const]),
    ...(buyer.vatId == null ? [] : [[words.yourVat, buyer.vatId] as const]),
  ];
  letterHead(sheet, { seller, buyer, logo }, facts, right);
}

function heading(sheet: Sheet, { invoice, intro }: InvoiceDocument, title: string, right: number): number {
  let y = 268;
  sheet.tagged('H1', () => sheet.text(fit(title, 18, right - LEFT), LEFT, y, { weight: 'bold', size: 18 }));
  y += 28;
  for (const text of [invoice.title, intro].filter((one) => one !== '')) {
    sheet.tagged('P', () => (y += sheet.block(text, LEFT, y, right - LEFT, { size: 10, color: INK_2 })));
    y += 4;
  }
  return y + 12;
}

async function table(sheet: Sheet, { invoice, lines }: InvoiceDocument, words: Words, top: number, right: number): Promise<number> {
  const columns: Columns = { description: LEFT, quantity: right - 218, price: right - 130, tax: right - 84, amount: right };
  const group = sheet.group('Table');
  const taxed = invoice.taxGroups.some(({ rate }) => rate > 0);
  const money = (cents: number) => localAmount(cents, invoice.currency, invoice.language);
  const number = (value: number) => localNumber(value, invoice.language);
  const numbers = { size: 7.5, color: INK_2, align: 'right' } as const;
  const headRow = (y: number) => {
    sheet.text(words.description, columns.description, y, { size: 7.5, color: INK_2 });
    sheet.text(words.quantity, columns.quantity, y, numbers);
    sheet.text(words.price, columns.price, y, numbers);
    if (taxed) sheet.text(words.tax, columns.tax, y, numbers);
    sheet.text(`${words.amount} ${invoice.currency}`, columns.amount, y, numbers);
  };
  let y = top;
  sheet.tagged('TR', () => headRow(y), group);
  sheet.rule(LEFT, y + 14, right - LEFT, INK, 0.8);
  y += 22;
  const width = columns.quantity - columns.description - 62;
  for (const [i, line] of lines.entries()) {
    if (i % BREATH === BREATH - 1) await breathe();
    const texts = wrap(line.description, 'regular', SIZE, width);
    const less = line.discountBps === 0 ? null : words.lineDiscount(number(line.discountBps / 100));
    const height = (texts.length + (less === null ? 0 : 1)) * ROW;
    if (y + Math.min(height, 20 * ROW) > sheet.height - BOTTOM) {
      sheet.newPage();
      sheet.artifact(() => headRow(56));
      sheet.rule(LEFT, 70, right - LEFT, INK, 0.8);
      y = 78;
    }
    const from = y;
    const row = sheet.group('TR', group);
    sheet.tagged('TD', () => { texts.forEach((text, at) => sheet.text(text, columns.description, from + at * ROW)); if (less !== null) sheet.text(less, columns.description, from + texts.length * ROW, { color: INK_2 }); }, row); // prettier-ignore
    sheet.tagged('TD', () => sheet.text(`${number(line.quantity)}${line.unit === '' ? '' : ` ${line.unit}`}`, columns.quantity, from, { align: 'right' }), row); // prettier-ignore
    sheet.tagged('TD', () => sheet.text(money(line.unitPriceCents), columns.price, from, { align: 'right' }), row);
    if (taxed)
      sheet.tagged('TD', () => sheet.text(`${number(line.taxRate / 1000)} %`, columns.tax, from, { align: 'right', color: INK_2 }), row);
    sheet.tagged('TD', () => sheet.text(money(line.netCents), columns.amount, from, { align: 'right' }), row);
    row.end();
    y += height + 6.5;
    sheet.rule(LEFT, y - 4, right - LEFT, LINE, 0.4);
  }
  group.end();
  return y + 6;
}

function sums(sheet: Sheet, invoice: StoredInvoice, words: Words, top: number, right: number): number {
  const money = (cents: number) => localAmount(cents, invoice.currency, invoice.language);
  const percent = (rate: number) => localNumber(rate / 1000, invoice.language);
  const taxed = invoice.taxGroups.filter(({ rate }) => rate > 0);
  const rows: (readonly [string, string])[] = [
    ...(invoice.discountCents === 0
      ? []
      : [[words.subtotal, money(invoice.subtotalCents)] as const, [words.discount, money(-invoice.discountCents)] as const]),
    ...(taxed.length === 0 ? [] : [[words.net, money(invoice.netCents)] as const]),
    ...taxed.map((group) => [words.taxAt(percent(group.rate), money(group.netCents)), money(group.taxCents)] as const),
  ];
  let y = top;
  if (y + (rows.length + 3) * 16 > sheet.height - BOTTOM) {
    sheet.newPage();
    y = 56;
  }
  sheet.tagged('P', () => {
    for (const [label, value] of rows) {
      sheet.text(label, right - 110, y, { color: INK_2, align: 'right' });
      sheet.text(value, right, y, { align: 'right' });
      y += 16;
    }
  });
  sheet.rule(right - 230, y + 1, 230, INK, 0.8);
  y += 9;
  sheet.tagged('P', () => {
    sheet.text(words.total, right - 110, y, { weight: 'bold', size: 12, align: 'right' });
    sheet.text(`${money(invoice.totalCents)} ${invoice.currency}`, right, y, { weight: 'bold', size: 12, align: 'right' });
  });
  return y + 30;
}

function payment(sheet: Sheet, invoice: StoredInvoice, words: Words, top: number, right: number): void {
  const { seller, language } = invoice;
  const money = (cents: number) => `${localAmount(cents, invoice.currency, language)} ${invoice.currency}`;
  const { totalCents, depositCents: first, depositDueOn: firstOn, dueOn } = invoice;
  const terms = () => {
    if (invoice.kind === 'quote') return first === null ? '' : words.depositFirst(money(first));
    if (invoice.kind !== 'invoice' || dueOn === null || totalCents <= 0) return '';
    if (first === null || firstOn === null) return words.pay(money(totalCents), localDay(dueOn, language));
    return words.payParts(money(first), localDay(firstOn, language), money(totalCents - first), localDay(dueOn, language));
  };
  const account = [seller.iban == null ? null : spaced(seller.iban), seller.bic, seller.bankName].filter(Boolean).join(' · ');
  const texts = [
    words.taxNotes[invoice.treatment] ?? '',
    invoice.notes,
    terms(),
    invoice.kind === 'invoice' && account !== '' ? `${words.bank}: ${account}\n${words.purpose}: ${invoice.number ?? words.draft}` : '',
  ].filter((text) => text !== '');
  let y = top;
  for (const text of texts) {
    if (y + wrap(text, 'regular', SIZE, right - LEFT).length * ROW > sheet.height - BOTTOM) {
      sheet.newPage();
      y = 56;
    }
    sheet.tagged('P', () => (y += sheet.block(text, LEFT, y, right - LEFT)));
    y += 8;
  }
}

const spaced = (iban: string) => iban.replace(/(.{4})(?=.)/g, '$1 ');
