import { sql } from 'drizzle-orm';
import { boolean, customType, index, integer, jsonb, pgTable, primaryKey, text, timestamp, unique, uuid } from 'drizzle-orm/pg-core';
import type { Facts } from '#core/engine/types.ts';
import { companyId, id, instant } from '#core/database/columns.ts';
import type { CustomValues } from './custom/field.ts';

const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' });

/** A moment that lists sort by: whole milliseconds, so that a cursor made from a JS Date is exact. */
const moment = () =>
  timestamp({ withTimezone: true, mode: 'date' })
    .notNull()
    .default(sql`date_trunc('milliseconds', now())`);

export const CONSENT_STATES = ['granted', 'withdrawn', 'objected'] as const;
export const LAWFUL_BASES = ['consent', 'inquiry', 'legitimate_interest', 'contract', 'legal_obligation'] as const;
export const INTERACTION_TYPES = ['email', 'sms', 'call', 'meeting', 'note', 'form', 'visit'] as const;
export const DIRECTIONS = ['inbound', 'outbound', 'internal'] as const;
export const CUSTOM_TYPES = ['text', 'number', 'date', 'boolean', 'choice', 'url'] as const;
export const TAG_COLORS = ['gray', 'red', 'orange', 'amber', 'green', 'teal', 'blue', 'violet', 'pink'] as const;

/** A firm that people work for. `nameKey` (lower case, single spaces) is what makes it one. */
export const organisations = pgTable(
  'organisations',
  {
    id: id(),
    companyId: companyId(),
    name: text().notNull(),
    nameKey: text().notNull(),
    domain: text(),
    createdAt: moment(),
    updatedAt: moment(),
  },
  (t) => [
    unique('organisations_name_key').on(t.companyId, t.nameKey),
    index('organisations_recent').on(t.companyId, t.createdAt.desc(), t.id.desc()),
  ],
);

/** A human the company knows. Leads and clients hang off it; there is never a second person for one address. */
export const people = pgTable('people', {
  id: id(),
  companyId: companyId(),
  fullName: text().notNull().default(''),
  firstName: text(),
  lastName: text(),
  email: text(), // primary address, normalised; all of them are in person_emails
  phone: text(), // E.164; null when phoneRaw could not be read
  phoneRaw: text(),
  phoneLabel: text(),
  timeZone: text(), // IANA
  language: text(), // BCP 47
  country: text(), // ISO 3166, two letters
  organisationId: uuid(),
  ownerId: uuid(), // users.id
  optedOutAt: instant(), // set while commercial messages are refused
  search: text()
    .notNull()
    .generatedAlwaysAs(sql`' ' || lower(full_name) || ' ' || coalesce(email, '') || ' ' || coalesce(phone, '') || other_contacts`),
  custom: jsonb().$type<CustomValues>().notNull().default({}), // by custom_fields.key
  otherContacts: text().notNull().default(''), // see refreshContacts
  imported: boolean().notNull().default(false), // a file brought them; see basis/grounds.ts
  nameKey: text()
    .notNull()
    .generatedAlwaysAs(sql`lower(coalesce(nullif(full_name, ''), email, phone, phone_raw, ''))`),
  createdAt: moment(),
  updatedAt: moment(),
});

/** One address belongs to one person of a company. */
export const personEmails = pgTable(
  'person_emails',
  { companyId: companyId(), email: text().notNull(), personId: uuid().notNull(), createdAt: moment() },
  (t) => [primaryKey({ columns: [t.companyId, t.email] })],
);

/** Append-only: the database refuses UPDATE and DELETE to both roles. */
export const consentLog = pgTable('consent_log', {
  id: id(),
  companyId: companyId(),
  personId: uuid().notNull(),
  topic: text().notNull(),
  state: text({ enum: CONSENT_STATES }).notNull(),
  lawfulBasis: text({ enum: LAWFUL_BASES }),
  source: text().notNull(),
  evidence: jsonb().$type<Facts>().notNull().default({}),
  recordedBy: uuid(),
  createdAt: moment(),
});

/** What the log adds up to, the strictest winning (see consent.ts). */
export const consentState = pgTable(
  'consent_state',
  {
    companyId: companyId(),
    personId: uuid().notNull(),
    topic: text().notNull(),
    state: text({ enum: CONSENT_STATES }).notNull(),
    lawfulBasis: text({ enum: LAWFUL_BASES }),
    logId: uuid().notNull(),
    since: instant().notNull(),
  },
  (t) => [primaryKey({ columns: [t.personId, t.topic] })],
);

/** One touch on the timeline. Notes are touches too: type note, direction internal. */
export const interactions = pgTable('interactions', {
  id: id(),
  companyId: companyId(),
  personId: uuid().notNull(),
  leadId: uuid(),
  type: text({ enum: INTERACTION_TYPES }).notNull(),
  direction: text({ enum: DIRECTIONS }).notNull(),
  content: text().notNull().default(''),
  channel: text(),
  status: text(),
  metadata: jsonb().$type<Facts>().notNull().default({}),
  messageId: uuid(), // messages.id where this touch is a message
  createdBy: uuid(), // users.id
  createdAt: moment(),
  editedAt: instant(), // of a note; null: as first written
});

/** A field that the company invented; values are in people.custom. Key and type stay for ever. */
export const customFields = pgTable(
  'custom_fields',
  {
    id: id(),
    companyId: companyId(),
    key: text().notNull(),
    label: text().notNull(),
    type: text({ enum: CUSTOM_TYPES }).notNull(),
    options: jsonb().$type<string[]>().notNull().default([]), // of a choice
    position: integer().notNull().default(0),
    archivedAt: instant(),
    createdAt: moment(),
    updatedAt: moment(),
  },
  (t) => [unique('custom_fields_key').on(t.companyId, t.key)],
);

/** `nameKey` (lower case, single spaces) is what makes it one. */
export const tags = pgTable(
  'tags',
  {
    id: id(),
    companyId: companyId(),
    name: text().notNull(),
    nameKey: text().notNull(),
    color: text({ enum: TAG_COLORS }).notNull().default('gray'),
    createdAt: moment(),
    updatedAt: moment(),
  },
  (t) => [unique('tags_name_key').on(t.companyId, t.nameKey)],
);

export const personTags = pgTable(
  'person_tags',
  { companyId: companyId(), personId: uuid().notNull(), tagId: uuid().notNull(), createdAt: moment() },
  (t) => [primaryKey({ columns: [t.personId, t.tagId] })],
);

/** Numbers beside the primary one, which stands on the person. */
export const personPhones = pgTable('person_phones', {
  id: id(),
  companyId: companyId(),
  personId: uuid().notNull(),
  phone: text(), // E.164; null when phoneRaw could not be read
  phoneRaw: text().notNull(),
  label: text(),
  createdAt: moment(),
});

/** A file on a person; its bytes are in person_file_chunks. */
export const personFiles = pgTable('person_files', {
  id: id(),
  companyId: companyId(),
  personId: uuid().notNull(),
  name: text().notNull(),
  type: text().notNull(), // media type, sniffed from the first bytes
  sizeBytes: integer().notNull(),
  sha256: text().notNull(), // hex
  complete: boolean().notNull().default(false),
  createdBy: uuid(), // users.id
  createdAt: moment(),
  sharedAt: instant(), // since then the client sees it on their page
});

/** 256 KiB each, in order. */
export const personFileChunks = pgTable(
  'person_file_chunks',
  { companyId: companyId(), fileId: uuid().notNull(), position: integer().notNull(), bytes: bytea().notNull() },
  (t) => [primaryKey({ columns: [t.fileId, t.position] })],
);
