import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { InvalidInput } from '#core/errors.ts';
import { minorDigits } from '#core/money.ts';
import { MOST_LINES, tidy, unreadable, type BankLine } from './line.ts';

const name = () => z.string().max(200);

/** Which column is what, by heading. */
export const CsvColumns = z.object({
  date: name(),
  amount: name().describe('One column with a sign, or the column of money in'),
  reference: z.array(name()).max(6).describe('Purpose, end-to-end reference …: together they are the text'),
  counterparty: name().nullish(),
  iban: name().nullish(),
  currency: name().nullish().describe('Without one: the company’s'),
  bankRef: name().nullish().describe('The bank’s own reference of the line'),
  dates: z.enum(['dmy', 'mdy', 'ymd']).default('dmy').describe('Order of day, month and year'),
  decimal: z.enum([',', '.']).default('.').describe('What stands before the cents'),
});
export type CsvColumns = z.output<typeof CsvColumns>;

export interface CsvTable {
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const KNOWN: Readonly<Record<'date' | 'amount' | 'reference' | 'counterparty' | 'iban' | 'currency' | 'bankRef', RegExp>> = {
  date: /^(buchungs(tag|datum)|buchung|booking ?date|date|datum|posted|transaction date|value date|valuta(datum)?)$/i,
  amount: /^(betrag( .*)?|amount( .*)?|umsatz( .*)?|credit( amount)?|paid in|money in|haben)$/i,
  reference: /^(verwendungszweck|purpose|reference|description|details|memo|kundenreferenz.*|end-?to-?end.*|remittance.*|buchungstext|payment reference|text|narrative)$/i,
  counterparty: /^(beg(u|ü|ue)nstigter.*|auftraggeber.*|zahlungspflichtig.*|name.*|payer|counterparty|payee|empf(a|ä|ae)nger.*|from)$/i,
  iban: /^(.*iban.*|kontonummer.*|account( number)?)$/i,
  currency: /^(w(a|ä|ae)hrung|currency|ccy)$/i,
  bankRef: /^(transaction ?id|bank ?ref(erence)?|reference number|transaktions-?id)$/i,
}; // prettier-ignore

/** The table of a bank's CSV file: the headings are the first row that knows a day and an amount; what stands above is passed over. @throws InvalidInput */
export function readTable(text: string): CsvTable {
  const delimiter = [';', ',', '\t'].toSorted((a, b) => text.split(b).length - text.split(a).length)[0] ?? ',';
  let records: string[][];
  try {
    records = parse(text, {
      delimiter,
      bom: true,
      relax_quotes: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
      max_record_size: 100_000,
    });
  } catch (cause) {
    throw unreadable('The file can’t be read as CSV; export it once more', cause);
  }
  if (records.length > MOST_LINES + 50) throw unreadable(`The file has more than ${MOST_LINES} lines; ask for shorter statements`);
  const at = records.findIndex(
    (cells, i) => i < 30 && cells.some((cell) => KNOWN.date.test(cell)) && cells.some((cell) => KNOWN.amount.test(cell)),
  );
  const head = at === -1 ? records.findIndex((cells) => cells.filter((cell) => cell !== '').length >= 2) : at;
  const headings = records[head];
  if (headings === undefined) throw unreadable('The file has no table with headings');
  return { headings, rows: records.slice(head + 1) };
}

/** What the columns seem to be; null: there is none for the day or the amount. */
export function guessColumns({ headings, rows }: CsvTable): CsvColumns | null {
  const all = (kind: keyof typeof KNOWN) => headings.filter((heading) => KNOWN[kind].test(heading));
  const [date, amount] = [all('date')[0], all('amount')[0]];
  if (date === undefined || amount === undefined) return null;
  const column = (heading: string) => rows.slice(0, 200).map((row) => row[headings.indexOf(heading)] ?? '');
  const days = column(date);
  const dates = days.some((day) => /^\d{4}\D/.test(day))
    ? 'ymd'
    : days.some((day) => /^\d{1,2}\/(1[3-9]|2\d|3[01])\//.test(day))
      ? 'mdy'
      : 'dmy';
  const decimal = column(amount).some((cell) => /,\d{1,2}\D*$/.test(cell)) ? ',' : '.';
  return { date, amount, reference: all('reference').slice(0, 6), counterparty: all('counterparty')[0] ?? null, iban: all('iban')[0] ?? null, currency: all('currency')[0] ?? null, bankRef: all('bankRef')[0] ?? null, dates, decimal }; // prettier-ignore
}

/** Lines of a table. Rows without a day or an amount (sums, notes) are counted and left out. @throws InvalidInput when a column is not there */
export function readCsv(
  { headings, rows }: CsvTable,
  columns: CsvColumns,
  currency: string,
): { readonly lines: BankLine[]; readonly passedOver: number } {
  const at = (heading: string | null | undefined) => {
    if (heading == null || heading === '') return -1;
    const index = headings.indexOf(heading);
    if (index === -1) throw new InvalidInput(`The file has no column ${heading}`, { fields: [{ path: 'columns', message: `names ${heading}, which the file has not` }] }); // prettier-ignore
    return index;
  };
  const [date, amount, who, iban, money, ref] = [
    columns.date,
    columns.amount,
    columns.counterparty,
    columns.iban,
    columns.currency,
    columns.bankRef,
  ].map(at);
  const texts = columns.reference.map(at);
  const lines = rows.flatMap((row): BankLine[] => {
    const cell = (index: number | undefined) => (index === undefined || index < 0 ? '' : (row[index] ?? ''));
    const said = cell(money).toUpperCase();
    const of = /^[A-Z]{3}$/.test(said) ? said : currency;
    const [bookedOn, amountCents] = [dayOf(cell(date), columns.dates), centsOf(cell(amount), columns.decimal, of)];
    if (bookedOn === null || amountCents === null) return [];
    return [
      {
        bookedOn,
        amountCents,
        currency: of,
        counterparty: tidy(cell(who), 200),
        iban: cell(iban).replace(/\s/g, '').slice(0, 40) || null,
        reference: tidy(texts.map(cell).join(' ')),
        bankRef: cell(ref) || null,
      },
    ];
  });
  return { lines, passedOver: rows.length - lines.length };
}

function dayOf(text: string, order: CsvColumns['dates']): string | null {
  const parts = /^(\d{1,4})\D(\d{1,2})\D(\d{1,4})(?!\d)/.exec(text.trim());
  if (parts === null) return null;
  const [a = '', b = '', c = ''] = parts.slice(1);
  const [day, month, year] = order === 'ymd' ? [c, b, a] : order === 'mdy' ? [b, a, c] : [a, b, c];
  const iso = `${year.length === 2 ? `20${year}` : year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const read = new Date(`${iso}T00:00:00Z`);
  return Number.isNaN(read.getTime()) || read.toISOString().slice(0, 10) !== iso ? null : iso;
}

/** `1.234,56`, `+1,234.56 EUR`, `(12.00)`, `12,5-`; null: no amount of this currency. */
function centsOf(text: string, decimal: CsvColumns['decimal'], currency: string): number | null {
  const places = minorDigits(currency);
  const negative = /^\s*(-|−|\()|-\s*$/.test(text);
  const plain = text.replace(/[A-Za-z€$£¥\s'’+()−-]/g, '');
  const [whole = '', fraction = '', ...more] =
    decimal === ',' ? plain.replaceAll('.', '').split(',') : plain.replaceAll(',', '').split('.');
  if (more.length > 0 || !/^\d{1,12}$/.test(whole) || !/^\d*$/.test(fraction) || /[1-9]/.test(fraction.slice(places))) return null;
  const cents = Number(`${whole}${fraction.slice(0, places).padEnd(places, '0')}`);
  return negative ? -cents : cents;
}
