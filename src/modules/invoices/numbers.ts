import type { InvoiceOptions } from './settings/shape.ts';
import type { INVOICE_KINDS } from './tables.ts';

const PREFIXES = { invoice: 'invoicePrefix', quote: 'quotePrefix', credit_note: 'creditPrefix' } as const;

/** What stands before the counter, and names it: each series counts by itself. `on` is a day, YYYY-MM-DD. */
export function seriesOf(options: InvoiceOptions, kind: (typeof INVOICE_KINDS)[number], on: string): string {
  const period = { year: `${on.slice(0, 4)}-`, month: `${on.slice(0, 7)}-`, never: '' }[options.numbering];
  return `${options[PREFIXES[kind]]}${period}`;
}

export const numberOf = (options: InvoiceOptions, series: string, counter: number): string =>
  `${series}${String(counter).padStart(options.numberDigits, '0')}`;
