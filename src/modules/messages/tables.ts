import { sql } from 'drizzle-orm';
import { boolean, customType, date, integer, jsonb, pgTable, primaryKey, real, smallint, text, uuid } from 'drizzle-orm/pg-core';
import type { Facts } from '#core/engine/types.ts';
import { DELIVERIES } from '#core/connector/webhook.ts';
import { companyId, id, instant } from '#core/database/columns.ts';
import type { StoredVerdict } from './gate/types.ts';
import type { Feedback } from './senders/health.ts';
import type { Frame } from './frame.ts';
import { MACHINES } from './tracking/agents.ts';
import { TRACKED_WHO } from './tracking/settings.ts';
import { STRANGERS } from './strangers.ts';
import { REPLY_CLASSES } from './replies/verdict.ts';
import type { Attachment, MessageFile, StoredVariant } from './templates/store/row.ts';
import type { Source } from './templates/source/source.ts';

export const MESSAGE_STATES = ['draft', 'queued', 'captured', 'sent', 'blocked', 'refused', 'in_doubt', 'received'] as const;
export const MESSAGE_CLASSES = ['commercial', 'transactional'] as const;
export const TEMPLATE_KINDS = ['mail', 'sms'] as const;
export const CHANNELS = ['email', 'sms'] as const;
export type Channel = (typeof CHANNELS)[number];
export const SUPPRESSION_REASONS = ['opt_out', 'bounce', 'complaint', 'manual'] as const;

/** A moment that lists sort by: whole milliseconds, so that a cursor made from a JS Date is exact. */
const moment = () =>
  instant()
    .notNull()
    .default(sql`date_trunc('milliseconds', now())`);

/**
 * One mail or SMS to or from one person. `text` and `html` hold what was written; `frame` what code put around it
 * (sender, footer, unsubscribe link) when it left.
 */
export const messages = pgTable('messages', {
  id: id(),
  companyId: companyId(),
  class: text({ enum: MESSAGE_CLASSES }).notNull(),
  channel: text({ enum: CHANNELS }).notNull().default('email'),
  direction: text({ enum: ['outbound', 'inbound'] }).notNull(),
  state: text({ enum: MESSAGE_STATES }).notNull(),
  stateReason: text(),
  personId: uuid(),
  leadId: uuid(),
  runId: uuid(),
  stepId: text(),
  workflow: text(),
  key: text(), // makes a mail that no run wrote a single one
  topic: text(),
  template: text(),
  templateVersion: integer(), // 0 is the built-in text
  fromName: text().notNull().default(''),
  fromEmail: text().notNull().default(''),
  toName: text().notNull().default(''),
  toEmail: text().notNull(), // empty for an SMS
  toPhone: text(),
  fromPhone: text(),
  subject: text().notNull().default(''),
  text: text().notNull().default(''),
  html: text(),
  headers: jsonb().$type<Record<string, string>>().notNull().default({}),
  frame: jsonb().$type<Frame>(),
  messageId: text(),
  inReplyTo: text(),
  threadId: uuid().notNull(),
  replyToId: uuid(), // messages.id that this answers
  personal: boolean().notNull().default(false), // a person wrote it by hand, to this one person
  authorId: uuid(), // the user who did
  verdict: jsonb().$type<StoredVerdict>(),
  provenance: jsonb().$type<Facts>(),
  connectionId: uuid(),
  effectId: uuid(),
  senderId: uuid(), // planned for, then left by; null: the connection in use
  dueAt: instant(),
  sentAt: instant(),
  response: text(),
  sensitive: boolean().notNull().default(false),
  externalId: text(),
  newText: text(),
  auto: boolean().notNull().default(false),
  replyClass: text({ enum: REPLY_CLASSES }),
  replyConfidence: real(),
  replyReasons: jsonb().$type<readonly string[]>(),
  replyReturnAt: instant(),
  delivery: text({ enum: DELIVERIES }), // what the vendor told of it after it left
  deliveryAt: instant(),
  openedAt: instant(),
  clickedAt: instant(),
  attachments: jsonb().$type<readonly MessageFile[]>(), // files that go with it
  classifiedBy: text({ enum: ['rules', 'model', 'person'] }),
  createdAt: moment(),
  updatedAt: moment(),
});

