import { index, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { companyId, id, instant } from '#core/database/columns.ts';
import type { Facts } from '#core/engine/types.ts';
import { ACTIVITY_KINDS } from './kinds.ts';

/** A fact of the feed that is no touch on the timeline. `id` is the event's. */
export const activities = pgTable(
  'activities',
  {
    id: id(),
    companyId: companyId(),
    kind: text({ enum: ACTIVITY_KINDS }).notNull(),
    personId: uuid(),
    userId: uuid(),
    data: jsonb().$type<Facts>().notNull().default({}),
    createdAt: instant().notNull(),
  },
  (t) => [index('activities_recent').on(t.companyId, t.createdAt.desc(), t.id.desc())],
);
