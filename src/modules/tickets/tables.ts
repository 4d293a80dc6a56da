import { bigint, boolean, customType, index, integer, jsonb, pgTable, primaryKey, smallint, text, unique, uuid } from 'drizzle-orm/pg-core';
import { sql } from 'drizzle-orm';
import type { Facts } from '#core/engine/types.ts';
import { companyId, id, instant } from '#core/database/columns.ts';

export const TICKET_STATES = ['open', 'pending', 'on_hold', 'solved', 'closed'] as const;
export type TicketState = (typeof TICKET_STATES)[number];
export const PRIORITIES = ['low', 'normal', 'high', 'urgent'] as const;
export type Priority = (typeof PRIORITIES)[number];
export const TICKET_SOURCES = ['mail', 'api', 'form', 'portal', 'user', 'workflow'] as const;
export type TicketSource = (typeof TICKET_SOURCES)[number];
export const ENTRY_KINDS = ['message', 'note', 'web', 'change'] as const;

const moment = () =>
  instant()
    .notNull()
    .default(sql`date_trunc('milliseconds', now())`);
const number = () => bigint({ mode: 'number' }).notNull().default(0);

/** Hours, targets and habits of a company's support: options.ts reads them. No row: the defaults. */
export const ticketSettings = pgTable('ticket_settings', {
  companyId: companyId().primaryKey(),
  options: jsonb().$type<Facts>().notNull().default({}),
  updatedAt: moment(),
});

/** The last number that a ticket got. */
export const ticketNumbers = pgTable('ticket_numbers', { companyId: companyId().primaryKey(), last: number() });

/** Whoever writes to one of these opens a ticket, strangers included. */
export const ticketAddresses = pgTable(
  'ticket_addresses',
  {
    id: id(),
    companyId: companyId(),
    address: text().notNull(), // lower case
    priority: text({ enum: PRIORITIES }).notNull().default('normal'),
    assigneeId: uuid(),
    createdAt: moment(),
    updatedAt: moment(),
  },
  (t) => [unique('ticket_addresses_once').on(t.companyId, t.address)],
);

/** One matter that somebody wants settled. What they wrote by mail stands in messages; clocks.ts says how its moments are worked out. */
export const tickets = pgTable(
  'tickets',
  {
    id: id(),
    companyId: companyId(),
    number: bigint({ mode: 'number' }).notNull(),
    personId: uuid().notNull(),
    subject: text().notNull().default(''),
    state: text({ enum: TICKET_STATES }).notNull().default('open'),
    priority: text({ enum: PRIORITIES }).notNull().default('normal'),
    source: text({ enum: TICKET_SOURCES }).notNull(),
    key: text(), // makes it one, however often it is asked for
    assigneeId: uuid(),
    tags: text().array().notNull().default([]),
    addressId: uuid(),
    followsId: uuid(), // the closed one that it goes on from
    mergedIntoId: uuid(), // what it said now stands there
    waitingSince: instant(), // since when they wait for an answer; null: nobody owes one
    firstRespondedAt: instant(),
    responseUsedMs: number(), // business time
    responseSince: instant(), // null: the clock rests
    responseDueAt: instant(),
    responseTold: smallint().notNull().default(0), // 1: that it is soon broken, 2: that it is
    resolutionUsedMs: number(),
    resolutionSince: instant(),
    resolutionDueAt: instant(),
    resolutionTold: smallint().notNull().default(0),
    responseBroken: boolean().notNull().default(false), // some answer was late
    resolutionBroken: boolean().notNull().default(false),
    sortDueAt: instant().notNull().default(new Date('9999-12-31T00:00:00Z')), // the nearer of the two
    alarmAt: instant(), // when there is something to tell next
    clockKey: text().notNull().default(''), // hours, holidays and targets that the moments were worked out by
    reopened: integer().notNull().default(0),
    lastAt: moment(),
    solvedAt: instant(),
    closedAt: instant(),
    createdBy: uuid(),
    createdAt: moment(),
    updatedAt: moment(),
  },
  (t) => [unique('tickets_number').on(t.companyId, t.number), index('tickets_person').on(t.personId, t.lastAt.desc())],
);

