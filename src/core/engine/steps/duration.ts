import { z } from 'zod';
import type { Duration } from '#core/clock.ts';

const part = z.number().min(0).max(100_000).optional();

/** `{days: 3}`; parts add up, at least one. */
export const DurationSchema = z
  .strictObject({ weeks: part, days: part, hours: part, minutes: part, seconds: part })
  .refine((d) => Object.values(d).some((n) => n !== undefined), { error: 'Say how long, e.g. {"days": 3}' });

/** zod leaves `undefined` in optional parts; Duration does not want it. */
export function definite(duration: z.output<typeof DurationSchema>): Duration {
  return Object.fromEntries(Object.entries(duration).filter(([, n]) => n !== undefined));
}
