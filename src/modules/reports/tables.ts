import { sql } from 'drizzle-orm';
import { index, jsonb, pgTable, text, unique, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { companyId, createdAt, id } from '#core/database/columns.ts';
import type { PowerFigures } from './power/figures.ts';

export const REPORT_KINDS = ['power'] as const;

/** Figures for a client, as they were worked out. What is seen of them is a document. */
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
    documentId: uuid(), // documents.id; null: made before reports were documents
    createdBy: uuid(), // users.id
    createdAt: createdAt(),
  },
  (t) => [
    unique('reports_once').on(t.clientId, t.kind, t.sha256),
    index('reports_recent').on(t.companyId, t.createdAt.desc(), t.id.desc()),
    uniqueIndex('reports_document')
      .on(t.documentId)
      .where(sql`document_id is not null`),
    index('reports_of_client').on(t.clientId, t.createdAt.desc(), t.id.desc()),
  ],
);
