import { index, jsonb, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core';
import { companyId, createdAt, id } from '#core/database/columns.ts';
import type { PowerFigures } from './power/figures.ts';

export const REPORT_KINDS = ['power'] as const;

/** Figures for a client, as they were worked out. No PDF is kept: it is drawn of them, the same each time. */
export const reports = pgTable(
  'reports',
  {
    id: id(),
    companyId: companyId(),
    clientId: uuid().notNull(),
    kind: text({ enum: REPORT_KINDS }).notNull(),
    title: text().notNull(),
    figures: jsonb().$type<PowerFigures>().notNull(),
    sha256: text().notNull(), // of the log
    createdBy: uuid(), // users.id
    createdAt: createdAt(),
  },
  (t) => [
    unique('reports_once').on(t.clientId, t.kind, t.sha256),
    index('reports_recent').on(t.companyId, t.createdAt.desc(), t.id.desc()),
    index('reports_of_client').on(t.clientId, t.createdAt.desc(), t.id.desc()),
  ],
);
