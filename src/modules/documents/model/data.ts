import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { InvalidInput } from '#core/errors.ts';

export const COLUMN_KINDS = ['number', 'date', 'text'] as const;
const Cell = z.union([z.string().max(2_000), z.number(), z.null()]);
export type Cell = z.output<typeof Cell>;

const Column = z.object({ name: z.string().min(1).max(200), kind: z.enum(COLUMN_KINDS) });
export type Column = z.output<typeof Column>;

export const MOST_ROWS = 20_000;
const MOST_COLUMNS = 60;

/** A table as it was given: days are `YYYY-MM-DD` (with a time behind it where there was one), numbers are numbers. */
export const DataSet = z.object({
  columns: z.array(Column).min(1).max(MOST_COLUMNS),
  rows: z.array(z.array(Cell)).max(MOST_ROWS),
});
export type DataSet = z.output<typeof DataSet>;

const fault = (says: string) => new InvalidInput(`The data ${says}`, { fields: [{ path: 'csv', message: says }] });

/** The text of a file: UTF-8, or the old Windows letters where it is not. */
export function textOfFile(contentBase64: string): string {
  const bytes = Buffer.from(contentBase64, 'base64');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** Reads a CSV of any common kind: comma, semicolon or tab; the first row names the columns. @throws InvalidInput in words */
export function readCsv(text: string): DataSet {
  const head = text.slice(0, 10_000).split(/\r?\n/, 1)[0] ?? '';
  const delimiter = [',', ';', '\t'].toSorted((a, b) => head.split(b).length - head.split(a).length)[0] ?? ',';
  let lines: string[][];
  try {
    lines = parse(text, { delimiter, bom: true, skip_empty_lines: true, relax_column_count: true, trim: true, to: MOST_ROWS + 2 });
  } catch (error) {
    throw fault(`could not be read as CSV: ${error instanceof Error ? error.message : String(error)}`);
  }
  const [names, ...rows] = lines;
  if (names === undefined || rows.length === 0) throw fault('has no rows under the line that names the columns');
  if (rows.length > MOST_ROWS)
    throw fault(`has more than ${MOST_ROWS.toLocaleString('en')} rows; add them up by day or leave out what no chart needs`);
  if (names.length > MOST_COLUMNS) throw fault(`has ${names.length} columns; ${MOST_COLUMNS} are the most`);
  return typed(unique(names), rows);
}

/** Rows as objects; the columns are those of the first hundred rows. @throws InvalidInput */
export function readRows(objects: readonly Readonly<Record<string, string | number | boolean | null>>[]): DataSet {
  if (objects.length === 0) throw fault('has no rows');
  if (objects.length > MOST_ROWS) throw fault(`has more than ${MOST_ROWS.toLocaleString('en')} rows`);
  const names = [...new Set(objects.slice(0, 100).flatMap((row) => Object.keys(row)))];
  if (names.length > MOST_COLUMNS) throw fault(`has ${names.length} columns; ${MOST_COLUMNS} are the most`);
  return typed(unique(names), objects.map((row) => names.map((name) => String(row[name] ?? '')))); // prettier-ignore
}

/** Empty names get a number, equal ones, too. */
function unique(names: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return names.map((name, i) => {
    const plain = name.trim().slice(0, 190) || `Column ${i + 1}`;
    const times = (seen.get(plain) ?? 0) + 1;
    seen.set(plain, times);
    return times === 1 ? plain : `${plain} (${times})`;
  });
}

/** A column is what nine tenths of its values are; what does not fit in it is left empty there. */
function typed(names: readonly string[], rows: readonly (readonly string[])[]): DataSet {
  const columns = names.map((name, i): Column & { comma: boolean } => {
    const values = rows.map((row) => row[i]?.trim() ?? '').filter((value) => value !== '');
    const enough = Math.max(1, values.length * 0.9);
    const comma = decimalComma(values);
    if (values.filter((value) => dayOf(value) !== null).length >= enough) return { name, kind: 'date', comma };
    if (values.filter((value) => numberOf(value, comma) !== null).length >= enough) return { name, kind: 'number', comma };
    return { name, kind: 'text', comma };
  });
  const cells = rows.map((row) =>
    columns.map(({ kind, comma }, i): Cell => {
      const value = row[i]?.trim() ?? '';
      if (value === '') return null;
      return kind === 'number' ? numberOf(value, comma) : kind === 'date' ? dayOf(value) : value.slice(0, 2_000);
    }),
  );
  return { columns: columns.map(({ name, kind }) => ({ name, kind })), rows: cells };
}

/** `1.234,50` or `12,5`: more values of a column end so than with a point. */
function decimalComma(values: readonly string[]): boolean {
  const comma = values.filter((value) => /,\d{1,2}\D*$/.test(value) || /\.\d{3},/.test(value)).length;
  return comma > values.filter((value) => /\.\d+\D*$/.test(value) && !/\.\d{3},/.test(value)).length;
}

const NUMBER = /^[-+−]?[$€£]?\s?[-−]?\d[\d.,'\u00a0\u202f ]*(?:e[-+]?\d+)?\s?(?:%|€|\$|£|[A-Z]{3})?$/;

/** Null: no number. Signs of money and percent are left out: 25 % is 25. */
export function numberOf(value: string, comma = false): number | null {
  if (!NUMBER.test(value)) return null;
  const sign = /[-−]/.test(value.replace(/e-/i, '')) ? -1 : 1;
  const bare = value.replace(/[^\d.,e]/gi, '').replace(/e$/i, '');
  const plain = comma ? bare.replaceAll('.', '').replace(',', '.') : bare.replaceAll(',', '');
  const number = Number(plain);
  return plain === '' || !Number.isFinite(number) ? null : sign * number;
}

const ISO = /^(\d{4})-(\d{2})(?:-(\d{2}))?(?:[T ](\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)?(?:Z|[-+]\d{2}:?\d{2})?)?$/;
const DOTTED = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/;
const SLASHED = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/;

/** `2026-03-09`, `2026-03-09 14:30`, `09.03.2026`, and `3/9/2026` as the month first. Null: no day. */
export function dayOf(value: string): string | null {
  const iso = ISO.exec(value);
  if (iso !== null) return real(iso[1], iso[2], iso[3] ?? '01', iso[4]);
  const dotted = DOTTED.exec(value);
  if (dotted !== null) return real(dotted[3], dotted[2], dotted[1], undefined);
  const slashed = SLASHED.exec(value);
  return slashed === null ? null : real(slashed[3], slashed[1], slashed[2], undefined);
}

function real(year = '', month = '', day = '', time: string | undefined): string | null {
  const text = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const at = new Date(`${text}T00:00:00Z`);
  if (Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== text) return null;
  return time === undefined || time === '00:00' ? text : `${text} ${time}`;
}
