import { wrap } from '#core/pdf/fonts.ts';
import { INK, INK_2, LINE, Sheet } from '#core/pdf/sheet.ts';
import { localAmount } from '../money/currency.ts';
import { BOTTOM, LEFT, letterFoot, letterHead, ROW, SIZE } from '../pdf/letter.ts';
import { localDay, wordsOf } from '../pdf/words.ts';
import type { StatementPaper } from './paper.ts';
import { AGE_BUCKETS } from './shape.ts';
import { statementWords } from './words.ts';

/** Draws a statement of account. The same input gives the same bytes. */
export async function drawStatement({ statement, seller, buyer, language, footer, at }: StatementPaper, logo: Buffer | null): Promise<Buffer> {
  const words = statementWords(language);
  const { currency, from, to } = statement;
  const sheet = new Sheet({ title: `${words.title} ${statement.clientName}`, language, at: new Date(at), letter: seller.country === 'US' });
  const right = sheet.width - LEFT;
  const money = (cents: number) => localAmount(cents, currency, language);
  const day = (on: string) => localDay(on, language);
  letterHead(sheet, { seller, buyer, logo }, [
    [words.from, day(from)],
    [words.to, day(to)],
    [words.currency, currency],
    [words.closing, money(statement.closingCents)],
  ], right);
  let y = 268;
  sheet.tagged('H1', () => sheet.text(words.title, LEFT, y, { weight: 'bold', size: 18 }));
  y += 36;

  const columns = { on: LEFT, what: LEFT + 92, amount: right - 90, balance: right };
  const small = { size: 7.5, color: INK_2 } as const;
  const group = sheet.group('Table');
  const head = (top: number) => {
    sheet.text(words.day, columns.on, top, small);
    sheet.text(words.what, columns.what, top, small);
    sheet.text(words.amount, columns.amount, top, { ...small, align: 'right' });
    sheet.text(words.balance, columns.balance, top, { ...small, align: 'right' });
  };
  sheet.tagged('TR', () => head(y), group);
  sheet.rule(LEFT, y + 14, right - LEFT, INK, 0.8);
  y += 22;
  const width = columns.amount - columns.what - 74;
  const row = (on: string, what: string, amount: string, balance: string, bold: boolean) => {
    const texts = wrap(what, 'regular', SIZE, width);
    if (y + texts.length * ROW > sheet.height - BOTTOM) {
      sheet.newPage();
      sheet.artifact(() => head(56));
      sheet.rule(LEFT, 70, right - LEFT, INK, 0.8);
      y = 78;
    }
    const top = y;
    const weight = bold ? 'bold' : 'regular';
    const tr = sheet.group('TR', group);
    sheet.tagged('TD', () => sheet.text(on, columns.on, top), tr);
    sheet.tagged('TD', () => texts.forEach((text, i) => sheet.text(text, columns.what, top + i * ROW, { weight })), tr);
    sheet.tagged('TD', () => sheet.text(amount, columns.amount, top, { align: 'right' }), tr);
    sheet.tagged('TD', () => sheet.text(balance, columns.balance, top, { align: 'right', weight }), tr);
    tr.end();
    y += texts.length * ROW + 5;
    sheet.rule(LEFT, y - 3, right - LEFT, LINE, 0.4);
  };
  row(day(from), words.opening, '', money(statement.openingCents), true);
  for (const line of statement.lines) {
    const what = [words.kinds[line.kind], line.number ?? '', line.text === '' ? '' : `· ${line.text}`].filter((part) => part !== '').join(' ');
    row(day(line.on), what, money(line.amountCents), money(line.balanceCents), false);
  }
  row(day(to), words.closing, '', `${money(statement.closingCents)} ${currency}`, true);
  group.end();

  y += 16;
  if (y + 60 > sheet.height - BOTTOM) {
    sheet.newPage();
    y = 56;
  }
  const step = (right - LEFT) / (AGE_BUCKETS.length + 1);
  sheet.tagged('P', () => {
    for (const [i, { bucket, cents }] of [...statement.ageing, { bucket: 'credit' as const, cents: 0 - statement.creditCents }].entries()) {
      const x = LEFT + step * (i + 1);
      sheet.text(words.ages[bucket], x, y, { ...small, align: 'right' });
      sheet.text(money(cents), x, y + 13, { align: 'right' });
    }
  });
  y += 40;
  const says = statement.closingCents > 0 ? words.pleasePay(`${money(statement.closingCents)} ${currency}`) : statement.closingCents < 0 ? words.credit(`${money(-statement.closingCents)} ${currency}`) : words.nothing; // prettier-ignore
  sheet.tagged('P', () => (y += sheet.block(says, LEFT, y, right - LEFT)));
  sheet.onEachPage((page) => letterFoot(sheet, { seller, footer }, wordsOf(language), page, right));
  return sheet.bytes();
} // prettier-ignore