/** Versions of a company's own template; the newest is used. A key without a row uses the built-in text, version 0. */
export const messageTemplates = pgTable('message_templates', {
  id: id(),
  companyId: companyId(),
  key: text().notNull(),
  version: integer().notNull(),
  title: text().notNull(),
  class: text({ enum: MESSAGE_CLASSES }).notNull(),
  subject: text().notNull(),
  body: text().notNull(),
  html: text(),
  kind: text({ enum: TEMPLATE_KINDS }).notNull().default('mail'),
  preheader: text().notNull().default(''),
  language: text().notNull().default('en'),
  source: jsonb().$type<Source>(), // null: body and html were written as they are
  variants: jsonb().$type<readonly StoredVariant[]>().notNull().default([]),
  attachments: jsonb().$type<readonly Attachment[]>().notNull().default([]),
  snippets: text().array().notNull().default([]), // keys of all that were put in
  note: text(),
  retiredAt: instant(), // used no more
  createdBy: uuid(),
  createdAt: moment(),
});

/** Work on a template that has not been published. */
export const messageTemplateDrafts = pgTable('message_template_drafts', {
  id: id(),
  companyId: companyId(),
  key: text().notNull(),
  content: jsonb().$type<Record<string, unknown>>().notNull(),
  baseVersion: integer().notNull().default(0),
  updatedBy: uuid(),
  createdAt: moment(),
  updatedAt: moment(),
});

/** Pieces that templates share. */
export const messageSnippets = pgTable('message_snippets', {
  id: id(),
  companyId: companyId(),
  key: text().notNull(),
  title: text().notNull(),
  mode: text({ enum: ['text', 'html'] }).notNull(),
  body: text().notNull(),
  updatedBy: uuid(),
  createdAt: moment(),
  updatedAt: moment(),
});

/** Bytes as node has them. */
const bytes = customType<{ data: Buffer }>({ dataType: () => 'bytea' });

/** Files that go with mails. The same bytes are stored once. */
export const templateFiles = pgTable('template_files', {
  id: id(),
  companyId: companyId(),
  sha256: text().notNull(),
  filename: text().notNull(),
  contentType: text().notNull(),
  size: integer().notNull(),
  content: bytes().notNull(),
  width: integer(), // of a picture that mails show, in pixels; null: a file that goes with mails
  height: integer(),
  createdBy: uuid(),
  createdAt: moment(),
  addedAt: moment(), // when somebody last put these bytes here
});

/** An address that gets no more mail. The hash outlives the address. */
export const suppressions = pgTable('suppressions', {
  id: id(),
  companyId: companyId(),
  channel: text({ enum: CHANNELS }).notNull().default('email'),
  address: text(),
  addressHash: text().notNull(),
  reason: text({ enum: SUPPRESSION_REASONS }).notNull(),
  source: text().notNull(),
  note: text(),
  personId: uuid(),
  createdBy: uuid(),
  createdAt: moment(),
  optedOutAt: instant(), // asked for no more mail, whatever the reason says now
});

/** A company's sending: launched, paused, and the gate's limits. No row: nothing set, the installation's defaults hold. */
export const sending = pgTable('sending', {
  companyId: companyId().primaryKey(),
  launchedAt: instant(),
  launchedBy: uuid(),
  pausedAt: instant(),
  pausedBy: uuid(),
  pauseReason: text(),
  days: smallint().array().notNull().default([1, 2, 3, 4, 5, 6, 7]),
  capPerDay: integer().notNull().default(1),
  capPerWeek: integer().notNull().default(3),
  dailyLimit: integer(),
  basis: text({ enum: ['by_country', 'opt_in'] })
    .notNull()
    .default('by_country'),
  fromName: text(),
  fromEmail: text(),
  replyTo: text(),
  rehearseAbove: integer().default(200), // null: never asked for
  keepHolidays: boolean().notNull().default(true),
  sendTime: boolean().notNull().default(false), // wait for the hour at which people answer
  updatedAt: moment(),
});

export const SENDER_STATES = ['active', 'paused', 'retired'] as const;
export const SENDER_HEALTHS = ['well', 'slowed', 'stopped'] as const;

