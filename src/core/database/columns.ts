import { sql } from 'drizzle-orm';
import { timestamp, uuid } from 'drizzle-orm/pg-core';
import { newId } from '#core/ids.ts';

/** Primary key: a UUIDv7 made by the app, so that rows sort by age and a client may know an id before the insert. */
export const id = () => uuid().primaryKey().$defaultFn(newId);

/**
 * The tenant. Row-level security hangs on it. Under `steward_app` the database fills it from the transaction's company;
 * under `steward_system` it must be given (NOT NULL refuses a forgotten one).
 */
export const companyId = () =>
  uuid()
    .notNull()
    .default(sql`nullif(current_setting('steward.company', true), '')::uuid`);

/** A moment: `timestamptz`, JS Date. */
export const instant = () => timestamp({ withTimezone: true, mode: 'date' });

export const createdAt = () =>
  instant()
    .notNull()
    .default(sql`now()`);
export const updatedAt = () =>
  instant()
    .notNull()
    .default(sql`now()`);
