import { Readable } from 'node:stream';
import type { Runtime } from '#core/runtime.ts';
import { REASON_COLUMN } from './read/table.ts';
import { listErrors, type Import, type RefusedRow } from './store.ts';

const PAGE = 1_000;

/**
 * The refused rows in the shape of their file, with a column that says why: to be mended in a spreadsheet and brought back. RFC 4180 with a
 * byte order mark, which Excel needs to read UTF-8.
 */
export function refusedFile(
  runtime: Runtime,
  found: Pick<Import, 'id' | 'companyId' | 'columns' | 'delimiter' | 'mapping'>,
): Promise<Readable> {
  const delimiter = found.delimiter === '' ? ',' : found.delimiter;
  return Promise.resolve(Readable.from(pages(runtime, found, delimiter)));
}

async function* pages(
  runtime: Runtime,
  { id, companyId, columns, mapping }: Pick<Import, 'id' | 'companyId' | 'columns' | 'mapping'>,
  delimiter: string,
): AsyncGenerator<string> {
  // prettier-ignore
  // Brought back once more, the file has a reason column already.
  const own = columns.indexOf(REASON_COLUMN);
  const line = (cells: readonly string[]) => `${cells.map(csvCell).join(delimiter)}\r\n`;
  const without = <T>(cells: readonly T[]) => cells.filter((_cell, index) => index !== own);
  yield `\ufeff${line([REASON_COLUMN, ...without(columns)])}`;
  for (let after = 0; ;) {
    const from = after;
    const rows = await runtime.database.read(companyId, (tx) => listErrors(tx, companyId, id, from, PAGE));
    if (rows.length === 0) return;
    yield rows
      .map((row) => line([reasonOf(row, columns, mapping), ...without(columns.map((_column, index) => row.cells[index] ?? ''))]))
      .join('');
    after = rows.at(-1)?.rowNumber ?? after;
  }
}

/** `line 12, E-Mail: is not an email address`. */
function reasonOf({ line, field, reason }: RefusedRow, columns: readonly string[], mapping: readonly string[]): string {
  const column = field === null ? undefined : columns[mapping.indexOf(field)];
  return `line ${line}${column === undefined ? '' : `, ${column}`}: ${reason}`;
}

/** Quoted; a value that a spreadsheet would run as a formula gets an apostrophe in front. @see https://owasp.org/www-community/attacks/CSV_Injection */
function csvCell(value: string): string {
  const runs = /^[=@\t\r]/.test(value) || (/^[+-]/.test(value) && !/^[+-][\d\s().,/-]+$/.test(value));
  const harmless = runs ? `'${value}` : value;
  return `"${harmless.replaceAll('"', '""')}"`;
}