/** Days that commercial mail keeps off, besides the public holidays where somebody is. */
export const sendingHolidays = pgTable('sending_holidays', {
  id: id(),
  companyId: companyId(),
  day: date({ mode: 'string' }).notNull(),
  yearly: boolean().notNull().default(false), // that day of every year
  title: text().notNull(),
  createdBy: uuid(),
  createdAt: moment(),
});

/** An address that mail leaves from. */
export const senders = pgTable('senders', {
  id: id(),
  companyId: companyId(),
  address: text().notNull(), // normalised
  name: text().notNull(),
  replyTo: text(),
  connectionId: uuid(), // null: it was deleted
  carries: text({ enum: MESSAGE_CLASSES }).array().notNull().default(['commercial', 'transactional']),
  dailyLimit: integer(), // of all mail; null is no limit
  rampStart: integer(), // commercial mails on the first day
  rampPercent: integer(), // more on each further day that it sends
  rampSince: date({ mode: 'string' }),
  timeZone: text(), // null: the company's
  state: text({ enum: SENDER_STATES }).notNull().default('active'),
  health: text({ enum: SENDER_HEALTHS }).notNull().default('well'),
  healthAt: instant(),
  healthBecause: jsonb().$type<Feedback>(),
  countedFrom: instant(), // feedback before it is forgiven
  createdAt: moment(),
  updatedAt: moment(),
});

/** What a sender has taken of a day of its zone. */
export const senderDays = pgTable(
  'sender_days',
  {
    senderId: uuid().notNull(),
    companyId: companyId(),
    day: date({ mode: 'string' }).notNull(),
    taken: integer().notNull().default(0),
    commercial: integer().notNull().default(0),
    step: integer().notNull().default(0), // days of its ramp before this one
    allowed: integer(), // commercial mails, when it was last counted; null: no limit
  },
  (table) => [primaryKey({ columns: [table.senderId, table.day] })],
);

/** Events of vendors that were taken in, by the vendor's own name for each. */
export const vendorEvents = pgTable('vendor_events', {
  id: id(),
  companyId: companyId(),
  connectionId: uuid().notNull(),
  eventKey: text().notNull(),
  what: text().notNull(),
  messageId: uuid(),
  happenedAt: instant().notNull(),
  receivedAt: instant().notNull(),
});

/** Attachments of mail that came in: files on the person. */
export const messageFiles = pgTable(
  'message_files',
  { messageId: uuid().notNull(), fileId: uuid().notNull(), companyId: companyId() },
  (t) => [primaryKey({ columns: [t.messageId, t.fileId] })],
);

/** What becomes of mail from people whom nobody knows. No row: it is left alone. */
export const inboundRules = pgTable('inbound_rules', {
  companyId: companyId().primaryKey(),
  strangers: text({ enum: STRANGERS }).notNull().default('ignore'),
  connectionIds: uuid().array().notNull().default([]), // of `mailboxes`
  updatedAt: moment(),
});

/** Whether a company counts openings and followed links of its commercial mail. No row: it does not. */
export const tracking = pgTable('tracking', {
  companyId: companyId().primaryKey(),
  opens: boolean().notNull().default(false),
  clicks: boolean().notNull().default(false),
  who: text({ enum: TRACKED_WHO }).notNull().default('consented'),
  notTemplates: text().array().notNull().default([]), // keys
  keepDays: integer().notNull().default(90),
  updatedAt: moment(),
});

/** One opening or one followed link. Whose, the message says; neither address nor place of who did it is kept. */
export const messageHits = pgTable('message_hits', {
  id: id(),
  companyId: companyId(),
  messageId: uuid().notNull(),
  personId: uuid(), // who was written to; whoever did it may be another
  kind: text({ enum: ['open', 'click'] }).notNull(),
  link: smallint(), // place in the mail, from 1; 0 is the one that no reader sees
  url: text(),
  agent: text(),
  machine: text({ enum: MACHINES }), // null: nothing speaks for one
  at: instant().notNull(),
  judgedAt: instant(), // null: what comes with it is still waited for
});

export type Message = typeof messages.$inferSelect;
