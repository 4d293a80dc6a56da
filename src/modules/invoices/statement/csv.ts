import { csvLine } from '#modules/exports/public.ts';
import { plainAmount } from '../money/currency.ts';
import type { Statement } from './shape.ts';

/** One row a posting, between what was owed at the beginning and at the end; amounts as decimal texts that spreadsheets read as numbers. */
export function statementCsv({ currency, from, to, openingCents, closingCents, lines }: Statement): string {
  const money = (cents: number) => Number(plainAmount(cents, currency));
  return [
    csvLine(['Day', 'Kind', 'Number', 'Text', 'Amount', 'Balance', 'Currency']),
    csvLine([from, 'opening balance', null, null, null, money(openingCents), currency]),
    ...lines.map((line) => csvLine([line.on, line.kind.replace('_', ' '), line.number, line.text, money(line.amountCents), money(line.balanceCents), currency])),
    csvLine([to, 'closing balance', null, null, null, money(closingCents), currency]),
  ].join('');
} // prettier-ignore
