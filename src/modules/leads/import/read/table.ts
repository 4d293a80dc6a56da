import { cut, tidy } from '#modules/people/public.ts';
import { isHeading } from '../mapping.ts';
import { CsvReader, delimiterOf, separatorLine } from './csv.ts';
import { decoded, encodingOf, type Encoding } from './decode.ts';
import { NotImportable } from './not-importable.ts';
import { MOST_COLUMNS, type TableRecord } from './record.ts';
import { CARD_COLUMNS, CardReader } from './vcard.ts';

/** Two packages that only workbooks need. */
const workbook = () => import('./workbook.ts');

/** Bytes that can be read from the beginning as often as needed, in pieces. */
export interface Source {
  pieces(): AsyncIterable<Buffer>;
}

export const sourceOf = (bytes: Buffer): Source => ({
  async *pieces() {
    for (let from = 0; from < bytes.length; from += 65_536) yield bytes.subarray(from, from + 65_536);
  },
});

export type Format = 'csv' | 'tsv' | 'xlsx' | 'vcard';

/** How a file is read: found once when it arrives, then kept with the import. */
export interface Layout {
  readonly format: Format;
  readonly encoding: Encoding;
  /** Of csv and tsv; else empty. */
  readonly delimiter: string;
  /** Records before the first row of data: a heading, Excel's `sep=;`. */
  readonly skip: number;
  /** Headings, or `Column 1` … when the file has none. */
  readonly columns: readonly string[];
  readonly heading: boolean;
}

/** The first column of our own file of refused rows: read past, so that the file can be mended and brought back. */
export const REASON_COLUMN = 'Steward: why this row was refused';

/** Text that the look at a file is made from. */
const SAMPLE_CHARACTERS = 256_000;

const REFUSED: readonly (readonly [name: string, bytes: readonly number[]])[] = [
  ['an old Excel workbook (.xls), or one with a password; save it as XLSX', [0xd0, 0xcf, 0x11, 0xe0]],
  ['a PDF; ask for the list as CSV or XLSX', [0x25, 0x50, 0x44, 0x46]],
  ['a packed file; unpack it', [0x1f, 0x8b]],
  ['a packed file; unpack it', [0x52, 0x61, 0x72, 0x21]],
  ['a picture; ask for the list as CSV or XLSX', [0x89, 0x50, 0x4e, 0x47]],
  ['a picture; ask for the list as CSV or XLSX', [0xff, 0xd8, 0xff]],
];

/** Opens a file of unknown origin: format, encoding, delimiter, heading. @throws NotImportable when it holds no table */
export async function layoutOf(source: Source): Promise<Layout> {
  const start = await firstBytes(source, 8);
  if (start.length === 0) throw new NotImportable('The file is empty; save it as CSV with a heading such as name,email and try again');
  const refused = REFUSED.find(([, magic]) => magic.every((byte, index) => start[index] === byte));
  if (refused !== undefined) throw new NotImportable(`This is ${refused[0]} and import that`);
  if (start[0] === 0x50 && start[1] === 0x4b) return workbookLayout(source);
  const encoding = await encodingOf(source.pieces());
  const sample = await firstText(source, encoding);
  if (/^\s*BEGIN:VCARD/i.test(sample)) return { format: 'vcard', encoding, delimiter: '', skip: 0, columns: CARD_COLUMNS, heading: true };
  checkText(sample);
  const delimiter = delimiterOf(sample);
  const declared = separatorLine(sample) === null ? 0 : 1;
  const reader = new CsvReader(delimiter);
  const first = [...reader.push(sample), ...reader.end()][declared];
  if (first === undefined) throw new NotImportable('The file is empty; save it as CSV with a heading such as name,email and try again');
  return { format: delimiter === '\t' ? 'tsv' : 'csv', encoding, delimiter, ...headed(first, declared) };
}

async function workbookLayout(source: Source): Promise<Layout> {
  for await (const rows of (await workbook()).workbookRows(await whole(source))) {
    const [first] = rows;
    if (first !== undefined) return { format: 'xlsx', encoding: 'utf-8', delimiter: '', ...headed(first, 0) };
  }
  throw new NotImportable('The first sheet of the workbook is empty; move the list there and try again');
}

function headed(first: TableRecord, before: number): Pick<Layout, 'skip' | 'columns' | 'heading'> {
  const cells = first.cells.slice(0, MOST_COLUMNS);
  const heading = isHeading(cells);
  const columns = cells.map((cell, index) => (heading ? cut(tidy(cell), 200) : '') || `Column ${index + 1}`);
  return { skip: before + (heading ? 1 : 0), columns, heading };
}

/** Control characters that no text has: a program's file, or text in an encoding that nobody guessed. */
function checkText(sample: string): void {
  // oxlint-disable-next-line no-control-regex -- that is what is counted
  const odd = sample.match(/[\u0001-\u0008\u000e-\u001f\ufffd]/g)?.length ?? 0;
  if (odd > 20 && odd > sample.length / 20)
    throw new NotImportable('This is no text that holds a table; save the list as CSV or XLSX and import that');
  if (/^\s*(<!doctype html|<html)/i.test(sample))
    throw new NotImportable('This is a web page, whatever its name says; open it in a spreadsheet and save it as XLSX');
  if (/^\s*[[{]\s*["{[]/.test(sample) && /["}]\s*[:,]/.test(sample))
    throw new NotImportable('This is JSON; save the list as CSV or XLSX and import that');
}

/** The rows below the heading, batch by batch. @throws NotImportable where a workbook turns out to be damaged */
export async function* rowsOf(source: Source, layout: Layout): AsyncGenerator<TableRecord[]> {
  let skip = layout.skip;
  const ours = layout.columns.includes(REASON_COLUMN);
  for await (const batch of recordsOf(source, layout)) {
    const rows = skip === 0 ? batch : batch.slice(skip);
    skip -= Math.min(skip, batch.length);
    if (rows.length > 0) yield ours ? rows.map(unguarded) : rows;
  }
}

/** Our own file of refused rows guards formulas with an apostrophe. */
function unguarded(record: TableRecord): TableRecord {
  return { ...record, cells: record.cells.map((cell) => (/^'[=@\t\r+-]/.test(cell) ? cell.slice(1) : cell)) };
}

async function* recordsOf(source: Source, { format, encoding, delimiter }: Layout): AsyncGenerator<TableRecord[]> {
  if (format === 'xlsx') {
    yield* (await workbook()).workbookRows(await whole(source));
    return;
  }
  const reader = format === 'vcard' ? new CardReader() : new CsvReader(delimiter);
  for await (const text of decoded(source.pieces(), encoding)) yield reader.push(text);
  yield reader.end();
}

/** A workbook is packed, and its directory stands at the end: it is held as it is (50 MB at the most), what it unpacks to is not. */
async function whole(source: Source): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of source.pieces()) {
    size += piece.length;
    if (size > 50_000_000) throw new NotImportable('A workbook may be 50 MB; save the sheet as CSV, which may be larger, and import that');
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

async function firstBytes(source: Source, wanted: number): Promise<Buffer> {
  let bytes = Buffer.alloc(0);
  for await (const piece of source.pieces()) {
    bytes = Buffer.concat([bytes, piece]);
    if (bytes.length >= wanted) break;
  }
  return bytes;
}

async function firstText(source: Source, encoding: Encoding): Promise<string> {
  let text = '';
  for await (const piece of decoded(source.pieces(), encoding)) {
    text += piece;
    if (text.length >= SAMPLE_CHARACTERS) break;
  }
  return text;
}
