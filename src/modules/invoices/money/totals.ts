import { allocate, divideRounded } from './round.ts';

/** Categories of EN 16931 (UNCL 5305): standard, zero, exempt, reverse charge, export, outside of the tax. */
export const TAX_CATEGORIES = ['S', 'Z', 'E', 'AE', 'G', 'O'] as const;
export type TaxCategory = (typeof TAX_CATEGORIES)[number];

export interface PricedLine {
  /** At most four digits behind the point. */
  readonly quantity: number;
  readonly unitPriceCents: number;
  /** Hundredths of a percent, 0 to 10,000. */
  readonly discountBps: number;
  readonly taxCategory: TaxCategory;
  /** Thousandths of a percent: 19 % is 19,000. */
  readonly taxRate: number;
}

export type Discount = { readonly percentBps: number } | { readonly cents: number };

/** One rate of an invoice: what is taxed by it, after the discount, and the tax. */
export interface TaxGroup {
  readonly category: TaxCategory;
  readonly rate: number;
  /** Sum of its lines. */
  readonly linesCents: number;
  /** Its part of the invoice's discount. */
  readonly discountCents: number;
  readonly netCents: number;
  readonly taxCents: number;
}

export interface Totals {
  /** In the order of the lines. */
  readonly lineCents: readonly number[];
  readonly subtotalCents: number;
  readonly discountCents: number;
  readonly netCents: number;
  readonly taxCents: number;
  readonly totalCents: number;
  readonly groups: readonly TaxGroup[];
}

const QUANTITY_SCALE = 10_000;

/**
 * Everything an invoice adds up to. The rules (docs/adr/0064), in integers throughout: each line is rounded to a cent; the discount is shared among
 * the rates by the largest remainder, so that it is given exactly; tax is rounded once for each rate, on the sum (EN 16931, BR-CO-17), never line by line.
 */
export function totalsOf(lines: readonly PricedLine[], discount: Discount | null): Totals {
  const cents = lines.map(lineNet);
  const byRate = new Map<string, { category: TaxCategory; rate: number; net: bigint }>();
  lines.forEach((line, i) => {
    const key = `${line.taxCategory} ${line.taxRate}`;
    const group = byRate.get(key) ?? { category: line.taxCategory, rate: line.taxRate, net: 0n };
    group.net += cents[i] ?? 0n;
    byRate.set(key, group);
  });
  const groups = [...byRate.values()].toSorted((a, b) => b.rate - a.rate || (a.category < b.category ? -1 : 1));
  const subtotal = cents.reduce((sum, one) => sum + one, 0n);
  const off = discountOf(subtotal, discount);
  const parts = allocate(
    off,
    groups.map(({ net }) => (net > 0n ? net : 0n)),
  );
  const taxed = groups.map(({ category, rate, net }, i): TaxGroup => {
    const part = parts[i] ?? 0n;
    const taxable = net - part;
    return {
      category,
      rate,
      linesCents: Number(net),
      discountCents: Number(part),
      netCents: Number(taxable),
      taxCents: Number(divideRounded(taxable * BigInt(rate), 100_000n)),
    };
  });
  const net = subtotal - (groups.length === 0 ? 0n : off);
  const tax = taxed.reduce((sum, group) => sum + group.taxCents, 0);
  return {
    lineCents: cents.map(Number),
    subtotalCents: Number(subtotal),
    discountCents: Number(subtotal - net),
    netCents: Number(net),
    taxCents: tax,
    totalCents: Number(net) + tax,
    groups: taxed,
  };
}

/** Quantity × price less the line's discount, rounded once. */
function lineNet({ quantity, unitPriceCents, discountBps }: PricedLine): bigint {
  const scaled = BigInt(Math.round(quantity * QUANTITY_SCALE));
  return divideRounded(scaled * BigInt(unitPriceCents) * BigInt(10_000 - discountBps), BigInt(QUANTITY_SCALE) * 10_000n);
}

/** Never more than there is. */
function discountOf(subtotal: bigint, discount: Discount | null): bigint {
  if (discount === null || subtotal <= 0n) return 0n;
  const off = 'cents' in discount ? BigInt(discount.cents) : divideRounded(subtotal * BigInt(discount.percentBps), 10_000n);
  return off > subtotal ? subtotal : off;
}
