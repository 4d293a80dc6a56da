import {
  bigint,
  boolean,
  date,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core';
import { companyId, createdAt, id, instant, updatedAt } from '#core/database/columns.ts';
import { GRAINS } from './forecast/trials.ts';
import type { ReportDefinition } from './reports/definition.ts';
import type { ReportResult } from './reports/make.ts';
import { CADENCES, REPORT_FORMATS } from './reports/schedule.ts';
import { COMPARES } from './watches/judge.ts';

const cents = () => bigint({ mode: 'number' }).notNull();

/** What a month or quarter is meant to bring, of one owner or of the company. */
export const dealTargets = pgTable('deal_targets', {
  id: id(),
  companyId: companyId(),
  ownerId: uuid(), // deal_owners.id; null: of the company
  grain: text({ enum: GRAINS }).notNull(),
  start: date().notNull(),
  cents: cents(),
  updatedAt: updatedAt(),
});

/** What is expected to be won in a period, as it was said on a day. */
export const forecasts = pgTable(
  'forecasts',
  {
    companyId: companyId(),
    grain: text({ enum: GRAINS }).notNull(),
    start: date().notNull(),
    dim: text({ enum: ['all', 'owner'] }).notNull(),
    value: text().notNull(),
    madeOn: date().notNull(),
    madeAt: instant().notNull(),
    ahead: smallint().notNull(),
    wonCents: cents(),
    openCents: cents(),
    freshCents: cents(),
    expectedCents: cents(),
    lowCents: cents(),
    highCents: cents(),
    calibrated: boolean().notNull(),
  },
  (t) => [primaryKey({ columns: [t.companyId, t.grain, t.start, t.dim, t.value, t.madeOn] })],
);

/** What would have been said of past periods, beside what happened. */
export const forecastTrials = pgTable(
  'forecast_trials',
  {
    companyId: companyId(),
    grain: text({ enum: GRAINS }).notNull(),
    ahead: smallint().notNull(),
    dim: text({ enum: ['all', 'owner'] }).notNull(),
    value: text().notNull(),
    start: date().notNull(),
    expectedCents: cents(),
    lowCents: cents(),
    highCents: cents(),
    actualCents: cents(),
    calibrated: boolean().notNull(),
    inside: boolean().notNull(),
  },
  (t) => [primaryKey({ columns: [t.companyId, t.grain, t.ahead, t.dim, t.value, t.start] })],
);

/** The deals behind a change, the largest first. */
export interface Blamed {
  readonly deal_id: string;
  readonly cents: number;
}

/** A condition on a metric that somebody wants to hear of, and how it was when it was last looked at. */
export const metricWatches = pgTable('metric_watches', {
  id: id(),
  companyId: companyId(),
  metric: text().notNull(),
  dimension: text(),
  value: text(),
  compare: text({ enum: COMPARES }).notNull(),
  percent: doublePrecision().notNull(),
  amount: doublePrecision().notNull(),
  days: integer().notNull(),
  active: boolean().notNull().default(true),
  checkedAt: instant(),
  wrong: boolean().notNull().default(false),
  nowAmount: doublePrecision(),
  beforeAmount: doublePrecision(),
  title: text().notNull().default(''),
  body: text().notNull().default(''),
  blame: jsonb().$type<Blamed[]>().notNull().default([]),
  createdAt: createdAt(),
  updatedAt: updatedAt(),
});

/** A report that is kept, and to whom and when it is mailed. */
export const savedReports = pgTable(
  'saved_reports',
  {
    id: id(),
    companyId: companyId(),
    title: text().notNull(),
    definition: jsonb().$type<ReportDefinition>().notNull(),
    every: text({ enum: CADENCES }), // null: mailed to nobody
    weekday: smallint(),
    monthDay: smallint(),
    hour: smallint(),
    recipients: uuid().array().notNull().default([]), // users.id
    formats: text({ enum: REPORT_FORMATS }).array().notNull().default(['pdf']),
    nextAt: instant(),
    failed: text(),
    createdBy: uuid(), // users.id
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [index('saved_reports_list').on(t.companyId, t.createdAt, t.id)],
);

/** What a report said when it was mailed: values and no names. */
export const reportIssues = pgTable(
  'report_issues',
  {
    id: id(),
    companyId: companyId(),
    reportId: uuid().notNull(),
    title: text().notNull(),
    dueAt: instant().notNull(),
    result: jsonb().$type<ReportResult>().notNull(),
    mails: integer().notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    unique('report_issues_once').on(t.reportId, t.dueAt),
    index('report_issues_recent').on(t.companyId, t.createdAt.desc(), t.id.desc()),
  ],
);
