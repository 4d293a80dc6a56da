import type { z } from 'zod';
import { VendorRefused } from '#core/connector/errors.ts';
import type { SourceField, SourceKind, SourceRecord, SourceValue } from '#core/ports/source.ts';
import type { Described } from './api.ts';

interface SalesforceObject {
  readonly title: string;
  readonly kind: SourceKind;
  readonly writable: boolean;
  /** Which of them are read: what was planned and not done is no touch with anybody. */
  readonly only?: string;
}
export const OBJECTS: Readonly<Record<string, SalesforceObject>> = {
  Contact: { title: 'Contacts', kind: 'people', writable: true },
  Lead: { title: 'Leads', kind: 'people', writable: true },
  Account: { title: 'Accounts', kind: 'organisations', writable: false },
  Opportunity: { title: 'Opportunities', kind: 'deals', writable: false },
  Event: { title: 'Events with a contact or lead', kind: 'interactions', writable: false, only: 'WhoId != null' },
  Task: {
    title: 'Tasks done with a contact or lead: calls, mail',
    kind: 'interactions',
    writable: false,
    only: 'IsClosed = true AND WhoId != null',
  },
};

type Type = SourceField['type'];
type At = (column: string) => unknown;
interface Virtual {
  readonly title: string;
  readonly type: SourceField['type'];
  /** Out of these. */
  readonly of: readonly string[];
  value(at: At): SourceValue;
}
/** The first of them that holds something. */
const firstOf = (columns: readonly string[]): Virtual => ({
  title: 'When it was',
  type: 'moment',
  of: columns,
  value: (at) => columns.map((column) => typed('moment', at(column))).find((value) => value !== null) ?? null,
});
/** Fields that are worked out of others. */
const VIRTUAL: Readonly<Record<string, Readonly<Record<string, Virtual>>>> = {
  Opportunity: {
    StageKind: {
      title: 'Stage: open, won or lost',
      type: 'text',
      of: ['IsClosed', 'IsWon'],
      value: (at) => (typed('boolean', at('IsClosed')) !== true ? 'open' : typed('boolean', at('IsWon')) === true ? 'won' : 'lost'),
    },
  },
  Event: {
    Touch: { title: 'What it was', type: 'text', of: [], value: () => 'meeting' },
    TouchAt: firstOf(['StartDateTime', 'ActivityDateTime', 'ActivityDate']),
  },
  Task: {
    Touch: {
      title: 'What it was',
      type: 'text',
      of: ['TaskSubtype'],
      value: (at) => (String(at('TaskSubtype')).endsWith('Email') ? 'email' : at('TaskSubtype') === 'Call' ? 'call' : 'note'),
    },
    TouchAt: firstOf(['CompletedDateTime', 'ActivityDate', 'CreatedDate']),
  },
};

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
  const virtual = VIRTUAL[object] ?? {};
  for (const [name, { title, type }] of Object.entries(virtual)) add(name, title, type, false);
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
    const own = wanted.flatMap((name) => virtual[name]?.of ?? [name]);
    return [...new Set(['Id', 'SystemModstamp', ...own])];
  };
  return {
    list,
    columns,
    record(wanted, at) {
      const valueOf = (name: string): SourceValue =>
        virtual[name]?.value(at) ?? (name in virtual ? null : typed(types.get(name) ?? 'text', at(name)));
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
