import { boolean, integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { companyId, createdAt, id, instant, updatedAt } from '#core/database/columns.ts';
import { PICKS, type Fits, type Hours } from './rule.ts';

/** Who gets which new leads. Asked by position; the first that fits and has somebody free decides. */
export const assignmentRules = pgTable('assignment_rules', {
  id: id(),
  companyId: companyId(),
  name: text().notNull(),
  position: integer().notNull().default(0),
  active: boolean().notNull().default(true),
  fits: jsonb().$type<Fits>().notNull(),
  pick: text({ enum: PICKS }).notNull(),
  userIds: uuid().array().notNull(), // users.id, in turn order
  hours: jsonb().$type<Hours>(),
  lastUserId: uuid(),
  createdAt: createdAt(),
  updatedAt: updatedAt(),
});

/** Gets no new leads until then. */
export const assignmentAbsences = pgTable('assignment_absences', {
  companyId: companyId(),
  userId: uuid().primaryKey(),
  until: instant().notNull(),
  updatedAt: updatedAt(),
});

/** Why this owner; one row a decision. */
export const leadAssignments = pgTable('lead_assignments', {
  id: id(),
  companyId: companyId(),
  leadId: uuid().notNull(),
  userId: uuid().notNull(),
  ruleId: uuid(),
  reason: text().notNull(),
  toldAt: instant(),
  createdAt: createdAt(),
});
