import { boolean, index, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { companyId, createdAt, id, updatedAt } from '#core/database/columns.ts';

/** A column of a list as somebody wants it; width in pixels. */
export interface ViewColumn {
  readonly key: string;
  readonly width?: number | undefined;
}

/** A list as somebody set it up: filters, sort and layout as the page's search parameters, and columns. */
export const savedViews = pgTable(
  'saved_views',
  {
    id: id(),
    companyId: companyId(),
    list: text().notNull(),
    name: text().notNull(),
    shared: boolean().notNull().default(false),
    userId: uuid(), // users.id
    query: jsonb().$type<Record<string, string>>().notNull().default({}),
    columns: jsonb().$type<ViewColumn[]>().notNull().default([]),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [index('saved_views_list').on(t.companyId, t.list, t.createdAt, t.id)],
);

/** Which view a user's list opens with. */
export const defaultViews = pgTable(
  'default_views',
  { companyId: companyId(), userId: uuid().notNull(), list: text().notNull(), viewId: uuid().notNull() },
  (t) => [primaryKey({ columns: [t.userId, t.list] })],
);
