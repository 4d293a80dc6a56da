import { boolean, doublePrecision, integer, jsonb, pgTable, real, smallint, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { sql } from 'drizzle-orm';
import { companyId, id, instant } from '#core/database/columns.ts';
import type { Reason } from './compute.ts';
import type { Predictor } from './prediction/learn.ts';
import type { Reliability } from './prediction/logistic.ts';
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

/** What was learned about the conversion of leads, each time; the newest that took over serves. */
export const conversionModels = pgTable('conversion_models', {
  id: id(),
  companyId: companyId(),
  trainedAt: instant().notNull(),
  predictor: jsonb().$type<Predictor>(),
  examples: integer().notNull(),
  positives: integer().notNull(),
  held: integer().notNull(),
  auc: doublePrecision(),
  servingAuc: doublePrecision(),
  reliability: jsonb().$type<Reliability[]>().notNull().default([]),
  tookOver: boolean().notNull(),
  reason: text().notNull(),
});

/** How likely an open lead converts, and what speaks for and against it. */
export const conversionPredictions = pgTable('conversion_predictions', {
  leadId: uuid().primaryKey(),
  companyId: companyId(),
  modelId: uuid().notNull(),
  chance: real().notNull(),
  reasons: jsonb().$type<{ feature: string; share: number; more: boolean }[]>().notNull().default([]),
  computedAt: instant().notNull(),
});
