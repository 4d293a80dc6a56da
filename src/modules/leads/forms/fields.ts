import { z } from 'zod';

export const FIELD_TYPES = [
  'text',
  'textarea',
  'email',
  'phone',
  'select',
  'choice',
  'multi_choice',
  'checkbox',
  'number',
  'date',
  'url',
  'hidden',
  'utm',
] as const;
export type FieldType = (typeof FIELD_TYPES)[number];

/** Types that are chosen from options. */
export const CHOOSING: ReadonlySet<FieldType> = new Set(['select', 'choice', 'multi_choice']);
/** Types that nobody sees. */
export const UNSEEN: ReadonlySet<FieldType> = new Set(['hidden', 'utm']);
export const UTM_NAMES = ['utm_source', 'utm_medium', 'utm_campaign', 'utm_term', 'utm_content'] as const;

/** Names that the page itself sends. */
const TAKEN = new Set([
  'consent',
  'consent_version',
  'website',
  'rendered',
  'token',
  'proof',
  'embed',
  'referrer',
  'landing_page',
  ...UTM_NAMES,
]);
const KNOWN_TARGETS = ['name', 'first_name', 'last_name', 'email', 'phone', 'organisation', 'language', 'message'] as const;

export const OPS = ['is', 'is_not', 'contains', 'above', 'below', 'answered', 'not_answered'] as const;

/** When a field is shown: all or any of these hold for answers above it. */
export const ShowWhen = z.object({
  match: z.enum(['all', 'any']).default('all'),
  rules: z
    .array(
      z.object({ field: z.string().max(40).describe('Name of a field above'), op: z.enum(OPS), value: z.string().max(500).default('') }),
    )
    .min(1)
    .max(10),
});
export type ShowWhen = z.output<typeof ShowWhen>;

/** One field of a form. `name`, `email`, `phone`, `organisation`, `language` and `message` go to the person and the timeline by their name. */
export const FormField = z.object({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,39}$/, { error: 'is a short lower-case name such as team_size' })
    .refine((name) => !TAKEN.has(name), { error: 'is a name that the page itself uses' }),
  label: z.string().trim().min(1).max(200),
  type: z.enum(FIELD_TYPES),
  required: z.boolean().default(false),
  options: z.array(z.string().trim().min(1).max(200)).max(50).default([]).describe('What may be chosen'),
  help: z.string().trim().max(500).default('').describe('A line under the field'),
  step: z.int().min(0).max(19).default(0).describe('Which step shows it, from 0'),
  showWhen: ShowWhen.nullable().default(null).describe('Shown and asked only then; null: always'),
  mapTo: z
    .string()
    .regex(/^(name|first_name|last_name|phone|organisation|language|message|custom\.[a-z][a-z0-9_]{0,39})$/, {
      error: 'is a field of the person such as phone, or a custom field such as custom.team_size',
    })
    .nullable()
    .default(null)
    .describe('Where the answer goes on the person; null: by the name of the field'),
  value: z.string().max(500).default('').describe('Of a hidden field: what it holds; of utm: which parameter, e.g. utm_campaign'),
});
export type FormField = z.output<typeof FormField>;

/** What older rows lack. */
export function wholeField(field: Partial<FormField> & Pick<FormField, 'name' | 'label' | 'type'>): FormField {
  return { required: false, options: [], help: '', step: 0, showWhen: null, mapTo: null, value: '', ...field };
}

/** Where the answer goes: said so, or known by its name. Null: it stays with the submission. */
export function targetOf(field: FormField): string | null {
  return field.mapTo ?? KNOWN_TARGETS.find((target) => target === field.name) ?? null;
}

function* faultsOf(fields: readonly FormField[]): Generator<{ readonly path: (string | number)[]; readonly message: string }> {
  const above = new Set<string>();
  for (const [index, field] of fields.entries()) {
    if (CHOOSING.has(field.type) && field.options.length === 0)
      yield { path: [index, 'options'], message: 'is empty; write what may be chosen' };
    if (field.type === 'utm' && !UTM_NAMES.some((name) => name === field.value))
      yield { path: [index, 'value'], message: `is one of ${UTM_NAMES.join(', ')}` };
    for (const rule of field.showWhen?.rules ?? [])
      if (!above.has(rule.field))
        yield { path: [index, 'showWhen'], message: `looks at “${rule.field}”, which is no field above this one` };
    if (field.name === 'email' && field.showWhen !== null) yield { path: [index, 'showWhen'], message: 'the address is always asked' };
    above.add(field.name);
  }
}

/** A form finds its person by address, so there is one field `email`, and it is required. */
export const FormFields = z
  .array(FormField)
  .min(1)
  .max(60)
  .refine((fields) => new Set(fields.map((field) => field.name)).size === fields.length, { error: 'has two fields of one name' })
  .refine((fields) => fields.some((field) => field.name === 'email' && field.type === 'email'), {
    error: 'needs a field named email of type email',
  })
  .superRefine((fields, context) => {
    for (const fault of faultsOf(fields)) context.addIssue({ code: 'custom', ...fault });
  })
  .transform((fields) => fields.map((field) => (field.name === 'email' ? { ...field, required: true } : field)));
