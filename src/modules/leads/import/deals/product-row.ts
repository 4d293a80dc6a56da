import { centsOf } from '#core/money.ts';
import type { TableRecord } from '../read/record.ts';
import type { Refusal } from '../row.ts';
import { readNumber } from '../values.ts';
import type { RowSettings } from './row.ts';

export interface ProductRow {
  readonly rowNumber: number;
  readonly name: string;
  readonly series: string | null;
  readonly priceCents: number | null;
  readonly currency: string | null;
}

/** One row of a price list. */
export function readProductRow(record: TableRecord, rowNumber: number, settings: RowSettings): ProductRow | Refusal {
  const refuse = (field: string | null, reason: string, value: string | null): Refusal => ({
    rowNumber,
    line: record.line,
    field,
    reason,
    value,
    cells: record.cells,
  });
  if (record.fault !== undefined) return refuse(null, record.fault, null);
  const column = (target: string) => settings.mapping.findIndex((found) => found === target);
  const text = (target: string) => (column(target) < 0 ? '' : (record.cells[column(target)]?.trim() ?? ''));
  const name = text('product.name');
  if (name === '') return refuse('product.name', 'names no product', null);
  const currency = text('product.currency').toUpperCase();
  if (currency !== '' && !/^[A-Z]{3}$/.test(currency))
    return refuse('product.currency', 'is no code of three letters such as EUR', currency);
  let priceCents: number | null = null;
  if (text('product.price') !== '') {
    const read = readNumber(text('product.price'), settings.formats[column('product.price')] === 'comma' ? 'comma' : 'point');
    if ('reason' in read) return refuse('product.price', read.reason, text('product.price'));
    priceCents = centsOf(read.value, currency || settings.currency);
    if (priceCents === null || priceCents < 0) return refuse('product.price', 'is less than nothing, or too much', text('product.price'));
  }
  return {
    rowNumber,
    name: name.slice(0, 200),
    series: text('product.series').slice(0, 100) || null,
    priceCents,
    currency: currency || null,
  };
}
