import type { Output } from '../api.ts';
import type { FilterKind, FilterValues } from './filters.tsx';

export type CustomField = Output<'custom_fields.list'>['items'][number];

const CUSTOM = 'custom.';

/** The company's own fields as filters. */
export function customKinds(fields: readonly CustomField[]): FilterKind[] {
  return fields.map((field): FilterKind => {
    const choices =
      field.type === 'choice'
        ? field.options.map((option) => ({ value: option, label: option }))
        : field.type === 'boolean'
          ? [
              { value: 'true', label: 'Yes' },
              { value: 'false', label: 'No' },
            ]
          : undefined;
    const type = field.type === 'number' || field.type === 'date' ? field.type : 'text';
    return { key: CUSTOM + field.key, title: field.label, ...(choices === undefined ? { type } : { choices }) };
  });
}

/** The address holds all of them in one value: `custom=plan=pro&tier=gold`. */
export function customEntries(custom: string | undefined): [key: string, value: string][] {
  return [...new URLSearchParams(custom ?? '')];
}

/** As the chips want them: one value a filter. */
export function customValues(custom: string | undefined): FilterValues {
  return Object.fromEntries(customEntries(custom).map(([key, value]) => [CUSTOM + key, value]));
}

/** What a chip's change does to the address; the other fields stay. */
export function changeOf(custom: string | undefined, key: string, value: string | undefined): Record<string, string | undefined> {
  if (!key.startsWith(CUSTOM)) return { [key]: value };
  const fields = new URLSearchParams(custom ?? '');
  if (value === undefined) fields.delete(key.slice(CUSTOM.length));
  else fields.set(key.slice(CUSTOM.length), value);
  const text = fields.toString();
  return { custom: text === '' ? undefined : text };
}
