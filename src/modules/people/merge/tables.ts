import { sql } from 'drizzle-orm';
import { integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { companyId, id, instant } from '#core/database/columns.ts';
import type { Facts } from '#core/engine/types.ts';

const moment = () =>
  instant()
    .notNull()
    .default(sql`date_trunc('milliseconds', now())`);

/** Consent as it was before the two were put together. */
export interface ConsentBefore {
  /** Whole rows of consent_state, of both. */
  readonly states: readonly Facts[];
  readonly people: readonly { readonly id: string; readonly opted_out_at: string | null }[];
  /** Ids of the survivor's own log entries: what is not among them came later. */
  readonly log: readonly string[];
}

/** Two persons put together. `survivorId` is where the absorbed one is today, `intoId` where it went at first. */
export const personMerges = pgTable('person_merges', {
  id: id(),
  companyId: companyId(),
  survivorId: uuid().notNull(),
  intoId: uuid().notNull(),
  absorbedId: uuid().notNull(),
  consentBefore: jsonb().$type<ConsentBefore>().notNull(),
  mergedBy: uuid(),
  undoneBy: uuid(),
  undoneAt: instant(),
  createdAt: moment(),
});

/** What a merge did, in order. moved, added: `rows` are primary keys; deleted, changed: whole rows as they were. */
export const personMergeRows = pgTable(
  'person_merge_rows',
  {
    mergeId: uuid().notNull(),
    place: integer().notNull(),
    companyId: companyId(),
    tableName: text().notNull(),
    action: text({ enum: ['moved', 'deleted', 'changed', 'added'] }).notNull(),
    columnName: text(),
    fromId: uuid(),
    toId: uuid(),
    rows: jsonb().$type<readonly Facts[]>().notNull(),
    made: jsonb().$type<readonly Facts[]>(),
  },
  (t) => [primaryKey({ columns: [t.mergeId, t.place] })],
);
