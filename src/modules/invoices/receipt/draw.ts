import { INK, INK_2, Sheet } from '#core/pdf/sheet.ts';
import { localAmount } from '../money/currency.ts';
import { LEFT, letterFoot, letterHead } from '../pdf/letter.ts';
import { localDay, wordsOf } from '../pdf/words.ts';
import { PAYMENT_METHODS } from '../tables.ts';
import type { Receipt } from './load.ts';

/** Draws the receipt of one payment. The same input gives the same bytes. */
export async function drawReceipt({ payment, invoice, footer, logo }: Receipt): Promise<Buffer> {
  const { seller, buyer, language, currency } = invoice;
  const words = wordsOf(language);
  const number = invoice.number ?? '';
  const title = `${words.receipt} ${number}`;
  const sheet = new Sheet({ title, language, at: payment.createdAt, letter: seller.country === 'US' });
  const right = sheet.width - LEFT;
  const money = (cents: number) => `${localAmount(cents, currency, language)} ${currency}`;
  const day = localDay(payment.receivedOn, language);
  const method = PAYMENT_METHODS.find((one) => one === payment.method) ?? 'other';
  const facts: (readonly [string, string])[] = [
    [words.date, day],
    [words.forInvoice, number],
    ...(invoice.issuedOn === null ? [] : [[words.ofDay, localDay(invoice.issuedOn, language)] as const]),
    [words.how, words.methods[method]],
    ...(invoice.reference === null ? [] : [[words.reference, invoice.reference] as const]),
  ];
  letterHead(sheet, { seller, buyer, logo }, facts, right);
  let y = 268;
  sheet.tagged('H1', () => sheet.text(words.receipt, LEFT, y, { weight: 'bold', size: 18 }));
  y += 30;
  sheet.tagged('P', () => (y += sheet.block(words.received(money(payment.amountCents), day), LEFT, y, right - LEFT, { size: 11 })));
  y += 18;
  const over = payment.amountCents - payment.appliedCents;
  const rows: (readonly [string, string])[] = [
    [words.invoiceTotal, money(invoice.totalCents)],
    [words.thisPayment, money(payment.amountCents)],
    ...(over > 0 ? [[words.intoCredit, money(over)] as const] : []),
  ];
  sheet.tagged('P', () => {
    for (const [label, value] of rows) {
      sheet.text(label, LEFT, y, { color: INK_2, size: 10 });
      sheet.text(value, right, y, { align: 'right', size: 10 });
      y += 18;
    }
  });
  sheet.rule(LEFT, y, right - LEFT, INK, 0.8);
  y += 9;
  sheet.tagged('P', () => {
    if (payment.leftCents <= 0) return sheet.text(words.settled, LEFT, y, { weight: 'bold', size: 11 });
    sheet.text(words.stillOwed, LEFT, y, { weight: 'bold', size: 11 });
    sheet.text(money(payment.leftCents), right, y, { weight: 'bold', size: 11, align: 'right' });
  });
  sheet.onEachPage((page) => letterFoot(sheet, { seller, footer }, words, page, right));
  return sheet.bytes();
}
