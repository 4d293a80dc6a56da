import { sql } from 'drizzle-orm';
import { integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { companyId, instant } from '#core/database/columns.ts';
import { TOPIC_BASES } from '../basis/find.ts';
import { REGIMES } from '../basis/countries.ts';

/** A moment that lists sort by: whole milliseconds, so that a cursor made from a JS Date is exact. */
const moment = () =>
  instant()
    .notNull()
    .default(sql`date_trunc('milliseconds', now())`);

export const TOPIC_CHANNELS = ['email', 'sms'] as const;

/** What a company writes about. Never deleted: the consent log names it. */
export const topics = pgTable(
  'topics',
  {
    companyId: companyId(),
    key: text().notNull(),
    title: text().notNull(),
    description: text().notNull().default(''),
    channels: text({ enum: TOPIC_CHANNELS }).array().notNull().default(['email']),
    bases: text({ enum: TOPIC_BASES }).array().notNull().default([]), // beside consent
    wordingVersion: integer().notNull().default(0),
    archivedAt: instant(),
    createdAt: moment(),
    updatedAt: moment(),
  },
  (t) => [primaryKey({ columns: [t.companyId, t.key] })],
);

/** What people are told about it, by version. Append-only: the database refuses UPDATE and DELETE to both roles. */
export const topicWordings = pgTable(
  'topic_wordings',
  {
    companyId: companyId(),
    topicKey: text().notNull(),
    version: integer().notNull(),
    wording: text().notNull(),
    createdBy: uuid(), // users.id
    createdAt: moment(),
  },
  (t) => [primaryKey({ columns: [t.companyId, t.topicKey, t.version] })],
);

/** A company's own view of a country's law, and why it holds it. */
export const countryRules = pgTable(
  'country_rules',
  {
    companyId: companyId(),
    country: text().notNull(), // ISO 3166
    regime: text({ enum: REGIMES }).notNull(),
    reason: text().notNull(),
    setBy: uuid(), // users.id
    updatedAt: moment(),
  },
  (t) => [primaryKey({ columns: [t.companyId, t.country] })],
);
