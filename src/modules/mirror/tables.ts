import { sql } from 'drizzle-orm';
import { bigint, boolean, index, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { instant } from '#core/database/columns.ts';

/** What changed and is still to be written to Firestore. Of the installation, not of a company: it holds ids alone. */
export const mirrorPending = pgTable(
  'mirror_pending',
  {
    collection: text().notNull(), // the table
    documentId: uuid().notNull(),
    version: bigint({ mode: 'number' }).notNull().default(1), // counts the changes
    changedAt: instant()
      .notNull()
      .default(sql`clock_timestamp()`),
    heldUntil: instant(), // one process writes it until then
  },
  (t) => [primaryKey({ columns: [t.collection, t.documentId] }), index('mirror_pending_due').on(t.changedAt)],
);

/** Where the mirror is, and how far it came. One row at most. */
export const mirrorState = pgTable('mirror_state', {
  sole: boolean().primaryKey().default(true),
  place: text().notNull(),
  instance: text().notNull(),
  filledAt: instant(),
  sweptAt: instant(),
  written: bigint({ mode: 'number' }).notNull().default(0),
  writtenAt: instant(),
  failedAt: instant(),
  error: text(),
});
