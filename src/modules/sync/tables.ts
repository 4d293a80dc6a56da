import { boolean, date, integer, jsonb, pgTable, primaryKey, smallint, text, uuid } from 'drizzle-orm/pg-core';
import { companyId, createdAt, id, instant, updatedAt } from '#core/database/columns.ts';
import { SOURCE_KINDS } from '#core/ports/source.ts';
import type { MappingLine } from './mapping/line.ts';

export const DIRECTIONS = ['pull', 'both'] as const;
export const SOURCE_STATES = ['draft', 'active', 'paused'] as const;
export const RUN_STATES = ['running', 'done', 'failed', 'stopped'] as const;
export const RUN_TRIGGERS = ['first', 'schedule', 'manual', 'hint', 'archive'] as const;
export const RUN_PHASES = ['everything', 'changes', 'writing'] as const;

/** Where rows come from: a connection, what is read there, and what its fields are here. */
export const syncSources = pgTable('sync_sources', {
  id: id(),
  companyId: companyId(),
  connectionId: uuid().notNull(),
  title: text().notNull(),
  object: text().notNull(),
  kind: text({ enum: SOURCE_KINDS }).notNull(),
  settings: jsonb().$type<Record<string, unknown>>().notNull().default({}),
  mapping: jsonb().$type<readonly MappingLine[]>().notNull().default([]),
  direction: text({ enum: DIRECTIONS }).notNull().default('pull'),
  createThere: boolean().notNull().default(false),
  everyMinutes: integer(),
  state: text({ enum: SOURCE_STATES }).notNull().default('draft'),
  cursor: text(),
  mark: text(),
  archiveDays: integer().notNull().default(30),
  nextRunAt: instant(),
  failures: integer().notNull().default(0),
  error: text(),
  createdAt: createdAt(),
  updatedAt: updatedAt(),
});

/** One run of one source; counts move on with each page. */
export const syncRuns = pgTable('sync_runs', {
  id: id(),
  companyId: companyId(),
  sourceId: uuid().notNull(),
  trigger: text({ enum: RUN_TRIGGERS }).notNull(),
  state: text({ enum: RUN_STATES }).notNull().default('running'),
  phase: text({ enum: RUN_PHASES }).notNull().default('changes'),
  holder: uuid(),
  heldUntil: instant(),
  pages: integer().notNull().default(0),
  total: integer(),
  read: integer().notNull().default(0),
  created: integer().notNull().default(0),
  changed: integer().notNull().default(0),
  unchanged: integer().notNull().default(0),
  refused: integer().notNull().default(0),
  optOutsKept: integer().notNull().default(0),
  conflicts: integer().notNull().default(0),
  gone: integer().notNull().default(0),
  written: integer().notNull().default(0),
  waitsUntil: instant(),
  error: text(),
  startedAt: instant().notNull(),
  finishedAt: instant(),
  archiveFrom: instant(),
  archiveTo: instant(),
});

/** Where a company keeps what came in; no row: in the data directory. */
export const syncArchives = pgTable('sync_archives', {
  companyId: companyId().primaryKey(),
  connectionId: uuid(),
  former: uuid().array().notNull().default([]),
  erasedTo: instant(),
  error: text(),
  updatedAt: updatedAt(),
});

/** A page as it came in, and the file that holds it. */
export const syncArchivePages = pgTable('sync_archive_pages', {
  id: id(),
  companyId: companyId(),
  sourceId: uuid().notNull(),
  runId: uuid().notNull(),
  connectionId: uuid(),
  name: text().notNull(),
  at: instant().notNull(),
  records: integer().notNull(),
  bytes: integer().notNull(),
  externalIds: text().array().notNull(),
});

/** Which record there is which row here. */
export const syncLinks = pgTable(
  'sync_links',
  {
    companyId: companyId(),
    sourceId: uuid().notNull(),
    externalId: text().notNull(),
    personId: uuid(),
    organisationId: uuid(),
    dealId: uuid(),
    interactionId: uuid(),
    hash: text().notNull(),
    base: jsonb().$type<Readonly<Record<string, string | null>>>().notNull().default({}),
    note: text({ enum: ['refused', 'opted_out', 'erased', 'gone'] }),
    flags: smallint().notNull().default(0),
    changedAt: instant(),
    inStepAt: instant(),
    seenAt: instant().notNull(),
  },
  (t) => [primaryKey({ columns: [t.sourceId, t.externalId] })],
);

/** A row that could not be taken, until it can. */
export const syncRefusals = pgTable('sync_refusals', {
  id: id(),
  companyId: companyId(),
  sourceId: uuid().notNull(),
  externalId: text().notNull(),
  field: text(),
  reason: text().notNull(),
  value: text(),
  raw: jsonb().$type<Record<string, unknown>>().notNull(),
  changedAt: instant(),
  refusedAt: instant().notNull(),
});

/** What a person put in the place of what came. */
export const syncFixes = pgTable(
  'sync_fixes',
  {
    companyId: companyId(),
    sourceId: uuid().notNull(),
    externalId: text().notNull(),
    field: text().notNull(),
    came: text(),
    value: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.sourceId, t.externalId, t.field] })],
);

/** A field that both sides changed since they last agreed; who wrote last was kept. */
export const syncConflicts = pgTable('sync_conflicts', {
  id: id(),
  companyId: companyId(),
  sourceId: uuid().notNull(),
  externalId: text().notNull(),
  personId: uuid(),
  organisationId: uuid(),
  field: text().notNull(),
  ours: text(),
  theirs: text(),
  kept: text({ enum: ['ours', 'theirs'] }).notNull(),
  at: instant().notNull(),
  decidedAt: instant(),
  decidedBy: uuid(),
});

/** A record that the vendor says has changed. */
export const syncHints = pgTable(
  'sync_hints',
  { companyId: companyId(), sourceId: uuid().notNull(), externalId: text().notNull(), at: instant().notNull() },
  (t) => [primaryKey({ columns: [t.sourceId, t.externalId] })],
);

/** How good the rows are, once a day. */
export const syncQuality = pgTable(
  'sync_quality',
  {
    companyId: companyId(),
    sourceId: uuid().notNull(),
    day: date().notNull(),
    rows: integer().notNull(),
    missing: integer().notNull(),
    malformed: integer().notNull(),
    stale: integer().notNull(),
    duplicate: integer().notNull(),
    outlier: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.sourceId, t.day] })],
);
