import { z } from 'zod';

/** A zod field for a language as in BCP 47: `en`, `de-AT`. */
export const languageTag = () =>
  z
    .string()
    .trim()
    .max(35)
    .regex(/^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*$/, { error: 'is not a language tag; write it like en or de-AT' });
