import { sql } from 'drizzle-orm';
import { customType, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { companyId, id, instant } from '#core/database/columns.ts';
import { VERDICTS, type Check, type Finding, type State } from './finding.ts';

/** A moment that lists sort by: whole milliseconds. */
const moment = () =>
  instant()
    .notNull()
    .default(sql`date_trunc('milliseconds', now())`);
const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' });
const texts = () =>
  text()
    .array()
    .notNull()
    .default(sql`'{}'`);

export const PROBE_STATES = ['waiting', 'arrived', 'judged', 'lost', 'refused'] as const;
export const FOLDERS = ['inbox', 'junk', 'other'] as const;

/** What changed from one look to the next; `from` null: it was not looked at before. */
export interface Change {
  readonly check: Check;
  readonly from: State | null;
  readonly to: State;
  readonly says: string;
}

/** What is known of an address that mail leaves from. */
export const senderCheckups = pgTable('sender_checkups', {
  id: id(),
  companyId: companyId(),
  address: text().notNull(), // normalised
  senderId: uuid(), // senders.id; null: the address of a company without senders
  namedSelectors: texts(),
  seenSelectors: texts(),
  verdict: text({ enum: VERDICTS }).notNull().default('unknown'),
  findings: jsonb().$type<Finding[]>().notNull().default([]),
  known: jsonb().$type<Partial<Record<Check, State>>>().notNull().default({}),
  broken: texts(),
  brokenAt: instant(),
  checkedAt: instant(),
  dueAt: instant().notNull(),
  createdAt: moment(),
  updatedAt: moment(),
});

export const senderCheckupChanges = pgTable('sender_checkup_changes', {
  id: id(),
  companyId: companyId(),
  checkupId: uuid().notNull(),
  verdict: text({ enum: VERDICTS }).notNull(),
  changes: jsonb().$type<Change[]>().notNull(),
  createdAt: moment(),
});

/** A real mail that was sent to see how it arrives. */
export const senderProbes = pgTable('sender_probes', {
  id: id(),
  companyId: companyId(),
  checkupId: uuid().notNull(),
  toEmail: text().notNull(),
  messageId: uuid(), // messages.id
  state: text({ enum: PROBE_STATES }).notNull().default('waiting'),
  says: text(),
  verdict: text({ enum: VERDICTS }),
  findings: jsonb().$type<Finding[]>().notNull().default([]),
  folder: text({ enum: FOLDERS }),
  folderName: text(),
  mailbox: text(),
  raw: bytea(), // until it is judged
  header: text(),
  arrivedAt: instant(),
  lookAt: instant(),
  createdAt: moment(),
  updatedAt: moment(),
});
