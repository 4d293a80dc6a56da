import type { ApiError, Output } from '#web/kit/api.ts';

export type Form = Output<'forms.get'>;
export type FormField = Form['fields'][number];
export type FieldType = FormField['type'];
export type ShowWhen = NonNullable<FormField['show_when']>;
export type Op = ShowWhen['rules'][number]['op'];

export const FIELD_TYPES: readonly (readonly [FieldType, string])[] = [
  ['text', 'Line of text'],
  ['textarea', 'Long text'],
  ['email', 'Email'],
  ['phone', 'Phone'],
  ['select', 'Choice, as a list'],
  ['choice', 'Choice, as buttons'],
  ['multi_choice', 'Several choices'],
  ['checkbox', 'Tick box'],
  ['number', 'Number'],
  ['date', 'Date'],
  ['url', 'Web address'],
  ['hidden', 'Hidden'],
  ['utm', 'UTM, by itself'],
];
export const CHOOSING: ReadonlySet<FieldType> = new Set(['select', 'choice', 'multi_choice']);
export const UTM_NAMES = ['utm_source', 'utm_medium', 'utm_campaign', 'utm_term', 'utm_content'] as const;

/** What may be changed of a form. */
export function draftOf(form: Form) {
  return {
    title: form.title,
    intro: form.intro,
    language: form.language,
    fields: form.fields,
    steps: form.steps,
    consent_wording: form.consent_wording,
    consent_required: form.consent_required,
    confirm: form.confirm,
    topics: form.topics,
    submit_label: form.submit_label,
    thank_you: form.thank_you,
    redirect_url: form.redirect_url,
    source: form.source,
    tags: form.tags,
    embed_origins: form.embed_origins,
    challenge: form.challenge,
    partial_days: form.partial_days,
  };
}
export type Draft = ReturnType<typeof draftOf>;

/** A new field with a name that no other has. */
export function newField(type: FieldType, fields: readonly FormField[], step: number): FormField {
  const label = FIELD_TYPES.find(([each]) => each === type)?.[1] ?? 'Field';
  return {
    name: freeName(type === 'utm' ? 'campaign' : type, fields),
    label: type === 'utm' ? 'Campaign' : label,
    type,
    required: false,
    options: CHOOSING.has(type) ? ['First', 'Second'] : [],
    help: '',
    step,
    show_when: null,
    map_to: null,
    value: type === 'utm' ? 'utm_campaign' : '',
  };
}

function freeName(base: string, fields: readonly FormField[]): string {
  const taken = new Set(fields.map((field) => field.name));
  if (!taken.has(base) && base !== 'email') return base;
  for (let number = 2; ; number += 1) if (!taken.has(`${base}_${number}`)) return `${base}_${number}`;
}

/** `Team size?` → `team_size`: what a field is stored as, until somebody says otherwise. */
export function nameFrom(label: string): string {
  const plain = label
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '');
  return plain.slice(0, 40);
}

/** Everything the server said about a field or a part of it. */
export function faultsAt(error: ApiError | null, path: string): string | undefined {
  return error?.fields.find((fault) => fault.path === path || fault.path.startsWith(`${path}.`))?.message;
}
