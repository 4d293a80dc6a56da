import { sql } from 'drizzle-orm';
import { boolean, index, integer, jsonb, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core';
import { companyId, id, instant } from '#core/database/columns.ts';

const moment = () =>
  instant()
    .notNull()
    .default(sql`date_trunc('milliseconds', now())`);

/** Where a company wants to be told what happens, as Standard Webhooks. */
export const webhookEndpoints = pgTable(
  'webhook_endpoints',
  {
    id: id(),
    companyId: companyId(),
    url: text().notNull(),
    description: text().notNull().default(''),
    eventTypes: text().array().notNull().default([]), // empty: every event
    active: boolean().notNull().default(true),
    sealedSecret: text().notNull(), // bound to the row's id
    sealedPrevious: text(),
    previousUntil: instant(),
    concurrency: integer().notNull().default(4),
    failures: integer().notNull().default(0), // since the last that was taken
    failingSince: instant(),
    coolUntil: instant(), // nothing new begins before
    deliveredAt: instant(),
    disabledAt: instant(),
    disabledReason: text(),
    createdAt: moment(),
    updatedAt: moment(),
  },
  (t) => [index('webhook_endpoints_list').on(t.companyId, t.id)],
);

/** One event as it is sent; its id is the event's. */
export const webhookMessages = pgTable('webhook_messages', {
  id: id(),
  companyId: companyId(),
  type: text().notNull(),
  body: text().notNull(),
  createdAt: instant().notNull(),
});

export const DELIVERY_STATES = ['queued', 'sending', 'retrying', 'delivered', 'failed'] as const;

/** One message for one endpoint. */
export const webhookDeliveries = pgTable(
  'webhook_deliveries',
  {
    id: id(),
    companyId: companyId(),
    endpointId: uuid().notNull(),
    messageId: uuid().notNull(),
    type: text().notNull(),
    state: text({ enum: DELIVERY_STATES }).notNull(),
    round: integer().notNull().default(0),
    attempts: integer().notNull().default(0),
    nextAt: instant(),
    status: integer(),
    error: text(),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  (t) => [unique('webhook_deliveries_once').on(t.endpointId, t.messageId)],
);

/** One call and its answer, secrets left out. */
export const webhookAttempts = pgTable('webhook_attempts', {
  id: id(),
  companyId: companyId(),
  deliveryId: uuid().notNull(),
  at: instant().notNull(),
  ms: integer().notNull(),
  status: integer(),
  error: text(),
  request: jsonb().$type<Record<string, unknown>>().notNull(),
  response: jsonb().$type<Record<string, unknown>>(),
});
