import { sql, type AnyColumn, type SQL } from 'drizzle-orm';
import { z } from 'zod';
import { InvalidInput } from '#core/errors.ts';
import { decodeCursor } from './page.ts';

const Position = z.tuple([z.iso.datetime(), z.uuid()]);

/** Rows after the cursor, in the order newest first. @throws InvalidInput for a cursor of another list */
export function olderThan(cursor: string | undefined, at: AnyColumn, id: AnyColumn): SQL | undefined {
  if (cursor === undefined) return undefined;
  const position = Position.safeParse(decodeCursor(cursor, 2));
  if (!position.success)
    throw new InvalidInput('This cursor is not one that this list gave; start again without it', {
      fields: [{ path: 'cursor', message: 'not a cursor of this list' }],
    });
  const [moment, last] = position.data;
  return sql`(${at}, ${id}) < (${moment}::timestamptz, ${last}::uuid)`;
}
