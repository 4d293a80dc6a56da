import type { Statement, Transaction } from '#core/database/database.ts';
import type { Ctx } from '#core/operation/context.ts';
import { loadLook, pictureBytes } from '#modules/brand/public.ts';
import { getPublished, type Document } from './document.ts';
import type { Content, Language } from './draw/content.ts';
import { resolveBlocks } from './draw/resolve.ts';
import type { Block } from './model/blocks.ts';
import type { DataSet } from './model/data.ts';
import { insertDocument } from './operations/documents.ts';
import { picturesOf } from './pictures.ts';
import { publish } from './publish.ts';

/** What another module has to say as a document: blocks, and the tables that they speak of. */
export interface Written {
  readonly title: string;
  /** Under the title; Liquid. */
  readonly lead: string;
  readonly language: Language;
  readonly blocks: readonly Block[];
  readonly data: ReadonlyMap<string, DataSet>;
}

const KEEP: Statement = {
  name: 'documents.keep_tables',
  text: `insert into document_data (document_id, company_id, name, columns, rows, row_count, updated_at)
         select $1, $2, s.name, s.columns, s.rows, jsonb_array_length(s.rows), $4 from jsonb_to_recordset($3::jsonb) as s(name text, columns jsonb, rows jsonb)`,
};

/** Begins a document with what was written, and publishes it; from then on it is changed and shared like any other. */
export async function makeDocument(
  ctx: Ctx,
  { data, blocks, ...written }: Written,
  whose: { readonly clientId: string; readonly subjectType: string; readonly subjectId: string },
): Promise<Document> {
  const { id } = await insertDocument(ctx, { kind: 'report', ...written, ...whose, blocks: [...blocks] });
  const sets = [...data].map(([name, set]) => ({ name, ...set }));
  await ctx.query(KEEP, [id, ctx.companyId, JSON.stringify(sets), ctx.clock.now()]);
  return publish(ctx, id);
}

const DELETE: Statement = { name: 'documents.delete_made', text: 'delete from documents where company_id = $1 and id = $2' };
/** With all its versions and links. */
export const deleteMade = async (tx: Transaction, companyId: string, documentId: string): Promise<void> => {
  await tx.query(DELETE, [companyId, documentId]);
};

/** The newest version as a PDF. @throws DocumentNotFound */
export async function publishedPdf(tx: Transaction, companyId: string, documentId: string): Promise<Buffer> {
  return pdfOf(tx, companyId, (await getPublished(tx, companyId, documentId)).content);
}

/** The PDF of what was written, where no document was made of it; nothing in it may be left to look up. `at`: the day in the file. */
export async function drawnPdf(tx: Transaction, companyId: string, { blocks, data, ...written }: Written, at: Date): Promise<Buffer> {
  const { look } = await loadLook(tx, companyId);
  const { accent, font, paper, footer, companyName, logo } = look;
  const { parts } = resolveBlocks(blocks, {
    facts: {},
    data,
    pictures: new Map(),
    speech: { language: written.language, currency: 'EUR' },
  });
  return pdfOf(tx, companyId, { ...written, look: { accent, font, paper, footer, companyName, logo }, parts, at: at.toISOString() });
}

async function pdfOf(tx: Transaction, companyId: string, content: Content): Promise<Buffer> {
  const { drawDocument } = await import('./pdf/draw.ts');
  const pictures = await pictureBytes(tx, companyId, picturesOf(content));
  return drawDocument(content, new Map([...pictures].map(([picture, { bytes }]) => [picture, bytes])));
}
