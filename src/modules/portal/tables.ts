import { integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { companyId, createdAt, id, instant } from '#core/database/columns.ts';

/** Which links to a client's page are good: those of this generation. No row: generation 0. */
export const portalAccess = pgTable('portal_access', {
  clientId: uuid().primaryKey(),
  companyId: companyId(),
  generation: integer().notNull().default(0),
  revokedAt: createdAt(),
  revokedBy: uuid(), // users.id
});

/** One visit: what one browser opens within half an hour. */
export const portalViews = pgTable('portal_views', {
  id: id(),
  companyId: companyId(),
  clientId: uuid().notNull(),
  firstAt: instant().notNull(),
  lastAt: instant().notNull(),
  pages: integer().notNull().default(1),
  ip: text(),
  userAgent: text(),
});

/** What was sent from one drawing of a form, and where the browser went then. */
export const portalPosts = pgTable(
  'portal_posts',
  {
    clientId: uuid().notNull(),
    once: text().notNull(),
    companyId: companyId(),
    answer: text().notNull().default(''),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.clientId, t.once] })],
);
