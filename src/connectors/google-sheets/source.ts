import { createHash } from 'node:crypto';
import { z } from 'zod';
import { VendorRefused } from '#core/connector/errors.ts';
import type { VendorHttp } from '#core/connector/http.ts';
import type { ConnectorOptions } from '#core/connector/types.ts';
import {
  SOURCE_KINDS,
  type PageWanted,
  type SourcePage,
  type SourcePort,
  type SourceRecord,
  type SourceValue,
} from '#core/ports/source.ts';
import { Appended, Book, Updated, type Cell } from './api.ts';
import { headings, keyOf, letters, rangeOf, readRange, rowsOf, textOf } from './sheet.ts';

/** The address of a spreadsheet, or its id out of it. */
const ADDRESS = /^(?:https:\/\/docs\.google\.com\/spreadsheets\/(?:u\/\d+\/)?d\/)?([A-Za-z0-9_-]{20,})(?:[/?#].*)?$/;
export const Settings = z.object({
  spreadsheet: z
    .string()
    .trim()
    .max(500)
    .regex(ADDRESS, { error: 'The address of a spreadsheet, as the browser shows it' })
    .describe('Its address: https://docs.google.com/spreadsheets/d/…'),
  keyColumn: z.string().trim().min(1).max(200).default('Email').describe('Heading of the column that tells one row from the others'),
  kind: z.enum(SOURCE_KINDS).default('people').describe('What its rows become'),
});
type Settings = z.output<typeof Settings>;

/** Rows of one page; the first row of a sheet has its headings. */
const PAGE = 2_000;
const FIRST = 2;

interface Head {
  readonly names: readonly string[];
  readonly key: number;
}

/**
 * A sheet whose rows are kept in step, known by a key and never by their place. A sheet does not say what changed: everything is read each time, and what is the same writes nothing. Values go there
 * as they are (RAW): a text that begins with an equals sign is a text.
 */
export function sheetSource(http: VendorHttp, { signal }: ConnectorOptions, settings: Settings): SourcePort {
  const call = signal === undefined ? {} : { signal };
  const book = ADDRESS.exec(settings.spreadsheet)?.[1] ?? '';
  const at = `/v4/spreadsheets/${encodeURIComponent(book)}`;
  const read = (range: string) => readRange(http, book, range, call);

  const bookOf = () => http.get(at, { answer: Book, query: { includeGridData: false }, ...call });
  async function lastRowOf(sheet: string): Promise<number> {
    const found = (await bookOf()).sheets.find(({ properties }) => properties.title === sheet);
    return found?.properties.gridProperties?.rowCount ?? 0;
  }

  async function headOf(sheet: string): Promise<Head> {
    const names = headings((await read(rangeOf(sheet, '1:1')))[0] ?? []);
    const key = names.findIndex((name) => name.toLowerCase() === settings.keyColumn.toLowerCase());
    if (key < 0)
      throw new VendorRefused(
        `The sheet ${sheet} has no column ${settings.keyColumn}; its first row says ${names.join(', ') || 'nothing'}`,
      );
    return { names, key };
  }

  async function page({ object: sheet, fields, cursor, look }: PageWanted): Promise<SourcePage> {
    const head = await headOf(sheet);
    const from = cursor === null ? FIRST : Number(cursor);
    const to = from + (look === true ? 10 : PAGE) - 1;
    const rows = await read(rowsOf(sheet, from, to));
    const places = fields.map((field) => [field, head.names.indexOf(field)] as const);
    const records = rows.flatMap((row): SourceRecord[] => {
      const externalId = keyOf(row, head.key);
      if (externalId === null) return [];
      const values = Object.fromEntries(places.map(([field, index]) => [field, valueOf(row[index])]));
      return [{ externalId, changedAt: null, values }];
    });
    // Empty rows at the end of a range are not answered: a full page of them may stand before others.
    if (look === true || (rows.length < to - from + 1 && to >= (await lastRowOf(sheet)))) return { records, cursor: null, mark: null };
    return { records, cursor: String(to + 1), mark: null };
  }

  /** Number of the row with this key, as the sheet counts; null: there is none. Looked up at the last moment, since people sort their sheets. */
  async function rowWith(sheet: string, column: number, wanted: string): Promise<number | null> {
    const cells = await read(rangeOf(sheet, `${letters(column)}${FIRST}:${letters(column)}`));
    const index = cells.findIndex((row) => textOf(row[0]).toLowerCase() === wanted.toLowerCase());
    return index < 0 ? null : index + FIRST;
  }

  async function change(sheet: string, head: Head, row: number, values: Readonly<Record<string, SourceValue>>): Promise<void> {
    const data = Object.entries(values).flatMap(([field, value]) => {
      const column = head.names.indexOf(field);
      return column < 0 ? [] : [{ range: rangeOf(sheet, `${letters(column)}${row}`), majorDimension: 'ROWS', values: [[value ?? '']] }];
    });
    if (data.length === 0) return;
    await http.post(`${at}/values:batchUpdate`, { valueInputOption: 'RAW', data }, { answer: Updated, repeat: 'safe', ...call });
  }

  async function add(sheet: string, head: Head, key: string, values: Readonly<Record<string, SourceValue>>): Promise<void> {
    const row: Cell[] = head.names.map((name, index) => (index === head.key ? key : (values[name] ?? '')));
    const path = `${at}/values/${encodeURIComponent(rangeOf(sheet, 'A1'))}:append`;
    const query = { valueInputOption: 'RAW', insertDataOption: 'INSERT_ROWS' };
    await http.post(path, { range: rangeOf(sheet, 'A1'), majorDimension: 'ROWS', values: [row] }, { answer: Appended, query, ...call });
  }

  return {
    async objects() {
      const { sheets } = await bookOf();
      return sheets
        .filter(({ properties }) => properties.hidden !== true && (properties.sheetType ?? 'GRID') === 'GRID')
        .map(({ properties: { title } }) => ({ name: title, title, kind: settings.kind, writable: settings.kind === 'people' }));
    },
    async fields(sheet) {
      const { names, key } = await headOf(sheet);
      return names.map((name, index) => ({ name, title: name, type: 'text' as const, writable: index !== key }));
    },
    page,
    async write({ object: sheet, externalId, values, key: act }) {
      const head = await headOf(sheet);
      const keyName = head.names[head.key] ?? '';
      const given = textOf(values[keyName]);
      // Who is new and has no key gets one that is the same whenever this is tried.
      const key = externalId ?? (given === '' ? `steward-${createHash('sha256').update(act).digest('hex').slice(0, 12)}` : given);
      const row = await rowWith(sheet, head.key, key);
      if (row !== null) await change(sheet, head, row, values);
      else if (externalId === null) await add(sheet, head, key, values);
      else throw new VendorRefused(`The sheet ${sheet} has no row with ${keyName} ${externalId} any more`);
      // A key that was changed with it is what the row is known by from now on.
      return { externalId: row !== null && given !== '' ? given : key };
    },
    async findByEmail(sheet, email) {
      const head = await headOf(sheet);
      for (const [column, name] of head.names.entries()) {
        if (!/mail/i.test(name)) continue;
        const row = await rowWith(sheet, column, email);
        if (row !== null) return keyOf((await read(rowsOf(sheet, row, row)))[0] ?? [], head.key);
      }
      return null;
    },
  };
}

function valueOf(cell: Cell | undefined): SourceValue {
  return cell === undefined || cell === '' ? null : cell;
}
