import { InvalidInput } from '#core/errors.ts';
import type { Facts, Json } from '#core/engine/types.ts';

export type Choice = 'this' | 'other';

/** What belongs together: who takes the other's number takes how it was written, too. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  name: ['full_name', 'first_name', 'last_name'],
  email: ['email'],
  phone: ['phone', 'phone_raw', 'phone_label'],
};
const NOT_CHOSEN = new Set([
  'id',
  'company_id',
  'opted_out_at',
  'other_contacts',
  'imported',
  'created_at',
  'updated_at',
  'custom',
  ...Object.values(GROUPS).flat(),
]);

/** A field of a person as it can be chosen: `name`, `phone`, `time_zone`, `custom.size` … and the columns behind it. */
export interface MergeField {
  readonly key: string;
  readonly columns: readonly string[];
}

/** Every column that a person may have, later ones included; custom fields one by one. */
export function mergeFields(columns: readonly string[], ours: Facts, theirs: Facts): MergeField[] {
  const custom = [...new Set([...Object.keys(objectOf(ours['custom'])), ...Object.keys(objectOf(theirs['custom']))])];
  return [
    ...Object.entries(GROUPS).map(([key, all]) => ({ key, columns: all.filter((column) => columns.includes(column)) })),
    ...columns.filter((column) => !NOT_CHOSEN.has(column)).map((column) => ({ key: column, columns: [column] })),
    ...custom.toSorted().map((name) => ({ key: `custom.${name}`, columns: [`custom.${name}`] })),
  ];
}

export function valueOf(row: Facts, field: MergeField): Json {
  if (field.key.startsWith('custom.')) return objectOf(row['custom'])[field.key.slice('custom.'.length)] ?? null;
  const found = field.columns.map((column) => row[column] ?? null).find((value) => value !== null && value !== '');
  return found ?? null;
}

/** Ours unless it is empty. */
export function suggested(ours: Facts, theirs: Facts, field: MergeField): Choice {
  return valueOf(ours, field) === null && valueOf(theirs, field) !== null ? 'other' : 'this';
}

/** The columns of the one who stays, after the choices. @throws InvalidInput for a field that there is not */
export function chosen(fields: readonly MergeField[], ours: Facts, theirs: Facts, choices: Readonly<Record<string, Choice>>): Facts {
  const unknown = Object.keys(choices).filter((key) => !fields.some((field) => field.key === key));
  if (unknown.length > 0) {
    throw new InvalidInput(`There is no field ${unknown[0]} to choose; see people merge-preview`, {
      fields: unknown.map((key) => ({ path: `fields.${key}`, message: 'is no field of these two' })),
    });
  }
  const made: Facts = {};
  const custom = { ...objectOf(theirs['custom']), ...objectOf(ours['custom']) };
  for (const field of fields) {
    const from = (choices[field.key] ?? suggested(ours, theirs, field)) === 'this' ? ours : theirs;
    if (field.key.startsWith('custom.')) {
      const value = valueOf(from, field);
      if (value === null) delete custom[field.key.slice('custom.'.length)];
      else custom[field.key.slice('custom.'.length)] = value;
    } else for (const column of field.columns) made[column] = from[column] ?? null;
  }
  if ('custom' in ours) made['custom'] = custom;
  // known since the earlier of both
  made['created_at'] = [ours['created_at'], theirs['created_at']].map(String).toSorted((a, b) => Date.parse(a) - Date.parse(b))[0] ?? null;
  return made;
}

function objectOf(value: Json | undefined): Facts {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}
