import { sql } from 'drizzle-orm';
import { bigint, boolean, index, integer, jsonb, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { companyId, id, instant } from '#core/database/columns.ts';

/** Whole milliseconds, so that a JS Date holds it exactly. */
const moment = () =>
  timestamp({ withTimezone: true, mode: 'date' })
    .notNull()
    .default(sql`date_trunc('milliseconds', now())`);

export const TONES = ['friendly', 'professional', 'direct', 'warm', 'playful'] as const;
export type Tone = (typeof TONES)[number];
export const WRITERS = ['model', 'template'] as const;
export type WrittenBy = (typeof WRITERS)[number];

/** What a company's texts are written from, and how. One row a company, made when first changed. */
export const nurturingSettings = pgTable('nurturing_settings', {
  companyId: companyId().primaryKey(),
  tone: text({ enum: TONES }).notNull().default('friendly'),
  writtenBy: text({ enum: WRITERS }).notNull().default('model'),
  language: text(),
  whatWeDo: text().notNull().default(''),
  offer: text().notNull().default(''),
  furtherFacts: jsonb().$type<string[]>().notNull().default([]),
  links: jsonb().$type<string[]>().notNull().default([]),
  senderName: text().notNull().default(''),
  senderRole: text().notNull().default(''),
  callToAction: text().notNull().default(''),
  revisitDays: integer().notNull().default(90),
  alertOwner: boolean().notNull().default(true),
  monthlyBudgetMicros: bigint({ mode: 'number' }),
  createdAt: moment(),
  updatedAt: moment(),
});

/** One text or verdict that a model, or the template in its place, gave. */
export const generations = pgTable(
  'generations',
  {
    id: id(),
    companyId: companyId(),
    purpose: text({ enum: ['draft', 'reply', 'preview'] }).notNull(),
    runId: uuid(),
    stepId: text(),
    leadId: uuid(),
    promptVersion: text().notNull(),
    model: text(),
    inputTokens: integer().notNull().default(0),
    outputTokens: integer().notNull().default(0),
    costMicros: bigint({ mode: 'number' }),
    fallbackReason: text(),
    createdAt: moment(),
  },
  (t) => [index('generations_recent').on(t.companyId, t.createdAt)],
);

/** Nothing is written to them before that day. */
export const awayPeriods = pgTable(
  'away_periods',
  {
    companyId: companyId(),
    personId: uuid().primaryKey(),
    until: instant().notNull(),
    messageId: uuid(),
    createdAt: moment(),
  },
  (t) => [index('away_periods_company').on(t.companyId, t.until)],
);
