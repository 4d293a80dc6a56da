import { sql } from 'drizzle-orm';
import { bigint, date, index, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { companyId, createdAt, id, instant, updatedAt } from '#core/database/columns.ts';
import type { Content } from './draw/content.ts';
import type { Block } from './model/blocks.ts';
import type { Cell, Column } from './model/data.ts';
import type { MetricQuestion } from './model/metric.ts';

export const DOCUMENT_KINDS = ['report', 'proposal', 'presentation'] as const;

/** Blocks with placeholders. What others see is what was published of it. */
export const documents = pgTable(
  'documents',
  {
    id: id(),
    companyId: companyId(),
    kind: text({ enum: DOCUMENT_KINDS }).notNull(),
    title: text().notNull(),
    lead: text().notNull(),
    clientId: uuid(),
    subjectType: text(),
    subjectId: uuid(),
    language: text({ enum: ['en', 'de'] }).notNull().default('en'),
    currency: text().notNull().default('EUR'),
    validUntil: date(),
    blocks: jsonb().$type<Block[]>().notNull().default([]),
    version: integer().notNull().default(0),
    publishedAt: instant(),
    createdBy: uuid(), // users.id
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    index('documents_recent').on(t.companyId, t.createdAt.desc(), t.id.desc()),
    index('documents_of_client').on(t.clientId, t.createdAt.desc(), t.id.desc()).where(sql`client_id is not null`),
  ],
); // prettier-ignore

/** A table of a document. */
export const documentData = pgTable(
  'document_data',
  {
    documentId: uuid().notNull(),
    companyId: companyId(),
    name: text().notNull(),
    metric: jsonb().$type<MetricQuestion>(),
    columns: jsonb().$type<Column[]>().notNull().default([]),
    rows: jsonb().$type<Cell[][]>().notNull().default([]),
    rowCount: integer().notNull().default(0),
    updatedAt: updatedAt(),
  },
  (t) => [primaryKey({ columns: [t.documentId, t.name] }), index('document_data_of_company').on(t.companyId)],
);

/** What was published, as it was shown. */
export const documentVersions = pgTable(
  'document_versions',
  {
    documentId: uuid().notNull(),
    companyId: companyId(),
    number: integer().notNull(),
    content: jsonb().$type<Content>().notNull(),
    sha256: text().notNull(),
    publishedBy: uuid(), // users.id
    publishedAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.documentId, t.number] }), index('document_versions_of_company').on(t.companyId)],
);

/** A link for people without an account. Its address is signed and stored nowhere. */
export const documentShares = pgTable(
  'document_shares',
  {
    id: id(),
    companyId: companyId(),
    documentId: uuid().notNull(),
    label: text().notNull().default(''),
    expiresAt: instant(),
    revokedAt: instant(),
    createdBy: uuid(), // users.id
    createdAt: createdAt(),
  },
  (t) => [
    index('document_shares_of_document').on(t.documentId, t.createdAt.desc(), t.id.desc()),
    index('document_shares_of_company').on(t.companyId),
  ],
);

export const FACES = ['page', 'deck', 'pdf', 'pptx'] as const;
export const DEVICES = ['phone', 'tablet', 'computer', 'unknown'] as const;

/** Somebody looked: when, at what, on what kind of device. Nothing tells who. */
export const documentViews = pgTable(
  'document_views',
  {
    id: id(),
    companyId: companyId(),
    documentId: uuid().notNull(),
    shareId: uuid().notNull(),
    face: text({ enum: FACES }).notNull(),
    device: text({ enum: DEVICES }).notNull(),
    machine: text(),
    at: createdAt(),
  },
  (t) => [
    index('document_views_of_share').on(t.shareId, t.at.desc(), t.id.desc()),
    index('document_views_of_document').on(t.documentId),
    index('document_views_of_company').on(t.companyId),
  ],
);

/** A proposal that somebody agreed to: once, and to the version that stood there. */
export const documentAcceptances = pgTable(
  'document_acceptances',
  {
    documentId: uuid().primaryKey(),
    companyId: companyId(),
    version: integer().notNull(),
    sha256: text().notNull(),
    shareId: uuid(),
    name: text().notNull(),
    totalCents: bigint({ mode: 'number' }),
    currency: text().notNull(),
    ip: text(),
    userAgent: text(),
    acceptedAt: createdAt(),
  },
  (t) => [
    index('document_acceptances_of_company').on(t.companyId),
    index('document_acceptances_of_share')
      .on(t.shareId)
      .where(sql`share_id is not null`),
  ],
);
