import { z } from 'zod';
import type { FieldFault } from '#core/errors.ts';
import { cut, normaliseEmail } from '#modules/people/public.ts';

export const FIELD_TYPES = ['text', 'email', 'phone', 'textarea', 'select'] as const;

/** Names that the page itself sends. */
const TAKEN = new Set(['consent', 'website', 'rendered']);

/** One field of a form. `name`, `email`, `phone`, `organisation` and `message` go to the person and the timeline by their name. */
export const FormField = z.object({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,39}$/, { error: 'is a short lower-case name such as team_size' })
    .refine((name) => !TAKEN.has(name), { error: 'is a name that the page itself uses' }),
  label: z.string().trim().min(1).max(200),
  type: z.enum(FIELD_TYPES),
  required: z.boolean().default(false),
  options: z.array(z.string().trim().min(1).max(200)).max(50).default([]).describe('Choices of a select'),
});
export type FormField = z.output<typeof FormField>;

/** A form finds its person by address, so there is one field `email`, and it is required. */
export const FormFields = z
  .array(FormField)
  .min(1)
  .max(30)
  .refine((fields) => new Set(fields.map((field) => field.name)).size === fields.length, { error: 'has two fields of one name' })
  .refine((fields) => fields.some((field) => field.name === 'email' && field.type === 'email'), {
    error: 'needs a field named email of type email',
  })
  .refine((fields) => fields.every((field) => field.type !== 'select' || field.options.length > 0), {
    error: 'has a select without options',
  })
  .transform((fields) => fields.map((field) => (field.name === 'email' ? { ...field, required: true } : field)));

export type Answers = Readonly<Record<string, string>>;

const LONGEST: Readonly<Record<FormField['type'], number>> = { text: 500, email: 254, phone: 64, textarea: 10_000, select: 200 };

/** Reads what was sent: trimmed, unknown names dropped. Faults name the field and the next step. */
export function checkAnswers(fields: readonly FormField[], sent: Answers): { answers: Record<string, string>; faults: FieldFault[] } {
  const answers: Record<string, string> = {};
  const faults: FieldFault[] = [];
  for (const field of fields) {
    const answer = (sent[field.name] ?? '').trim();
    const message = faultOf(field, answer);
    if (message !== null) faults.push({ path: `answers.${field.name}`, message });
    if (answer !== '') answers[field.name] = cut(answer, LONGEST[field.type]);
  }
  return { answers, faults };
}

function faultOf(field: FormField, answer: string): string | null {
  if (answer === '') return field.required ? `Please fill in: ${field.label}` : null;
  if (answer.length > LONGEST[field.type]) return `Please use at most ${LONGEST[field.type]} characters`;
  if (field.type === 'email' && normaliseEmail(answer) === null) return 'Please check this address; write it like ann@example.com';
  if (field.type === 'select' && !field.options.includes(answer)) return 'Please choose one of the options';
  return null;
}
