import { z } from 'zod';
import type { Statement, Transaction } from '#core/database/database.ts';
import { AppError, NotFound } from '#core/errors.ts';
import { LANGUAGES, type Content } from './draw/content.ts';
import { Blocks } from './model/blocks.ts';
import { COLUMN_KINDS } from './model/data.ts';
import { MetricQuestion } from './model/metric.ts';
import { DOCUMENT_KINDS } from './tables.ts';

export const DocumentRow = z.object({
  id: z.uuid(),
  kind: z.enum(DOCUMENT_KINDS),
  title: z.string(),
  clientId: z.uuid().nullable(),
  clientName: z.string().nullable(),
  validUntil: z.string().nullable().describe('Last day of a proposal, YYYY-MM-DD'),
  version: z.int().describe('The newest that was published; 0: none'),
  publishedAt: z.date().nullable(),
  changed: z.boolean().describe('Since it was published'),
  createdAt: z.date(),
  updatedAt: z.date(),
});
export type DocumentRow = z.output<typeof DocumentRow>;

export const DataInfo = z.object({
  name: z.string(),
  rows: z.int(),
  columns: z.array(z.object({ name: z.string(), kind: z.enum(COLUMN_KINDS) })),
  metric: MetricQuestion.nullable().describe('null: rows that were given'),
});

export const Document = DocumentRow.extend({
  lead: z.string().describe('Under the title; Liquid'),
  subjectType: z.string().nullable(),
  subjectId: z.uuid().nullable(),
  language: z.enum(LANGUAGES),
  currency: z.string(),
  blocks: Blocks,
  data: z.array(DataInfo),
});
export type Document = z.output<typeof Document>;

/** No such document in this company. */
export class DocumentNotFound extends NotFound {
  override readonly code = 'document_not_found';
}

/** Something in the document can't be filled in: each place is named. */
export class DocumentUnfinished extends AppError {
  readonly code = 'document_unfinished';
  readonly status = 422;
}

export const ROW_COLUMNS = `d.id, d.kind, d.title, d.client_id as "clientId", case when c.id is null then null else coalesce(nullif(p.full_name, ''), p.email, 'Client') end as "clientName",
  d.valid_until::text as "validUntil", d.version, d.published_at as "publishedAt", d.version > 0 and d.updated_at > d.published_at as changed, d.created_at as "createdAt", d.updated_at as "updatedAt"`;
export const FROM_DOCUMENTS = 'from documents d left join clients c on c.id = d.client_id left join people p on p.id = c.person_id';

const BY_ID: Statement = {
  name: 'documents.get',
  text: `select ${ROW_COLUMNS}, d.lead, d.subject_type as "subjectType", d.subject_id as "subjectId", d.language, d.currency, d.blocks,
      coalesce((select jsonb_agg(jsonb_build_object('name', x.name, 'rows', x.row_count, 'columns', x.columns, 'metric', x.metric) order by x.name) from document_data x
                 where x.document_id = d.id and x.company_id = $1), '[]') as data
    ${FROM_DOCUMENTS} where d.company_id = $1 and d.id = $2`,
};
const VERSION: Statement = {
  name: 'documents.version',
  text: `select v.number, v.content, v.sha256, v.published_at as "publishedAt" from document_versions v
          where v.company_id = $1 and v.document_id = $2 and ($3::int is null or v.number = $3) order by v.number desc limit 1`,
};

type Reads = Pick<Transaction, 'query'>;

/** @throws DocumentNotFound */
export async function getDocument(tx: Reads, companyId: string, documentId: string): Promise<Document> {
  const [row] = await tx.query<Document>(BY_ID, [companyId, documentId]);
  if (row === undefined) throw new DocumentNotFound('There is no such document; list them with: steward documents list');
  return row;
}

export interface Published {
  readonly number: number;
  readonly content: Content;
  readonly sha256: string;
  readonly publishedAt: Date;
}

/** The newest, or the one that is named. @throws DocumentNotFound nothing was published */
export async function getPublished(tx: Reads, companyId: string, documentId: string, number: number | null = null): Promise<Published> {
  const [row] = await tx.query<Published>(VERSION, [companyId, documentId, number]);
  if (row === undefined) throw new DocumentNotFound('This document was not published yet; publish it first');
  return row;
}

/** `Report-for-Ann-2026-07-01.pdf` */
export function fileNameOf(title: string, at: string, ending: string): string {
  const plain = title.normalize('NFKD').replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 80); // prettier-ignore
  return `${plain || 'document'}-${at.slice(0, 10)}.${ending}`;
}
