import { z } from 'zod';

const TRANSFORMS = ['none', 'lower', 'title', 'first_word', 'rest', 'first_of_list', 'yes_no', 'day_first', 'month_first'] as const;
export type Transform = (typeof TRANSFORMS)[number];

/** One field there, what it is here, and what happens to it on the way. */
export const MappingLine = z.object({
  from: z.string().min(1).max(500).describe('The vendor’s field'),
  to: z.string().min(1).max(60).describe('What it is here: email, first_name, custom.<key> …'),
  transform: z.enum(TRANSFORMS).default('none'),
  values: z.record(z.string().max(200), z.string().max(200)).default({}).describe('Other words for what comes: {"Kunde": "client"}'),
  fallback: z.string().max(500).default('').describe('Where nothing comes'),
});
export type MappingLine = z.output<typeof MappingLine>;
