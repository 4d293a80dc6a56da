import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { TableShape } from '../database/catalogue.ts';
import { jsonbText } from './jsonb.ts';
import { cellOfIso, cellOfList, isoOf, kindOf, listOf, type Kind } from './kinds.ts';
import { cellsOf, lineOf, type Cell } from './lines.ts';

/** A value as Firestore's REST interface has it. @see https://firebase.google.com/docs/firestore/reference/rest/v1/Value */
export type Value =
  | { nullValue: 'NULL_VALUE' | null }
  | { booleanValue: boolean }
  | { integerValue: string }
  | { doubleValue: number }
  | { timestampValue: string }
  | { stringValue: string }
  | { bytesValue: string }
  | { arrayValue: { values?: Value[] | undefined } }
  | { mapValue: { fields?: Record<string, Value> | undefined } };

export const Value: z.ZodType<Value> = z.lazy(() =>
  z.union([
    z.object({ stringValue: z.string() }),
    z.object({ timestampValue: z.string() }),
    z.object({ integerValue: z.string() }),
    z.object({ booleanValue: z.boolean() }),
    z.object({ nullValue: z.literal(['NULL_VALUE', null]) }),
    z.object({ doubleValue: z.number() }),
    z.object({ bytesValue: z.string() }),
    z.object({ mapValue: z.object({ fields: z.record(z.string(), Value).optional() }) }),
    z.object({ arrayValue: z.object({ values: z.array(Value).optional() }) }),
  ]),
);
export type Fields = Record<string, Value>;

/** Levels of maps and arrays; Firestore takes twenty with those around it. */
const DEEPEST = 15;

/** What can be told from the id of a document is its row: the same row is the same document, however often it is written. */
export function documentId(table: TableShape, cells: readonly Cell[]): string {
  const key = table.key.map((name) => cells[table.columns.findIndex((column) => column.name === name)] ?? '');
  const [only = ''] = key;
  if (key.length === 1 && /^[A-Za-z0-9][\w.@:-]{0,400}$/.test(only)) return only;
  return createHash('sha256').update(JSON.stringify(key)).digest('base64url').replace(/^[_-]/, '0');
}

/** What Firestore has a type for is of that type; what it would change (digits of numbers, jsonb in jsonb's own way) stays PostgreSQL's text. */
export function fieldsOf(table: TableShape, cells: readonly Cell[]): Fields {
  const fields: Fields = {};
  for (const [i, { name, type }] of table.columns.entries()) {
    const [kind, cell] = [kindOf(type), cells[i] ?? null];
    if (cell === null) {
      fields[name] = { nullValue: 'NULL_VALUE' };
      continue;
    }
    const value = typed(kind, cell);
    fields[name] = value !== null && cellOf(kind, value) === cell ? value : { stringValue: cell };
  }
  return fields;
}

function typed(kind: Kind, cell: string): Value | null {
  if (kind === 'boolean') return { booleanValue: cell === 't' };
  if (kind === 'integer') return { integerValue: cell };
  if (kind === 'float') return Number.isFinite(Number(cell)) ? { doubleValue: Number(cell) } : null;
  if (kind === 'bytes') return { bytesValue: Buffer.from(cell.slice(2), 'hex').toString('base64') };
  if (kind === 'json') return cell.startsWith('{') ? valueOfJson(JSON.parse(cell), 0) : null;
  if (kind === 'time') {
    const iso = isoOf(cell);
    return iso === null || iso.startsWith('0000') ? null : { timestampValue: iso };
  }
  const list = kind === 'list' ? listOf(cell) : null;
  return list === null
    ? null
    : { arrayValue: { values: list.map((member) => (member === null ? { nullValue: 'NULL_VALUE' } : { stringValue: member })) } };
}

/** Null: Firestore has no room for it (arrays in arrays, keys that it keeps for itself, too deep). */
function valueOfJson(json: unknown, depth: number): Value | null {
  if (json === null) return { nullValue: 'NULL_VALUE' };
  if (typeof json === 'boolean') return { booleanValue: json };
  if (typeof json === 'string') return { stringValue: json };
  if (typeof json === 'number') return Number.isSafeInteger(json) ? { integerValue: String(json) } : { doubleValue: json };
  if (typeof json !== 'object' || depth >= DEEPEST) return null;
  if (Array.isArray(json)) {
    const values = json.map((member) => (Array.isArray(member) ? null : valueOfJson(member, depth + 1)));
    return values.every((value) => value !== null) ? { arrayValue: { values } } : null;
  }
  const fields: Fields = {};
  for (const [key, member] of Object.entries(json)) {
    const value = key === '' || /^__.*__$/s.test(key) || key.length > 300 ? null : valueOfJson(member, depth + 1);
    if (value === null) return null;
    fields[key] = value;
  }
  return { mapValue: { fields } };
}

/** The line that COPY would write. */
export function lineOfFields(table: TableShape, fields: Fields): string {
  return lineOf(
    table.columns.map(({ name, type }) => {
      const value = fields[name];
      return value === undefined ? null : cellOf(kindOf(type), value);
    }),
  );
}

export function lineToFields(table: TableShape, line: string): { readonly id: string; readonly fields: Fields } {
  const cells = cellsOf(line);
  return { id: documentId(table, cells), fields: fieldsOf(table, cells) };
}

function cellOf(kind: Kind, value: Value): Cell {
  if ('nullValue' in value) return null;
  if ('stringValue' in value) return value.stringValue;
  if ('booleanValue' in value) return value.booleanValue ? 't' : 'f';
  if ('integerValue' in value) return value.integerValue;
  if ('doubleValue' in value) return String(value.doubleValue);
  if ('bytesValue' in value) return `\\x${Buffer.from(value.bytesValue, 'base64').toString('hex')}`;
  if ('timestampValue' in value) return cellOfIso(trimmed(value.timestampValue));
  if (kind === 'json') return jsonbText(jsonOfValue(value));
  const values = 'arrayValue' in value ? (value.arrayValue.values ?? []) : [];
  return cellOfList(values.map((member) => ('stringValue' in member ? member.stringValue : null)));
}

/** It answers with three, six or nine digits, PostgreSQL writes as many as there are. */
const trimmed = (iso: string) => iso.replace(/(\.\d*?)0+Z$/, '$1Z').replace('.Z', 'Z');

function jsonOfValue(value: Value): unknown {
  if ('mapValue' in value)
    return Object.fromEntries(Object.entries(value.mapValue.fields ?? {}).map(([key, member]) => [key, jsonOfValue(member)]));
  if ('arrayValue' in value) return (value.arrayValue.values ?? []).map(jsonOfValue);
  if ('integerValue' in value) return Number(value.integerValue);
  if ('nullValue' in value) return null;
  return Object.values(value)[0];
}
