import { z } from 'zod';

export const FIELD_TYPES = ['text', 'email', 'phone', 'textarea', 'select'] as const;

/** One field of a form. `name`, `email`, `phone`, `organisation` and `message` go to the person and the timeline by their name. */
export const FormField = z.object({
  name: z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, { error: 'is a short lower-case name such as team_size' }),
  label: z.string().trim().min(1).max(200),
  type: z.enum(FIELD_TYPES),
  required: z.boolean().default(false),
  options: z.array(z.string().trim().min(1).max(200)).max(50).default([]),
});
export type FormField = z.output<typeof FormField>;
