import { boolean, index, pgTable, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core';
import { sql } from 'drizzle-orm';
import { companyId, id, instant } from '#core/database/columns.ts';

export const CONVERSATION_STATES = ['open', 'done'] as const;

const moment = () =>
  instant()
    .notNull()
    .default(sql`date_trunc('milliseconds', now())`);

/** Mail and SMS with one person: what of it still needs somebody, and whom. Its id is the person's. Holds no text. */
export const conversations = pgTable('conversations', {
  personId: uuid().primaryKey(),
  companyId: companyId(),
  state: text({ enum: CONVERSATION_STATES }).notNull().default('open'),
  assigneeId: uuid(),
  snoozedUntil: instant(),
  snoozedBy: uuid(),
  lastAt: instant().notNull(),
  lastMessageId: uuid(),
  inboundAt: instant(),
  waitingSince: instant(),
  doneAt: instant(),
  doneBy: uuid(),
  createdAt: moment(),
  updatedAt: moment(),
});

/** Up to when each user has seen a conversation. */
export const conversationReads = pgTable(
  'conversation_reads',
  { personId: uuid().notNull(), userId: uuid().notNull(), companyId: companyId(), readAt: instant().notNull() },
  (t) => [primaryKey({ columns: [t.personId, t.userId] })],
);

/** What a user is typing. Its id makes the message one. */
export const conversationDrafts = pgTable(
  'conversation_drafts',
  {
    id: id(),
    personId: uuid().notNull(),
    userId: uuid().notNull(),
    companyId: companyId(),
    channel: text({ enum: ['email', 'sms'] }).notNull(),
    subject: text().notNull().default(''),
    text: text().notNull().default(''),
    updatedAt: moment(),
  },
  (t) => [unique('conversation_drafts_once').on(t.personId, t.userId)],
);

/** Who looks at a conversation now, and who is typing. */
export const conversationPresence = pgTable(
  'conversation_presence',
  { personId: uuid().notNull(), userId: uuid().notNull(), companyId: companyId(), typing: boolean().notNull(), at: instant().notNull() },
  (t) => [primaryKey({ columns: [t.personId, t.userId] }), index('conversation_presence_user').on(t.userId)],
);
