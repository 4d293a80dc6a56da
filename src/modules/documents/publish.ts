import { createHash } from 'node:crypto';
import type { Statement } from '#core/database/database.ts';
import type { Ctx } from '#core/operation/context.ts';
import { getClient } from '#modules/clients/public.ts';
import { DocumentUnfinished, getDocument, type Document } from './document.ts';
import { drawDraft } from './draft.ts';

const LOCK: Statement = { name: 'documents.lock', text: 'select version from documents where company_id = $1 and id = $2 for update' };
const KEEP: Statement = {
  name: 'documents.keep_version',
  text: `insert into document_versions (document_id, company_id, number, content, sha256, published_by, published_at) values ($1, $2, $3, $4::jsonb, $5, $6, $7)`,
};
const PUBLISHED: Statement = {
  name: 'documents.published',
  text: `update documents set version = $3, published_at = $4, updated_at = $4 where company_id = $1 and id = $2`,
};

/** Freezes what it says now as its next version. @throws DocumentNotFound, DocumentUnfinished naming every place */
export async function publish(ctx: Ctx, id: string): Promise<Document> {
  const now = ctx.clock.now();
  const [row] = await ctx.query<{ version: number }>(LOCK, [ctx.companyId, id]);
  const { document, content, faults } = await drawDraft(ctx, ctx.runtime, ctx.companyId, id, now);
  const [first] = faults;
  if (first !== undefined) throw new DocumentUnfinished(`“${document.title}” is not finished: ${first.message}`, { fields: faults });
  const number = (row?.version ?? 0) + 1;
  const text = JSON.stringify(content);
  const by = 'userId' in ctx.principal ? ctx.principal.userId : null;
  await ctx.query(KEEP, [id, ctx.companyId, number, text, createHash('sha256').update(text).digest('hex'), by, now]);
  await ctx.query(PUBLISHED, [ctx.companyId, id, number, now]);
  const personId = document.clientId === null ? null : (await getClient(ctx, ctx.companyId, document.clientId)).personId;
  ctx.emit({
    name: 'document.published',
    subject: { type: 'document', id },
    ...(personId === null ? {} : { personId }),
    payload: { document_id: id, kind: document.kind, title: document.title, version: number },
  });
  return getDocument(ctx, ctx.companyId, id);
}
