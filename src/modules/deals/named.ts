import { createHash } from 'node:crypto';
import type { Statement } from '#core/database/database.ts';

const known = new Map<string, Statement>();

/** A statement that is put together from parts: prepared under a name made from its text, once. */
export function named(prefix: string, text: string): Statement {
  let statement = known.get(text);
  if (statement === undefined) {
    statement = { name: `${prefix}.${createHash('sha1').update(text).digest('hex').slice(0, 24)}`, text };
    known.set(text, statement);
  }
  return statement;
}
