import { sql } from 'drizzle-orm';
import { index, integer, jsonb, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { companyId, id, instant } from '#core/database/columns.ts';

const moment = () =>
  timestamp({ withTimezone: true, mode: 'date' })
    .notNull()
    .default(sql`date_trunc('milliseconds', now())`);

export const FORMATS = ['csv', 'xlsx', 'jsonl', 'parquet'] as const;
export type Format = (typeof FORMATS)[number];

/** What was taken out. The file is made anew for each download and never stored. */
export const exportsTable = pgTable(
  'exports',
  {
    id: id(),
    companyId: companyId(),
    what: text().notNull(),
    format: text({ enum: [...FORMATS, 'zip'] }).notNull(),
    columns: jsonb().$type<string[]>().notNull().default([]),
    filter: jsonb().$type<Record<string, unknown>>().notNull().default({}),
    rowCount: integer(),
    downloads: integer().notNull().default(0),
    downloadedAt: instant(),
    createdBy: uuid(), // users.id
    expiresAt: instant().notNull(),
    createdAt: moment(),
    updatedAt: moment(),
  },
  (t) => [index('exports_recent').on(t.companyId, t.createdAt.desc(), t.id.desc())],
);
