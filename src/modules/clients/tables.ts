import { date, index, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { companyId, createdAt, id, updatedAt } from '#core/database/columns.ts';
import type { Billing } from './billing.ts';

export const CLIENT_STATUSES = ['prospect', 'active', 'inactive'] as const;

/** The client side of a person: a record that hangs off her, never a second person. Name and addresses live on the person. */
export const clients = pgTable(
  'clients',
  {
    id: id(),
    companyId: companyId(),
    personId: uuid().notNull(),
    organisationId: uuid(),
    leadId: uuid(),
    status: text({ enum: CLIENT_STATUSES }).notNull().default('prospect'),
    plan: text(),
    contractStart: date(),
    contractEnd: date(),
    notes: text(),
    billing: jsonb().$type<Billing>().notNull().default({}),
    ownerId: uuid(), // users.id
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [index('clients_recent').on(t.companyId, t.createdAt.desc(), t.id.desc())],
);
