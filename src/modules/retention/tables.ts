import { integer, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { companyId, instant } from '#core/database/columns.ts';

/** How long a company keeps people of whom it hears nothing. No row, or no months: for ever. */
export const retentionRules = pgTable('retention_rules', {
  companyId: companyId().primaryKey(),
  peopleMonths: integer(),
  noticeDays: integer().notNull(),
  updatedAt: instant().notNull(),
});

/** Whoever is announced, and when they go. */
export const retentionNotices = pgTable('retention_notices', {
  personId: uuid().primaryKey(),
  companyId: companyId(),
  noticedAt: instant().notNull(),
  eraseAt: instant().notNull(),
});

/** Whom a user keeps all the same, and why. */
export const retentionHolds = pgTable('retention_holds', {
  personId: uuid().primaryKey(),
  companyId: companyId(),
  reason: text().notNull(),
  heldBy: uuid(),
  createdAt: instant().notNull(),
});
