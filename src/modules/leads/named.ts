import { createHash } from 'node:crypto';
import type { Statement } from '#core/database/database.ts';

/** Prepared under a name made from its text: PostgreSQL keeps 63 letters of a name, a list of filters is longer. */
export function named(prefix: string, text: string): Statement {
  return { name: `${prefix}.${createHash('sha1').update(text).digest('hex').slice(0, 24)}`, text };
}
