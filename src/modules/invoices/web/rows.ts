import type { Output } from '#web/kit/api.ts';
import { centsOf, digitsOf } from '#web/kit/money.ts';

type Line = Pick<Output<'invoices.get'>['lines'][number], 'description' | 'quantity' | 'unit' | 'unit_price_cents' | 'discount_percent'> & {
  tax_rate: number | null;
};

/** A line as it is typed: nothing is lost that is no number yet. */
export interface Row {
  key: number;
  description: string;
  quantity: string;
  unit: string;
  price: string;
  /** Percent. */
  discount: string;
  /** Percent; empty: by the rules of the two countries. */
  tax: string;
}

export interface LineDraft {
  description: string;
  quantity: number;
  unit: string;
  unit_price_cents: number;
  discount_percent: number;
  tax_rate: number | null;
}

export const blankRow = (key: number): Row => ({ key, description: '', quantity: '1', unit: '', price: '', discount: '', tax: '' });
export const nextKey = (rows: readonly Row[]) => Math.max(-1, ...rows.map((row) => row.key)) + 1;

const number = (text: string) => Number(text.trim().replace(',', '.'));
const orNone = (text: string, none: number | null) => (text.trim() === '' ? none : number(text));

/** One more: in the place of an empty line at the end, else after it. */
export function withRow(rows: readonly Row[], row: Omit<Row, 'key'>): Row[] {
  const last = rows.at(-1);
  const empty = last !== undefined && last.description.trim() === '' && last.price.trim() === '';
  return [...(empty ? rows.slice(0, -1) : rows), { ...row, key: nextKey(rows) }];
}

/** What can be counted of the rows; those without a price are still being written. */
export function linesOf(rows: readonly Row[], currency: string | undefined): LineDraft[] {
  if (currency === undefined) return [];
  return rows.flatMap((row) => {
    const [quantity, price, discount, tax] = [number(row.quantity), centsOf(row.price, currency), orNone(row.discount, 0), orNone(row.tax, null)]; // prettier-ignore
    if (price === null || !(quantity > 0) || Number.isNaN(discount) || Number.isNaN(tax)) return [];
    const description = row.description.trim() === '' ? 'Services' : row.description.trim();
    return [{ description, quantity, unit: row.unit.trim(), unit_price_cents: price, discount_percent: discount ?? 0, tax_rate: tax }];
  });
}

/** A row that says something, and can't be counted. */
export const unfinished = (row: Row, currency: string | undefined) =>
  (row.description.trim() !== '' || row.price.trim() !== '') && linesOf([row], currency).length === 0;

export function rowsOf(lines: readonly Line[], currency: string): Row[] {
  const places = digitsOf(currency);
  return lines.map((line, key) => ({
    key,
    description: line.description,
    quantity: String(line.quantity),
    unit: line.unit,
    price: (line.unit_price_cents / 10 ** places).toFixed(places),
    discount: line.discount_percent === 0 ? '' : String(line.discount_percent),
    tax: line.tax_rate === null ? '' : String(line.tax_rate),
  }));
}
