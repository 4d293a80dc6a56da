import { createHash } from 'node:crypto';
import type { VendorHttp } from '#core/connector/http.ts';
import { Values, type Cell } from './api.ts';

/** Columns that are looked at: more than any list of people has. */
const LAST_COLUMN = 'ZZ';

/** A part of a sheet, as the API names it: `'My ''own'' sheet'!A2:ZZ500`. */
export const rangeOf = (sheet: string, cells: string): string => `'${sheet.replaceAll("'", "''")}'!${cells}`;
export const rowsOf = (sheet: string, from: number, to: number): string => rangeOf(sheet, `A${from}:${LAST_COLUMN}${to}`);

/** 0 is A, 26 is AA. */
export function letters(column: number): string {
  const first = Math.floor(column / 26);
  return `${first === 0 ? '' : letters(first - 1)}${String.fromCodePoint(65 + (column % 26))}`;
}

export async function readRange(
  http: VendorHttp,
  spreadsheet: string,
  range: string,
  call: { readonly signal?: AbortSignal },
): Promise<readonly (readonly Cell[])[]> {
  const query = { majorDimension: 'ROWS', valueRenderOption: 'UNFORMATTED_VALUE', dateTimeRenderOption: 'FORMATTED_STRING' };
  const path = `/v4/spreadsheets/${encodeURIComponent(spreadsheet)}/values/${encodeURIComponent(range)}`;
  return (await http.get(path, { answer: Values, query, ...call })).values ?? [];
}

/** A name for each column: its heading, told apart where two are the same, else its letters. */
export function headings(row: readonly Cell[]): string[] {
  const seen = new Map<string, number>();
  return row.map((cell, index) => {
    const name = textOf(cell) === '' ? `Column ${letters(index)}` : textOf(cell);
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return times === 1 ? name : `${name} (${times})`;
  });
}

export const textOf = (cell: Cell | undefined): string => (cell === undefined || cell === null ? '' : String(cell).trim());

/** What tells a row from the others: its key; of a row without one what stands in it, so that nothing is passed over. Null: an empty row. */
export function keyOf(row: readonly Cell[], keyColumn: number): string | null {
  const key = textOf(row[keyColumn]);
  if (key !== '') return key.slice(0, 200);
  if (row.every((cell) => textOf(cell) === '')) return null;
  return `no key: ${createHash('sha256').update(JSON.stringify(row)).digest('base64url').slice(0, 16)}`;
}