/** What happened on a ticket: a stored message, a note, what they wrote on a page, a change. */
export const ticketEntries = pgTable(
  'ticket_entries',
  {
    id: id(),
    companyId: companyId(),
    ticketId: uuid().notNull(),
    kind: text({ enum: ENTRY_KINDS }).notNull(),
    messageId: uuid(),
    inbound: boolean(),
    auto: boolean().notNull().default(false), // written by a machine: it neither opens nor answers
    text: text().notNull().default(''),
    change: jsonb().$type<Facts>(),
    authorId: uuid(),
    createdAt: moment(),
  },
  (t) => [unique('ticket_entries_message').on(t.messageId), index('ticket_entries_ticket').on(t.ticketId, t.createdAt, t.id)],
);

/** What a client sent with a word on their page; files of mails stand in message_files. */
export const ticketEntryFiles = pgTable(
  'ticket_entry_files',
  { entryId: uuid().notNull(), fileId: uuid().notNull(), companyId: companyId() },
  (t) => [
    primaryKey({ columns: [t.entryId, t.fileId] }),
    index('ticket_entry_files_file').on(t.fileId),
    index('ticket_entry_files_company').on(t.companyId),
  ],
);

/** Declared changes and a text to answer with: macros.ts. */
export const ticketMacros = pgTable(
  'ticket_macros',
  {
    id: id(),
    companyId: companyId(),
    title: text().notNull(),
    text: text().notNull().default(''),
    changes: jsonb().$type<Facts>().notNull().default({}),
    createdAt: moment(),
    updatedAt: moment(),
  },
  (t) => [unique('ticket_macros_once').on(t.companyId, t.title)],
);

/** A ticket that was put together with another one, and how to take it back. */
export const ticketMerges = pgTable('ticket_merges', {
  id: id(),
  companyId: companyId(),
  ticketId: uuid().notNull(),
  intoId: uuid().notNull(),
  entryIds: uuid().array().notNull().default([]),
  before: jsonb().$type<Facts>().notNull().default({}), // the ticket's row as it was
  mergedBy: uuid(),
  undoneAt: instant(),
  createdAt: moment(),
});

/** How they found the help that they got: 1 to 5. */
export const ticketRatings = pgTable('ticket_ratings', {
  ticketId: uuid().primaryKey(),
  companyId: companyId(),
  score: smallint().notNull(),
  comment: text().notNull().default(''),
  createdAt: moment(),
  updatedAt: moment(),
});

/** Configurations of PostgreSQL's text search. */
export const LANGUAGES = [
  'simple',
  'english',
  'german',
  'french',
  'spanish',
  'italian',
  'dutch',
  'portuguese',
  'swedish',
  'danish',
  'norwegian',
  'finnish',
] as const;
const tsvector = customType<{ data: string }>({ dataType: () => 'tsvector' });

/** What people ask again and again, written down once. */
export const ticketArticles = pgTable('ticket_articles', {
  id: id(),
  companyId: companyId(),
  title: text().notNull(),
  body: text().notNull().default(''),
  state: text({ enum: ['draft', 'published'] })
    .notNull()
    .default('draft'),
  language: text({ enum: LANGUAGES }).notNull().default('simple'),
  words: tsvector().notNull().default(''), // a trigger writes them
  publishedAt: instant(),
  updatedBy: uuid(),
  createdAt: moment(),
  updatedAt: moment(),
});

/** The public page of published articles. No row: there is none. */
export const helpPages = pgTable('help_pages', {
  companyId: companyId().primaryKey(),
  slug: text().notNull().unique('help_pages_slug'),
  open: boolean().notNull().default(false),
  updatedAt: moment(),
});

/** Whether an article helped: one voice a day and place, which is kept as a keyed hash. */
export const articleVotes = pgTable(
  'article_votes',
  { articleId: uuid().notNull(), voter: text().notNull(), companyId: companyId(), helpful: boolean().notNull(), createdAt: moment() },
  (t) => [primaryKey({ columns: [t.articleId, t.voter] }), index('article_votes_company').on(t.companyId)],
);
