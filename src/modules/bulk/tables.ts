import { integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { companyId, createdAt, id, instant, updatedAt } from '#core/database/columns.ts';

export const ACTIONS = ['set_status', 'assign', 'add_tags', 'remove_tags', 'delete'] as const;
export const STATES = ['running', 'done', 'undoing', 'undone', 'failed'] as const;
export const NOUNS = ['leads', 'people'] as const;

/** What the action was told. */
export interface BulkSettings {
  readonly status?: string | undefined;
  readonly ownerId?: string | null | undefined;
  readonly tags?: readonly string[] | undefined;
}

/** One change of many rows. */
export const bulkChanges = pgTable('bulk_changes', {
  id: id(),
  companyId: companyId(),
  noun: text({ enum: NOUNS }).notNull(),
  action: text({ enum: ACTIONS }).notNull(),
  settings: jsonb().$type<BulkSettings>().notNull().default({}),
  state: text({ enum: STATES }).notNull().default('running'),
  total: integer().notNull(),
  changed: integer().notNull().default(0),
  skipped: integer().notNull().default(0),
  undone: integer().notNull().default(0),
  refused: integer().notNull().default(0),
  error: text(),
  createdBy: uuid(), // users.id
  undoUntil: instant().notNull(),
  createdAt: createdAt(),
  updatedAt: updatedAt(),
});

/** The journal: what each row held before. */
export const bulkChangeRows = pgTable(
  'bulk_change_rows',
  {
    companyId: companyId(),
    changeId: uuid().notNull(),
    rowId: uuid().notNull(), // leads.id or people.id
    personId: uuid().notNull(),
    state: text({ enum: ['waiting', 'changed', 'skipped', 'undone', 'refused'] })
      .notNull()
      .default('waiting'),
    reason: text(),
    before: jsonb(),
    version: instant(),
  },
  (t) => [primaryKey({ columns: [t.changeId, t.rowId] })],
);
