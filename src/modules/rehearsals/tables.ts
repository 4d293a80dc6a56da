import { boolean, date, index, integer, jsonb, pgTable, primaryKey, smallint, text, uuid } from 'drizzle-orm/pg-core';
import { companyId, createdAt, id, instant, updatedAt } from '#core/database/columns.ts';
import type { Facts, Json } from '#core/engine/types.ts';

export const REHEARSAL_STATES = ['done', 'queued', 'running', 'failed', 'cancelled'] as const;
export const PERSON_OUTCOMES = ['done', 'failed', 'cancelled', 'waiting', 'left_out'] as const;
export const MESSAGE_STATES = ['sent', 'captured', 'blocked', 'refused', 'queued'] as const;

/** One rehearsal of one workflow. */
export const rehearsals = pgTable(
  'rehearsals',
  {
    id: id(),
    companyId: companyId(),
    workflowId: uuid().notNull(),
    version: integer(),
    request: jsonb().$type<Facts>().notNull(),
    state: text({ enum: REHEARSAL_STATES }).notNull().default('queued'),
    progress: smallint().notNull().default(0),
    people: integer().notNull().default(0),
    error: text(),
    hash: text(),
    parts: jsonb().$type<Facts>().notNull().default({}),
    summary: jsonb().$type<Facts>(),
    beganAt: instant().notNull(),
    tookMs: integer(),
    createdBy: uuid(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [index('rehearsals_list').on(t.companyId, t.id), index('rehearsals_workflow').on(t.workflowId, t.id)],
);

/** What becomes of one person. */
export const rehearsalPeople = pgTable(
  'rehearsal_people',
  {
    rehearsalId: uuid().notNull(),
    personId: uuid().notNull(),
    companyId: companyId(),
    outcome: text({ enum: PERSON_OUTCOMES }).notNull(),
    detail: text(),
    stepId: text(),
    sent: integer().notNull().default(0),
    blocked: integer().notNull().default(0),
    rules: text().array().notNull().default([]),
    edge: text().array().notNull().default([]),
    path: jsonb().$type<Json[]>().notNull().default([]),
    stamp: text().notNull().default(''),
  },
  (t) => [primaryKey({ columns: [t.rehearsalId, t.personId] })],
);

/** One message that would leave, or be kept from it. */
export const rehearsalMessages = pgTable(
  'rehearsal_messages',
  {
    rehearsalId: uuid().notNull(),
    id: uuid().notNull(),
    personId: uuid().notNull(),
    companyId: companyId(),
    own: boolean().notNull(),
    workflow: text().notNull(),
    stepId: text().notNull(),
    class: text().notNull(),
    state: text({ enum: MESSAGE_STATES }).notNull(),
    at: instant().notNull(),
    day: date().notNull(),
    fromEmail: text().notNull(),
    toEmail: text().notNull(),
    subject: text().notNull(),
    text: text().notNull(),
    html: text(),
    rules: text().array().notNull().default([]),
    reasons: jsonb().$type<Json[]>().notNull().default([]),
  },
  (t) => [primaryKey({ columns: [t.rehearsalId, t.id] })],
);
