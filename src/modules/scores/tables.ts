import { integer, jsonb, pgTable, smallint, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { sql } from 'drizzle-orm';
import { companyId, instant } from '#core/database/columns.ts';
import type { Reason } from './compute.ts';
import { GRADES, type Grades, type Route, type Rule } from './rules.ts';

const filled = () =>
  timestamp({ withTimezone: true, mode: 'date' })
    .notNull()
    .default(sql`now()`);

/** A company's rules and grades; null columns: the built-in ones. */
export const scoreModels = pgTable('score_models', {
  companyId: companyId().primaryKey(),
  rules: jsonb().$type<Rule[]>(),
  grades: jsonb().$type<Grades>(),
  routes: jsonb().$type<Route[]>(),
  version: integer().notNull().default(1),
  passAt: filled(),
  passId: uuid().notNull().default('00000000-0000-0000-0000-000000000000'),
  passedAt: filled(),
  touchedAt: filled(),
  updatedAt: filled(),
});

/** How promising a lead is, and why. Only of leads that are open, or were when it was worked out. */
export const leadScores = pgTable('lead_scores', {
  leadId: uuid().primaryKey(),
  companyId: companyId(),
  score: smallint().notNull(),
  grade: text({ enum: GRADES }).notNull(),
  reached: smallint().notNull(),
  reasons: jsonb().$type<Reason[]>().notNull(),
  history: jsonb().$type<[day: number, score: number][]>().notNull().default([]),
  version: integer().notNull(),
  nextAt: instant(),
  computedAt: instant().notNull(),
});
