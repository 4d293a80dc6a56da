import { sql } from 'drizzle-orm';
import { boolean, index, integer, pgTable, primaryKey, text, timestamp, unique, uuid } from 'drizzle-orm/pg-core';
import { companyId, id, instant } from '#core/database/columns.ts';
import { EMAIL_CHOICES, KIND_NAMES } from './kinds.ts';

/** Whole milliseconds, so that a cursor made from a JS Date is exact. */
const moment = () =>
  timestamp({ withTimezone: true, mode: 'date' })
    .notNull()
    .default(sql`date_trunc('milliseconds', now())`);

/** What a user should know; `key` says it once. */
export const notifications = pgTable(
  'notifications',
  {
    id: id(),
    companyId: companyId(),
    userId: uuid().notNull(),
    kind: text({ enum: KIND_NAMES }).notNull(),
    key: text().notNull(),
    title: text().notNull(),
    body: text().notNull().default(''),
    link: text(),
    personId: uuid(),
    count: integer().notNull().default(1),
    inApp: boolean().notNull().default(true),
    email: text({ enum: EMAIL_CHOICES }).notNull().default('off'),
    emailedAt: instant(),
    readAt: instant(),
    createdAt: moment(),
  },
  (t) => [
    unique('notifications_once').on(t.companyId, t.userId, t.key),
    index('notifications_recent').on(t.companyId, t.userId, t.createdAt.desc(), t.id.desc()),
  ],
);

/** Where a user differs from the defaults of KINDS. */
export const notificationPreferences = pgTable(
  'notification_preferences',
  {
    companyId: companyId(),
    userId: uuid().notNull(),
    kind: text({ enum: KIND_NAMES }).notNull(),
    inApp: boolean().notNull(),
    email: text({ enum: EMAIL_CHOICES }).notNull(),
    updatedAt: moment(),
  },
  (t) => [primaryKey({ columns: [t.userId, t.kind] })],
);
