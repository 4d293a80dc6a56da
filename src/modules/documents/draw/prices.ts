import { InvalidInput } from '#core/errors.ts';
import type { BlockOf } from '../model/blocks.ts';
import type { ShownPrices } from './content.ts';
import { amount, number, percent, wordsOf, type Speech } from './words.ts';

export interface Sums {
  /** Of each line, in cents. */
  readonly lines: readonly bigint[];
  readonly subtotal: bigint;
  readonly discount: bigint;
  readonly tax: bigint;
  readonly total: bigint;
}

/** Half away from zero, of a fraction of whole numbers. */
function divided(value: bigint, by: bigint): bigint {
  const [size, sign] = value < 0n ? [-value, -1n] : [value, 1n];
  return sign * ((size * 2n + by) / (by * 2n));
}

/** In whole cents throughout: a quantity counts in thousandths, a percentage in thousandths of one. Each line is rounded, then each sum once. */
export function sumsOf({ lines, discountPercent, taxPercent }: Pick<BlockOf<'prices'>, 'lines' | 'discountPercent' | 'taxPercent'>): Sums {
  const thousandths = (value: number) => BigInt(Math.round(value * 1_000));
  const cents = lines.map((line) => divided(BigInt(line.unitCents) * thousandths(line.quantity), 1_000n));
  const subtotal = cents.reduce((sum, value, i) => (lines[i]?.optional === true ? sum : sum + value), 0n);
  const discount = divided(subtotal * thousandths(discountPercent), 100_000n);
  const tax = divided((subtotal - discount) * thousandths(taxPercent), 100_000n);
  return { lines: cents, subtotal, discount, tax, total: subtotal - discount + tax };
}

/** Beyond it sums would no longer be exact where they are shown: a hundred thousand million. */
const MOST_CENTS = 10_000_000_000_000n;

/** @throws InvalidInput a total that nobody means */
export function shownPrices(block: BlockOf<'prices'>, descriptions: readonly string[], speech: Speech): ShownPrices {
  const words = wordsOf(speech.language);
  const sums = sumsOf(block);
  if (sums.lines.some((cents) => cents > MOST_CENTS || cents < -MOST_CENTS) || sums.total > MOST_CENTS || sums.subtotal > MOST_CENTS)
    throw new InvalidInput('The prices add up to more than 100,000,000,000; look for a price or a quantity with a digit too many', { fields: [{ path: 'lines', message: 'is too much' }] }); // prettier-ignore
  const money = (cents: bigint) => amount(speech, Number(cents));
  const parts = [
    ...(sums.discount === 0n && sums.tax === 0n ? [] : [{ label: words.subtotal, amount: money(sums.subtotal), strong: false }]),
    ...(sums.discount === 0n
      ? []
      : [{ label: words.discount(percent(speech, block.discountPercent / 100)), amount: money(-sums.discount), strong: false }]),
    ...(sums.tax === 0n
      ? []
      : [{ label: words.tax(block.taxLabel, percent(speech, block.taxPercent / 100)), amount: money(sums.tax), strong: false }]),
    { label: words.total, amount: money(sums.total), strong: true },
  ];
  return {
    lines: block.lines.map((line, i) => ({
      description: descriptions[i] ?? '',
      quantity: `${number(speech, line.quantity)}${line.unit === '' ? '' : ` ${line.unit}`}`,
      price: money(BigInt(line.unitCents)),
      amount: line.optional ? `(${money(sums.lines[i] ?? 0n)})` : money(sums.lines[i] ?? 0n),
      optional: line.optional,
    })),
    sums: parts,
    totalCents: Number(sums.total),
  };
}
