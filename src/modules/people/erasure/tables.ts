import { sql } from 'drizzle-orm';
import { bigint, integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { companyId, id, instant } from '#core/database/columns.ts';

/** One table of a certificate. */
export interface ErasedTable {
  readonly table: string;
  readonly rows: number;
  readonly what: 'deleted' | 'anonymised';
}

/** Somebody asked for it, or the company's time for keeping people was up. */
export const ERASURE_CAUSES = ['asked', 'retention'] as const;
export type ErasureCause = (typeof ERASURE_CAUSES)[number];

/** Proof that somebody was erased; holds nothing about the person but keyed hashes. */
export const erasures = pgTable('erasures', {
  id: id(),
  companyId: companyId(),
  formerId: uuid().notNull(), // of a person who is gone
  addressHashes: text().array().notNull().default([]),
  tables: jsonb().$type<readonly ErasedTable[]>().notNull(),
  inFlight: integer().notNull().default(0), // mails on their way to the mail server in that moment
  erasedBy: uuid(),
  cause: text({ enum: ERASURE_CAUSES }).notNull().default('asked'),
  createdAt: instant()
    .notNull()
    .default(sql`date_trunc('milliseconds', now())`),
});

/** What a restored backup must be told. Append-only; also written to a file outside the database (replay.ts). */
export const optOutJournal = pgTable('opt_out_journal', {
  id: uuid()
    .primaryKey()
    .default(sql`gen_random_uuid()`),
  companyId: companyId(),
  kind: text({ enum: ['out', 'in', 'erased'] }).notNull(),
  addressHash: text(),
  reason: text(),
  personId: uuid(),
  at: instant()
    .notNull()
    .default(sql`clock_timestamp()`),
  /** The order in which it was written, whatever the clock said. */
  place: bigint({ mode: 'number' })
    .notNull()
    .default(sql`steward_journal_place()`),
});
