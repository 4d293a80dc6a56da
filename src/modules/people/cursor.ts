import { InvalidInput } from '#core/errors.ts';
import { decodeCursor } from '#core/operation/page.ts';

/** The end of the year 9999: PostgreSQL and JavaScript agree on moments up to there. */
const LATEST_MS = 253_402_300_799_999;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Moment and id of the last row seen, of lists sorted by a moment and the id. @throws InvalidInput */
export function positionOf(cursor: string): [Date, string] {
  const [ms, id] = decodeCursor(cursor, 2);
  if (typeof ms !== 'number' || !Number.isInteger(ms) || ms < 0 || ms > LATEST_MS || typeof id !== 'string' || !UUID.test(id))
    throw foreign();
  return [new Date(ms), id];
}

/** Text and id of the last row seen, of lists sorted by a text and the id. @throws InvalidInput */
export function textPositionOf(cursor: string): [string, string] {
  const [text, id] = decodeCursor(cursor, 2);
  if (typeof text !== 'string' || text.includes('\u0000') || !text.isWellFormed() || typeof id !== 'string' || !UUID.test(id))
    throw foreign();
  return [text, id];
}

const foreign = () =>
  new InvalidInput('This cursor is not one that this list gave; start again without it', {
    fields: [{ path: 'cursor', message: 'not a cursor of this list' }],
  });
