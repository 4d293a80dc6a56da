import { sql } from 'drizzle-orm';
import { pgTable, text } from 'drizzle-orm/pg-core';
import { companyId, id, instant } from '#core/database/columns.ts';

export const CONNECTION_STATES = ['untested', 'ok', 'rejected'] as const;

/** One company's credentials for one vendor. `rejected`: the vendor no longer accepts them; what needs it waits. */
export const connections = pgTable('connections', {
  id: id(),
  companyId: companyId(),
  connector: text().notNull(),
  title: text().notNull(),
  sealedCredentials: text().notNull(), // JSON of the connector's fields, bound to the row's id
  baseUrl: text(),
  origin: text({ enum: ['person', 'environment'] })
    .notNull()
    .default('person'),
  state: text({ enum: CONNECTION_STATES }).notNull().default('untested'),
  account: text(), // who we are there, as the vendor says
  error: text(),
  lastVerifiedAt: instant(),
  cursor: text(), // where reading a mailbox stands
  lastActivityAt: instant(),
  createdAt: instant()
    .notNull()
    .default(sql`date_trunc('milliseconds', now())`),
  updatedAt: instant()
    .notNull()
    .default(sql`date_trunc('milliseconds', now())`),
});
