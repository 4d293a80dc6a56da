import { boolean, integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { z } from 'zod';
import { companyId, createdAt, id, instant, updatedAt } from '#core/database/columns.ts';
import type { WeekHours } from './hours.ts';

export const CALL_STATES = ['planned', 'cancelled'] as const;
export const ENTRY_STATES = ['waiting', 'there', 'gone', 'failed'] as const;
/** What becomes of the times of somebody whose calendar cannot be read. */
export const UNREAD = ['hide', 'offer'] as const;

/** When somebody of the house can be talked with. No row: office hours, and no calendar. */
export const callHosts = pgTable('call_hosts', {
  userId: uuid().primaryKey(),
  companyId: companyId(),
  timeZone: text(), // IANA; null: that of the company
  hours: jsonb().$type<WeekHours>().notNull(),
  connectionId: uuid(), // the sign-in of this person alone
  calendars: text().array().notNull().default(['primary']),
  enteredIn: text().default('primary'),
  askedAt: instant(),
  problem: text(),
  updatedAt: updatedAt(),
});

/** What calls are booked for. */
export const callKinds = pgTable('call_kinds', {
  id: id(),
  companyId: companyId(),
  title: text().notNull(),
  description: text().notNull().default(''),
  minutes: integer().notNull().default(30),
  stepMinutes: integer().notNull().default(30),
  beforeMinutes: integer().notNull().default(0),
  afterMinutes: integer().notNull().default(0),
  noticeMinutes: integer().notNull().default(240),
  horizonDays: integer().notNull().default(30),
  dailyLimit: integer(),
  hostIds: uuid().array().notNull(),
  place: text().notNull().default(''),
  unread: text({ enum: UNREAD }).notNull().default('hide'),
  inPortal: boolean().notNull().default(true),
  open: boolean().notNull().default(false),
  position: integer().notNull().default(0),
  createdAt: createdAt(),
  updatedAt: updatedAt(),
});

/** How the entry stands in the host's calendar, where it is other than it was entered. Both null: it was taken out there. */
export const EntryFound = z.object({ startsAt: z.iso.datetime().nullable(), endsAt: z.iso.datetime().nullable() });
export type EntryFound = z.output<typeof EntryFound>;

/** One call with one person. That no host has two at once is kept by the database (calls_apart). */
export const calls = pgTable('calls', {
  id: id(),
  companyId: companyId(),
  personId: uuid().notNull(),
  kindId: uuid(),
  hostId: uuid(),
  title: text().notNull(),
  startsAt: instant().notNull(),
  endsAt: instant().notNull(),
  place: text().notNull().default(''),
  timeZone: text().notNull(),
  note: text().notNull().default(''),
  state: text({ enum: CALL_STATES }).notNull().default('planned'),
  cancelledAt: instant(),
  bookedBy: text({ enum: ['us', 'them'] }).notNull(),
  unread: boolean().notNull().default(false),
  once: text(),
  uid: text().notNull(),
  sequence: integer().notNull().default(1),
  connectionId: uuid(),
  calendar: text(),
  entry: text({ enum: ENTRY_STATES }),
  entryLink: text(),
  entryProblem: text(),
  entryFound: jsonb().$type<EntryFound>(),
  entryLookedAt: instant(),
  createdBy: uuid(),
  createdAt: createdAt(),
  updatedAt: updatedAt(),
});
