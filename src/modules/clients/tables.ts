import { date, index, integer, jsonb, pgTable, smallint, text, unique, uuid } from 'drizzle-orm/pg-core';
import { companyId, createdAt, id, instant, updatedAt } from '#core/database/columns.ts';
import type { Sign } from '#core/signs/types.ts';
import type { Billing } from './billing.ts';
import { HEALTH_LEVELS } from './health/health.ts';

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
    contractRenewsMonths: integer(), // null: it ends when it ends
    noticeDays: integer().notNull().default(30),
    endingToldFor: date(), // the end of which somebody was told
    healthLevel: text({ enum: HEALTH_LEVELS }), // as the last look found it; null: not looked at yet
    healthScore: smallint(),
    healthSigns: jsonb().$type<readonly Omit<Sign, 'clientId'>[]>().notNull().default([]),
    notes: text(),
    billing: jsonb().$type<Billing>().notNull().default({}),
    ownerId: uuid(), // users.id
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [index('clients_recent').on(t.companyId, t.createdAt.desc(), t.id.desc())],
);

/** When a client is to be heard from again. `nextOn` is worked out from `anchorOn`, never from the one before. */
export const checkinPlans = pgTable('checkin_plans', {
  clientId: uuid().primaryKey(),
  companyId: companyId(),
  unit: text({ enum: ['days', 'months'] }).notNull(),
  every: integer().notNull(),
  anchorOn: date().notNull(),
  nextOn: date(), // null: no further one
  updatedAt: updatedAt(),
});

export const CHECKIN_STATES = ['due', 'done', 'skipped'] as const;

/** One time that a client is heard from. */
export const checkins = pgTable(
  'checkins',
  {
    id: id(),
    companyId: companyId(),
    clientId: uuid().notNull(),
    dueOn: date().notNull(),
    state: text({ enum: CHECKIN_STATES }).notNull().default('due'),
    agenda: text().notNull().default(''),
    outcome: text().notNull().default(''),
    settledAt: instant(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [unique('checkins_once').on(t.clientId, t.dueOn)],
);
