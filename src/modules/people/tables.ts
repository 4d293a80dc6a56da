import { sql } from 'drizzle-orm';
import { index, jsonb, pgTable, primaryKey, text, timestamp, unique, uuid } from 'drizzle-orm/pg-core';
import type { Facts } from '#core/engine/types.ts';
import { companyId, id, instant } from '#core/database/columns.ts';

/** A moment that lists sort by: whole milliseconds, so that a cursor made from a JS Date is exact. */
const moment = () =>
  timestamp({ withTimezone: true, mode: 'date' })
    .notNull()
    .default(sql`date_trunc('milliseconds', now())`);

export const CONSENT_STATES = ['granted', 'withdrawn', 'objected'] as const;
export const LAWFUL_BASES = ['consent', 'legitimate_interest', 'contract', 'legal_obligation'] as const;
export const INTERACTION_TYPES = ['email', 'sms', 'call', 'meeting', 'note', 'form', 'visit'] as const;
export const DIRECTIONS = ['inbound', 'outbound', 'internal'] as const;

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
  timeZone: text(), // IANA
  language: text(), // BCP 47
  organisationId: uuid(),
  ownerId: uuid(), // users.id
  optedOutAt: instant(), // set while commercial messages are refused
  search: text()
    .notNull()
    .generatedAlwaysAs(sql`' ' || lower(full_name) || ' ' || coalesce(email, '') || ' ' || coalesce(phone, '')`),
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
});
