import { sql } from 'drizzle-orm';
import { date, index, integer, jsonb, pgTable, primaryKey, text, timestamp, unique, uuid } from 'drizzle-orm/pg-core';
import { companyId, id, instant } from '#core/database/columns.ts';
import type { Condition } from '#core/engine/types.ts';

const moment = () =>
  timestamp({ withTimezone: true, mode: 'date' })
    .notNull()
    .default(sql`date_trunc('milliseconds', now())`);

export const SEGMENT_KINDS = ['dynamic', 'static'] as const;

/** People who fit a condition (dynamic), or whom somebody put together (static). */
export const segments = pgTable(
  'segments',
  {
    id: id(),
    companyId: companyId(),
    name: text().notNull(),
    nameKey: text().notNull(), // lower case
    kind: text({ enum: SEGMENT_KINDS }).notNull(),
    condition: jsonb().$type<Condition>(),
    memberCount: integer().notNull().default(0),
    evaluatedAt: instant(),
    tookMs: integer(),
    error: text(),
    dueAt: instant(),
    createdBy: uuid(), // users.id
    createdAt: moment(),
    updatedAt: moment(),
  },
  (t) => [
    unique('segments_name_key').on(t.companyId, t.nameKey),
    index('segments_recent').on(t.companyId, t.createdAt.desc(), t.id.desc()),
  ],
);

/** Who is in it now, since when. */
export const segmentMembers = pgTable(
  'segment_members',
  { companyId: companyId(), segmentId: uuid().notNull(), personId: uuid().notNull(), enteredAt: instant().notNull() },
  (t) => [primaryKey({ columns: [t.segmentId, t.personId] })],
);

/** How many came and went on a day of the company's calendar. */
export const segmentDays = pgTable(
  'segment_days',
  {
    companyId: companyId(),
    segmentId: uuid().notNull(),
    day: date().notNull(),
    entered: integer().notNull().default(0),
    departed: integer().notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.segmentId, t.day] })],
);
