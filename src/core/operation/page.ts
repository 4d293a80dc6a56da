import { z } from 'zod';
import { InvalidInput } from '#core/errors.ts';

/** The paging part of every list's input. `cursor` is what the last answer gave as `next_cursor`. */
export const pageInput = {
  limit: z.coerce.number().int().min(1).max(500).default(50).describe('Rows a page, 1 to 500'),
  cursor: z.string().max(1_000).optional().describe('next_cursor of the page before'),
};

/** Output of every list: `{items, next_cursor}`. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

type CursorValue = string | number | null;

/** Keyset position of the last row: its sort values, id last. Opaque to callers; holds nothing they may not see. */
export function encodeCursor(values: readonly CursorValue[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url');
}

/** @throws InvalidInput when the text is no cursor of ours or has another number of values. */
export function decodeCursor(cursor: string, length: number): CursorValue[] {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    const parsed = z
      .array(z.union([z.string(), z.number(), z.null()]))
      .length(length)
      .parse(values);
    return parsed;
  } catch (cause) {
    throw new InvalidInput('This cursor is not one that this list gave; start again without it', {
      fields: [{ path: 'cursor', message: 'not a cursor of this list' }],
      cause,
    });
  }
}

/** Cuts the one row too many that was fetched to know whether a next page exists. */
export function toPage<Row>(rows: readonly Row[], limit: number, key: (row: Row) => readonly CursorValue[]) {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? encodeCursor(key(last)) : null };
}
