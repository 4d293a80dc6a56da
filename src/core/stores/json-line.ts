import type { TableShape } from '../database/catalogue.ts';
import { cellOfIso, cellOfList, isoOf, kindOf, listOf, type Kind } from './kinds.ts';
import { cellsOf, lineOf, type Cell } from './lines.ts';

/**
 * A row as one line of JSON that other programs read, and back to the letter. jsonb stands there as PostgreSQL wrote it (order of keys and digits of
 * numbers included) and is read back as that slice of text; a missing key is SQL's null there, since jsonb has a null of its own.
 */
export function jsonOf(table: TableShape, line: string): string {
  const cells = cellsOf(line);
  const members: string[] = [];
  for (const [i, { name, type }] of table.columns.entries()) {
    const [kind, cell] = [kindOf(type), cells[i] ?? null];
    if (cell === null && kind === 'json') continue;
    members.push(`${JSON.stringify(name)}:${cell === null ? 'null' : rawOf(kind, cell)}`);
  }
  return `{${members.join(',')}}`;
}

function rawOf(kind: Kind, cell: string): string {
  if (kind === 'json') return cell;
  if (kind === 'boolean') return cell === 't' ? 'true' : 'false';
  if (kind === 'integer' || kind === 'float')
    return String(Number(cell)) === cell && Number.isFinite(Number(cell)) ? cell : JSON.stringify(cell);
  if (kind === 'time') return JSON.stringify(isoOf(cell) ?? cell);
  const list = kind === 'list' ? listOf(cell) : null;
  return JSON.stringify(list ?? cell);
}

/** The line that COPY would write. @throws Error the line is not what `jsonOf` wrote */
export function lineOfJson(table: TableShape, text: string): string {
  const members = slices(text);
  return lineOf(
    table.columns.map(({ name, type }) => {
      const raw = members.get(name);
      return raw === undefined ? null : cellOfRaw(kindOf(type), raw);
    }),
  );
}

function cellOfRaw(kind: Kind, raw: string): Cell {
  if (kind === 'json') return raw;
  if (raw === 'null') return null;
  if (raw === 'true') return 't';
  if (raw === 'false') return 'f';
  if (raw.startsWith('[')) {
    const list: unknown = JSON.parse(raw);
    return Array.isArray(list) ? cellOfList(list.map((member) => (member === null ? null : String(member)))) : raw;
  }
  if (!raw.startsWith('"')) return raw;
  const text = raw.includes('\\') ? String(JSON.parse(raw)) : raw.slice(1, -1);
  return kind === 'time' ? cellOfIso(text) : text;
}

/** The members of an object as slices of its text: parsing would round numbers and sort keys. */
function slices(text: string): Map<string, string> {
  const members = new Map<string, string>();
  let at = 1;
  while (at < text.length - 1) {
    const endOfName = endOfString(text, at);
    const from = endOfName + 1;
    const to = endOfValue(text, from);
    members.set(String(JSON.parse(text.slice(at, endOfName))), text.slice(from, to));
    at = to + 1;
  }
  return members;
}

/** After the closing quote. */
function endOfString(text: string, at: number): number {
  for (let end = text.indexOf('"', at + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === 92) slashes += 1;
    if (slashes % 2 === 0) return end + 1;
  }
  throw new Error('a string has no end');
}

function endOfValue(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const sign = text[at];
    if (sign === '"') at = endOfString(text, at) - 1;
    else if (sign === '{' || sign === '[') depth += 1;
    else if (sign === '}' || sign === ']') {
      if (depth === 0) return at;
      depth -= 1;
    } else if (sign === ',' && depth === 0) return at;
  }
  throw new Error('an object has no end');
}
