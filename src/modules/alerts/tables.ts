import { boolean, doublePrecision, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { companyId, id, instant } from '#core/database/columns.ts';

/** Something wrong, until it is well again. Holds nothing of a person but what a deal is called (people/erasure/rules.ts). */
export const alerts = pgTable('alerts', {
  id: id(),
  companyId: companyId(),
  kind: text().notNull(),
  key: text().notNull(),
  title: text().notNull(),
  body: text().notNull(),
  link: text().notNull(),
  count: integer().notNull(),
  raisedAt: instant().notNull(),
  seenAt: instant().notNull(),
  toldAt: instant(),
  recoveredAt: instant(),
});

/** Where a company wants it otherwise than `KINDS` says. */
export const alertRules = pgTable(
  'alert_rules',
  {
    companyId: companyId(),
    kind: text().notNull(),
    enabled: boolean().notNull(),
    threshold: doublePrecision(),
    quietMinutes: integer().notNull(),
    updatedAt: instant().notNull(),
  },
  (t) => [primaryKey({ columns: [t.companyId, t.kind] })],
);

/** Whom a company wants told instead of its admins: a colleague, or an address. An address goes with the person who is erased (people/erasure/rules.ts). */
export const alertRecipients = pgTable('alert_recipients', {
  id: id(),
  companyId: companyId(),
  userId: uuid(),
  email: text().notNull().default(''),
  kinds: text().array().notNull().default([]),
  createdAt: instant().notNull(),
});
