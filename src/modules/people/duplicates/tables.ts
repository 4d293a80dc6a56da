import { sql } from 'drizzle-orm';
import { integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { companyId, instant } from '#core/database/columns.ts';

/** Why two rows may be one human. */
export type DuplicateReason =
  | 'same_address'
  | 'plus_address'
  | 'gmail_dots'
  | 'same_phone'
  | 'same_name_and_company'
  | 'similar_name_and_company'
  | 'same_name';

/** Two rows that may be one human; aId is the smaller id. A dismissed pair stays, so that it is not asked again. */
export const duplicatePairs = pgTable(
  'duplicate_pairs',
  {
    companyId: companyId(),
    aId: uuid().notNull(),
    bId: uuid().notNull(),
    score: integer().notNull(), // 0 to 100
    reasons: jsonb().$type<readonly DuplicateReason[]>().notNull(),
    dismissedAt: instant(),
    dismissedBy: uuid(),
    foundAt: instant()
      .notNull()
      .default(sql`date_trunc('milliseconds', now())`),
  },
  (t) => [primaryKey({ columns: [t.aId, t.bId] })],
);

/** The last search of a company, or the one that runs. */
export const duplicateSearches = pgTable('duplicate_searches', {
  companyId: companyId().primaryKey(),
  state: text({ enum: ['running', 'done', 'failed'] }).notNull(),
  stage: text().notNull(), // what it looks at: email, phone, name
  peopleSeen: integer().notNull().default(0),
  peopleTotal: integer().notNull().default(0),
  pairsFound: integer().notNull().default(0),
  error: text(),
  startedAt: instant().notNull(),
  finishedAt: instant(),
  updatedAt: instant().notNull(),
});
