import type { Cell } from './lines.ts';

/** What a type of PostgreSQL is to a store that knows fewer. */
export type Kind = 'boolean' | 'integer' | 'float' | 'time' | 'json' | 'bytes' | 'list' | 'text';

const KINDS: Readonly<Record<string, Kind>> = {
  boolean: 'boolean',
  smallint: 'integer',
  integer: 'integer',
  bigint: 'integer',
  'double precision': 'float',
  real: 'float',
  'timestamp with time zone': 'time',
  jsonb: 'json',
  bytea: 'bytes',
  'text[]': 'list',
  'uuid[]': 'list',
};

/** @param type as `format_type` writes it. What is not listed stays text, exactly as PostgreSQL wrote it (numeric with its scale, date, json). */
export const kindOf = (type: string): Kind => KINDS[type] ?? 'text';

/** `2026-06-02 09:00:00.5+00` as ISO 8601 with up to six digits; null: it does not come back the same (infinity, before Christ). */
export function isoOf(cell: string): string | null {
  return /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?\+00$/.test(cell) ? `${cell.slice(0, 10)}T${cell.slice(11, -3)}Z` : null;
}

/** PostgreSQL's text of a time that `isoOf` wrote; anything else as it is. */
export function cellOfIso(text: string): string {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$/.test(text) ? `${text.slice(0, 10)} ${text.slice(11, -1)}+00` : text;
}

/** The members of an array of one dimension; null: it is of another shape. */
export function listOf(cell: string): Cell[] | null {
  if (cell === '{}') return [];
  const list: Cell[] = [];
  const member = /(?:"((?:[^"\\]|\\.)*)"|([^{}",\\\s][^{}",\\]*))(,|\}$)/gsy;
  member.lastIndex = 1;
  for (let found = member.exec(cell); found !== null; found = member.exec(cell)) {
    const [, quoted, plain = ''] = found;
    list.push(quoted === undefined ? (/^null$/i.test(plain) ? null : plain) : quoted.replaceAll(/\\(.)/gs, '$1'));
    if (member.lastIndex === cell.length) break;
  }
  return cellOfList(list) === cell ? list : null;
}

/** As PostgreSQL writes it: quoted where it must be. */
export function cellOfList(list: readonly Cell[]): string {
  const members = list.map((member) => {
    if (member === null) return 'NULL';
    if (member !== '' && !/[{}",\\\s]/.test(member) && !/^null$/i.test(member)) return member;
    return `"${member.replaceAll(/["\\]/g, (sign) => `\\${sign}`)}"`;
  });
  return `{${members.join(',')}}`;
}
