import { sql } from 'drizzle-orm';
import { boolean, integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { companyId, id, instant } from '#core/database/columns.ts';
import type { Json } from '#core/engine/types.ts';

export const APPROVAL_STATES = ['waiting', 'approved', 'rejected', 'expired'] as const;
export const RISKS = ['low', 'medium', 'high'] as const;
export const FALLBACKS = ['approve', 'reject', 'escalate', 'end'] as const;

/** A decision that a person owes. `expired`: nobody decided in time, and the run ended for it. */
export const approvals = pgTable('approvals', {
  id: id(),
  companyId: companyId(),
  key: text().notNull(),
  runId: uuid(),
  stepId: text().notNull(),
  kind: text().notNull(),
  risk: text({ enum: RISKS }).notNull().default('medium'),
  title: text().notNull(),
  body: text().notNull().default(''),
  proposed: jsonb().$type<Json>(),
  approved: jsonb().$type<Json>(),
  personId: uuid(),
  approvers: uuid().array().notNull().default([]), // users.id, one after the other; empty: any manager
  turn: integer().notNull().default(0),
  dueAt: instant(),
  fallback: text({ enum: FALLBACKS }).notNull(),
  escalateTo: uuid().array().notNull().default([]),
  escalated: boolean().notNull().default(false),
  state: text({ enum: APPROVAL_STATES }).notNull().default('waiting'),
  decisions: jsonb().$type<Json[]>().notNull().default([]),
  decidedBy: uuid(), // users.id; null where the deadline decided
  decidedAt: instant(),
  note: text(),
  version: integer().notNull().default(1),
  createdAt: instant()
    .notNull()
    .default(sql`date_trunc('milliseconds', now())`),
  updatedAt: instant()
    .notNull()
    .default(sql`date_trunc('milliseconds', now())`),
});
