import type { z } from 'zod';
import { VendorRefused } from '#core/connector/errors.ts';
import type { SourceField, SourceKind, SourceRecord, SourceValue } from '#core/ports/source.ts';
import type { Described } from './api.ts';

interface SalesforceObject {
  readonly title: string;
  readonly kind: SourceKind;
  readonly writable: boolean;
}
export const OBJECTS: Readonly<Record<string, SalesforceObject>> = {
  Contact: { title: 'Contacts', kind: 'people', writable: true },
  Lead: { title: 'Leads', kind: 'people', writable: true },
  Account: { title: 'Accounts', kind: 'organisations', writable: false },
  Opportunity: { title: 'Opportunities', kind: 'deals', writable: false },
};

/** Worked out of two yes-or-no fields. */
export const STAGE_KIND = 'StageKind';
const STAGE_KIND_OF = ['IsClosed', 'IsWon'];

type Type = SourceField['type'];
const TYPES: Readonly<Record<string, Type>> = {
  double: 'number',
  currency: 'number',
  percent: 'number',
  int: 'number',
  long: 'number',
  boolean: 'boolean',
  datetime: 'moment',
  date: 'moment',
  multipicklist: 'list',
};
/** Parts of these have fields of their own. */
const NO_TEXT = new Set(['address', 'location', 'base64', 'complexvalue', 'anyType']);
/** Of what a lookup points to: a name, and an address where it has one. */
const NAMED = new Set(['Account', 'Contact', 'Lead', 'User']);
const ADDRESSED = new Set(['Contact', 'Lead', 'User']);

export interface Fields {
  readonly list: readonly SourceField[];
  /** What a query asks for, to have these. @throws VendorRefused naming a field that is not there */
  columns(fields: readonly string[]): readonly string[];
  /** `at` gives the value of a column: JSON of the REST API, or text of a CSV file. Both make the same record. */
  record(fields: readonly string[], at: (column: string) => unknown): SourceRecord;
  /** As the API takes a value of this field. */
  given(field: string, value: SourceValue): SourceValue;
}

/** What an object has, by its description: its own fields, and name and address of what its lookups point to. */
export function fieldsOf(object: string, { fields }: z.output<typeof Described>): Fields {
  const types = new Map<string, Type>();
  const list: SourceField[] = [];
  const add = (name: string, title: string, type: Type, writable: boolean) => {
    types.set(name, type);
    list.push({ name, title, type, writable });
  };
  if (object === 'Opportunity') add(STAGE_KIND, 'Stage: open, won or lost', 'text', false);
  for (const { label, relationshipName: relation, referenceTo = [] } of fields) {
    if (relation == null || !referenceTo.some((to) => NAMED.has(to))) continue;
    const title = label.replace(/ ID$/, '');
    add(`${relation}.Name`, `${title}: name`, 'text', false);
    if (referenceTo.some((to) => ADDRESSED.has(to))) add(`${relation}.Email`, `${title}: email`, 'text', false);
  }
  for (const { name, label, type, updateable } of fields) if (!NO_TEXT.has(type)) add(name, label, TYPES[type] ?? 'text', updateable);

  const columns = (wanted: readonly string[]) => {
    const unknown = wanted.find((name) => !types.has(name));
    if (unknown !== undefined)
      throw new VendorRefused(`${object} has no field ${unknown}, or this user may not see it; change the mapping`);
    const own = wanted.flatMap((name) => (name === STAGE_KIND ? STAGE_KIND_OF : [name]));
    return [...new Set(['Id', 'SystemModstamp', ...own])];
  };
  return {
    list,
    columns,
    record(wanted, at) {
      const valueOf = (name: string): SourceValue => {
        if (name !== STAGE_KIND) return typed(types.get(name) ?? 'text', at(name));
        if (typed('boolean', at('IsClosed')) !== true) return 'open';
        return typed('boolean', at('IsWon')) === true ? 'won' : 'lost';
      };
      const moment = Date.parse(String(at('SystemModstamp')));
      return {
        externalId: String(at('Id')),
        changedAt: Number.isNaN(moment) ? null : new Date(moment),
        values: Object.fromEntries(wanted.map((name) => [name, valueOf(name)])),
      };
    },
    given: (field, value) => (value === null ? null : typed(types.get(field) ?? 'text', value)),
  };
}

/** JSON and CSV write the same value differently; the hash of a record must not know by which of them it came. */
function typed(type: Type, value: unknown): SourceValue {
  if (value === null || value === undefined || value === '') return null;
  const text = String(value);
  if (type === 'boolean') return text === 'true';
  if (type === 'number') return Number(text);
  // a day stays a day
  if (type === 'moment' && text.includes('T')) {
    const at = new Date(text);
    return Number.isNaN(at.getTime()) ? text : at.toISOString();
  }
  return type === 'list' ? text.replaceAll(';', '; ') : text;
}
