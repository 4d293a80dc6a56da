import { sql } from 'drizzle-orm';
import {
  boolean,
  customType,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { companyId, id, instant } from '#core/database/columns.ts';
import type { FormField } from './forms/fields.ts';
import type { Said } from './forms/person.ts';
import { LANGUAGES } from './forms/texts.ts';
import type { Finding } from './import/analyse.ts';
import type { Mapping } from './import/mapping.ts';
import type { Undone } from './import/store.ts';
import type { Change } from './import/write.ts';

/** Whole milliseconds, so that a cursor made from a JS Date is exact. */
const moment = () =>
  timestamp({ withTimezone: true, mode: 'date' })
    .notNull()
    .default(sql`date_trunc('milliseconds', now())`);
const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' });

export const LEAD_STATUSES = ['new', 'contacted', 'engaged', 'qualified', 'converted', 'lost', 'unsubscribed'] as const;
export type LeadStatus = (typeof LEAD_STATUSES)[number];

/** What a person currently is to us. Name, addresses and consent live on the person. One current lead (neither converted nor lost) each. */
export const leads = pgTable(
  'leads',
  {
    id: id(),
    companyId: companyId(),
    personId: uuid().notNull(),
    status: text({ enum: LEAD_STATUSES }).notNull().default('new'),
    source: text(),
    notes: text(),
    ownerId: uuid(), // users.id
    imported: boolean().notNull().default(false), // from a file, not written down by a colleague
    convertedAt: instant(), // kept by a trigger; null of who came as a client
    lastTouchAt: instant()
      .notNull()
      .default(sql`'epoch'`), // kept by a trigger on interactions; 1970: never
    statusRank: smallint()
      .notNull()
      .generatedAlwaysAs(sql`case status when 'new' then 1 else 7 end`), // the whole of it is in 0130_lists.sql
    createdAt: moment(),
    updatedAt: moment(),
  },
  (t) => [
    uniqueIndex('leads_current')
      .on(t.companyId, t.personId)
      .where(sql`status not in ('converted', 'lost')`),
    index('leads_recent').on(t.companyId, t.createdAt, t.id),
  ],
);

/** One file on its way in, with its counts. The file itself lies in import_chunks. */
export const imports = pgTable('imports', {
  id: id(),
  companyId: companyId(),
  filename: text().notNull(),
  sizeBytes: integer().notNull(),
  encoding: text().notNull(),
  delimiter: text().notNull(),
  columns: jsonb().$type<string[]>().notNull(),
  mapping: jsonb().$type<Mapping>().notNull(),
  source: text(),
  enrol: boolean().notNull().default(false),
  dryRun: boolean().notNull().default(false),
  state: text({ enum: ['uploading', 'ready', 'running', 'done', 'failed', 'undoing', 'undone'] })
    .notNull()
    .default('ready'),
  processedRows: integer().notNull().default(0),
  totalRows: integer(),
  createdCount: integer().notNull().default(0),
  mergedCount: integer().notNull().default(0),
  changedCount: integer().notNull().default(0),
  optOutsKept: integer().notNull().default(0),
  refusedCount: integer().notNull().default(0),
  error: text(),
  createdBy: uuid(),
  createdAt: moment(),
  updatedAt: moment(),
  finishedAt: instant(),
  format: text({ enum: ['csv', 'tsv', 'xlsx', 'vcard'] })
    .notNull()
    .default('csv'),
  skip: integer().notNull().default(0), // records before the first row of data
  heading: boolean().notNull().default(true),
  sample: jsonb().$type<string[][]>().notNull().default([]),
  findings: jsonb().$type<Finding[]>().notNull().default([]),
  options: jsonb().$type<Record<string, unknown>>().notNull().default({}),
  startedAt: instant(),
  undo: jsonb().$type<Undone>(),
});

/** What one transaction of an import made and filled. */
export const importJournal = pgTable(
  'import_journal',
  {
    companyId: companyId(),
    importId: uuid().notNull(),
    place: integer().notNull(),
    personIds: uuid().array().notNull().default([]),
    leadIds: uuid().array().notNull().default([]),
    organisationIds: uuid().array().notNull().default([]),
    tagIds: uuid().array().notNull().default([]),
    changes: jsonb().$type<Change[]>().notNull().default([]),
    at: timestamp({ withTimezone: true, mode: 'date' }).notNull(),
    undoneAt: instant(),
  },
  (t) => [primaryKey({ columns: [t.importId, t.place] })],
);

/** What tells a person without an address: number, or name and organisation. */
export const importIdentities = pgTable(
  'import_identities',
  { companyId: companyId(), key: text().notNull(), personId: uuid().notNull() },
  (t) => [primaryKey({ columns: [t.companyId, t.key] })],
);

/** The mapping that was used last for files with the same headings. */
export const importMappings = pgTable(
  'import_mappings',
  {
    companyId: companyId(),
    fingerprint: text().notNull(),
    mapping: jsonb().$type<Mapping>().notNull(),
    formats: jsonb().$type<Record<string, string>>().notNull().default({}),
    updatedAt: moment(),
  },
  (t) => [primaryKey({ columns: [t.companyId, t.fingerprint] })],
);

export const importChunks = pgTable(
  'import_chunks',
  { companyId: companyId(), importId: uuid().notNull(), position: integer().notNull(), bytes: bytea().notNull() },
  (t) => [primaryKey({ columns: [t.importId, t.position] })],
);

/** Why a row was refused, by its number in the file. */
export const importErrors = pgTable(
  'import_errors',
  {
    companyId: companyId(),
    importId: uuid().notNull(),
    rowNumber: integer().notNull(),
    line: integer().notNull(),
    field: text(),
    reason: text().notNull(),
    value: text(),
    cells: jsonb().$type<string[]>().notNull().default([]),
  },
  (t) => [primaryKey({ columns: [t.importId, t.rowNumber] })],
);

export const forms = pgTable('forms', {
  id: id(),
  companyId: companyId(),
  title: text().notNull(),
  intro: text().notNull().default(''),
  fields: jsonb().$type<FormField[]>().notNull(),
  consentWording: text().notNull().default(''),
  consentRequired: boolean().notNull().default(false),
  confirm: boolean().notNull().default(false),
  consentVersion: integer().notNull().default(1),
  submitLabel: text().notNull().default('Send'),
  thankYou: text().notNull(),
  redirectUrl: text(),
  source: text().notNull().default('form'),
  language: text({ enum: LANGUAGES }).notNull().default('en'),
  steps: jsonb().$type<string[]>().notNull(),
  topics: text().array().notNull(),
  tags: text().array().notNull(),
  embedOrigins: text().array().notNull(),
  challenge: text({ enum: ['off', 'auto', 'always'] })
    .notNull()
    .default('auto'),
  partialDays: integer().notNull().default(0),
  active: boolean().notNull().default(true),
  isDefault: boolean().notNull().default(false),
  createdAt: moment(),
  updatedAt: moment(),
});

export const formSubmissions = pgTable(
  'form_submissions',
  {
    id: id(),
    companyId: companyId(),
    formId: uuid().notNull(),
    personId: uuid(),
    leadId: uuid(),
    answers: jsonb().$type<Record<string, string | string[]>>().notNull(),
    consentVersion: integer(),
    dedupeKey: text().notNull(),
    tokenKey: text(),
    shownVersion: integer(),
    shownWording: text(),
    attribution: jsonb().$type<Record<string, string>>().notNull(),
    said: jsonb().$type<Said[]>().notNull(),
    confirmation: text({ enum: ['asked', 'confirmed'] }),
    confirmedAt: timestamp({ withTimezone: true }),
    ip: text(),
    userAgent: text(),
    createdAt: moment(),
  },
  (t) => [unique('form_submissions_once').on(t.companyId, t.dedupeKey)],
);
