import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { Conflict, InvalidInput } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { decodeCursor, pageInput, pageOf, toPage } from '#core/operation/page.ts';
import { companyCurrency } from '#modules/accounts/public.ts';
import { ClientNotFound, currencyCode, getClient } from '#modules/clients/public.ts';
import { Document, DocumentNotFound, DocumentRow, DocumentUnfinished, FROM_DOCUMENTS, getDocument, ROW_COLUMNS } from '../document.ts';
import { drawDraft } from '../draft.ts';
import { LANGUAGES, totalOf } from '../draw/content.ts';
import { beginningOf } from '../kinds/beginnings.ts';
import { Blocks } from '../model/blocks.ts';
import { publish } from '../publish.ts';
import { DOCUMENT_KINDS } from '../tables.ts';

export const documentId = () => z.uuid().describe('Id of the document');
const day = () => z.iso.date().describe('Day, YYYY-MM-DD');
const lead = () => z.string().max(500).describe('Under the title; Liquid');
const title = () => z.string().trim().min(1).max(200);
const ABOUT = ['deal', 'invoice', 'lead', 'person'] as const;

const LIST: Statement = {
  name: 'documents.list',
  text: `select ${ROW_COLUMNS} ${FROM_DOCUMENTS} where d.company_id = $1 and ($3::text is null or d.kind = $3) and ($4::uuid is null or d.client_id = $4)
          and ($5::text is null or position(lower($5) in lower(d.title)) > 0) and ($6::timestamptz is null or (d.created_at, d.id) < ($6, $7::uuid))
          order by d.created_at desc, d.id desc limit $2`,
};

export const listDocuments = operation({
  name: 'documents.list',
  summary: 'List documents, newest first',
  http: 'GET /api/documents',
  cli: 'documents list',
  access: 'read',
  input: z.object({
    ...pageInput,
    kind: z.enum(DOCUMENT_KINDS).optional(),
    clientId: z.uuid().optional(),
    q: z.string().max(200).optional().describe('Words of the title'),
  }),
  output: pageOf(DocumentRow),
  async run(ctx, { limit, cursor, kind, clientId, q }) {
    const [at, after] = cursor === undefined ? [null, null] : decodeCursor(cursor, 2);
    const words = q === undefined || q === '' ? null : q;
    const values = [ctx.companyId, limit + 1, kind ?? null, clientId ?? null, words, at === null ? null : new Date(Number(at)), after];
    return toPage(await ctx.query<DocumentRow>(LIST, values), limit, (row) => [row.createdAt.getTime(), row.id]);
  },
});

export const getDocumentOperation = operation({
  name: 'documents.get',
  summary: 'Read one document: its blocks, and what its data sets hold',
  http: 'GET /api/documents/{document_id}',
  cli: 'documents get',
  access: 'read',
  input: z.object({ documentId: documentId() }),
  output: Document,
  errors: [DocumentNotFound],
  run: (ctx, input) => getDocument(ctx, ctx.companyId, input.documentId),
});

const INSERT: Statement = {
  name: 'documents.insert',
  text: `insert into documents (id, company_id, kind, title, lead, client_id, subject_type, subject_id, language, currency, valid_until, blocks, created_by, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::jsonb, $13, $14, $14)`,
};

export const createDocument = operation({
  name: 'documents.create',
  summary: 'Begin a report, a proposal or a presentation; without blocks it begins as its template does',
  http: 'POST /api/documents',
  cli: 'documents create',
  access: 'write',
  bodyLimit: 4 * 1024 * 1024,
  input: z.object({
    kind: z.enum(DOCUMENT_KINDS).default('report'),
    title: title(),
    lead: lead().optional(),
    clientId: z.uuid().optional().describe('For whom it is'),
    subjectType: z.enum(ABOUT).optional().describe('What it is about, beside the client: its facts can be named in texts'),
    subjectId: z.uuid().optional(),
    language: z.enum(LANGUAGES).default('en'),
    currency: currencyCode().optional().describe('The company’s when left out'),
    validUntil: day().optional(),
    blocks: Blocks.optional(),
  }),
  output: Document,
  errors: [ClientNotFound],
  async run(ctx, input) {
    if (input.clientId !== undefined) await getClient(ctx, ctx.companyId, input.clientId);
    if ((input.subjectType === undefined) !== (input.subjectId === undefined))
      throw new InvalidInput('Name both subject_type and subject_id, or none of them', { fields: [{ path: 'subject_id', message: 'goes with subject_type' }] }); // prettier-ignore
    if (input.subjectType !== undefined && input.subjectId !== undefined) await requireSubject(ctx, input.subjectType, input.subjectId);
    return insertDocument(ctx, { ...input, blocks: input.blocks ?? beginningOf(input.kind, input.language) });
  },
});

async function requireSubject(ctx: Ctx, type: string, id: string): Promise<void> {
  const found = await ctx.runtime.engine.vocabulary.subjects.get(type)?.load(ctx, [{ companyId: ctx.companyId, id }]);
  if (found?.has(id) !== true) throw new InvalidInput(`There is no such ${type} in this company`, { fields: [{ path: 'subject_id', message: `is no ${type} of this company` }] }); // prettier-ignore
}

export interface NewDocument {
  readonly kind: (typeof DOCUMENT_KINDS)[number];
  readonly title: string;
  readonly lead?: string | undefined;
  readonly clientId?: string | undefined;
  readonly subjectType?: string | undefined;
  readonly subjectId?: string | undefined;
  readonly language: 'en' | 'de';
  readonly currency?: string | undefined;
  readonly validUntil?: string | undefined;
  readonly blocks: z.output<typeof Blocks>;
}

export async function insertDocument(ctx: Ctx, input: NewDocument): Promise<Document> {
  const id = newId();
  const { kind, title: name, clientId, subjectType, subjectId, language, validUntil, blocks } = input;
  const currency = input.currency ?? (await companyCurrency(ctx, ctx.companyId));
  const by = 'userId' in ctx.principal ? ctx.principal.userId : null;
  const whom = language === 'de' ? 'Für {{ client.name }} · ' : 'For {{ client.name }} · ';
  const line = input.lead ?? `${clientId === undefined ? '' : whom}{{ document.date }}`;
  const about = [clientId ?? null, subjectType ?? null, subjectId ?? null];
  await ctx.query(INSERT, [id, ctx.companyId, kind, name, line, ...about, language, currency, validUntil ?? null, JSON.stringify(blocks), by, ctx.clock.now()]); // prettier-ignore
  return getDocument(ctx, ctx.companyId, id);
}

const UPDATE: Statement = {
  name: 'documents.update',
  text: `update documents set title = $3, lead = $4, client_id = $5, language = $6, currency = $7, valid_until = $8, blocks = $9::jsonb, updated_at = $10 where company_id = $1 and id = $2`,
};

export const updateDocument = operation({
  name: 'documents.update',
  summary: 'Change a document; what was published and shared stays as it is until it is published again',
  http: 'PUT /api/documents/{document_id}',
  cli: 'documents update',
  access: 'write',
  bodyLimit: 4 * 1024 * 1024,
  input: z.object({
    documentId: documentId(),
    title: title().optional(),
    lead: lead().optional(),
    clientId: z.uuid().nullable().optional(),
    language: z.enum(LANGUAGES).optional(),
    currency: currencyCode().optional(),
    validUntil: day().nullable().optional(),
    blocks: Blocks.optional(),
  }),
  output: Document,
  errors: [DocumentNotFound, ClientNotFound],
  async run(ctx, { documentId: id, ...change }) {
    const before = await getDocument(ctx, ctx.companyId, id);
    ctx.expectVersion(before);
    if (change.clientId != null) await getClient(ctx, ctx.companyId, change.clientId);
    const next = { ...before, ...Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) };
    await ctx.query(UPDATE, [ctx.companyId, id, next.title, next.lead, next.clientId, next.language, next.currency, next.validUntil, JSON.stringify(next.blocks), ctx.clock.now()]); // prettier-ignore
    return getDocument(ctx, ctx.companyId, id);
  },
});

/** What was agreed to stays as the proof of it. */
export class ProposalAccepted extends Conflict {
  override readonly code = 'proposal_accepted';
}

const ACCEPTED: Statement = {
  name: 'documents.was_accepted',
  text: 'select from document_acceptances where company_id = $1 and document_id = $2',
};
const DELETE: Statement = { name: 'documents.delete', text: 'delete from documents where company_id = $1 and id = $2' };

export const deleteDocument = operation({
  name: 'documents.delete',
  summary: 'Delete a document with all its versions and links',
  http: 'DELETE /api/documents/{document_id}',
  cli: 'documents delete',
  access: 'write',
  destructive: true,
  input: z.object({ documentId: documentId() }),
  output: z.null(),
  errors: [DocumentNotFound, ProposalAccepted],
  async run(ctx, { documentId: id }) {
    await getDocument(ctx, ctx.companyId, id);
    if ((await ctx.query(ACCEPTED, [ctx.companyId, id])).length > 0)
      throw new ProposalAccepted('This proposal was accepted; it stays as the proof of what was agreed');
    await ctx.query(DELETE, [ctx.companyId, id]);
    ctx.subject('documents', id);
    return null;
  },
});

const Check = z.object({
  faults: z.array(z.object({ path: z.string().describe('blocks.3.text'), message: z.string() })),
  totalCents: z.int().nullable().describe('What its price tables add up to'),
});

export const checkDocument = operation({
  name: 'documents.check',
  summary: 'What keeps a document from being published: placeholders and columns that nobody knows',
  http: 'GET /api/documents/{document_id}/check',
  cli: 'documents check',
  access: 'read',
  input: z.object({ documentId: documentId() }),
  output: Check,
  errors: [DocumentNotFound],
  async run(ctx, { documentId: id }) {
    const { content, faults } = await drawDraft(ctx, ctx.runtime, ctx.companyId, id, ctx.clock.now());
    return { faults: [...faults], totalCents: totalOf(content) };
  },
});

export const publishDocument = operation({
  name: 'documents.publish',
  summary: 'Freeze a document as a new version: PDF, page, deck and links show it from now on',
  http: 'POST /api/documents/{document_id}/publish',
  cli: 'documents publish',
  access: 'write',
  status: 200,
  input: z.object({ documentId: documentId() }),
  output: Document,
  errors: [DocumentNotFound, DocumentUnfinished],
  run: (ctx, { documentId: id }) => publish(ctx, id),
});
