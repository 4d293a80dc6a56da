import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { InvalidInput } from '#core/errors.ts';
import { operation } from '#core/operation/operation.ts';
import { Document, DocumentNotFound, getDocument } from '../document.ts';
import { metricColumns, requireMetric } from '../metrics.ts';
import { readCsv, readRows, textOfFile, type DataSet } from '../model/data.ts';
import { MetricQuestion } from '../model/metric.ts';
import { documentId } from './documents.ts';

const dataName = () =>
  z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,39}$/, 'is lower case: letters, digits and _')
    .default('data')
    .describe('Blocks speak of it by this name');
const Row = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

const SET: Statement = {
  name: 'documents.set_data',
  text: `insert into document_data (document_id, company_id, name, metric, columns, rows, row_count, updated_at) values ($1, $2, $3, $4::jsonb, $5::jsonb, $6::jsonb, $7, $8)
         on conflict (document_id, name) do update set metric = excluded.metric, columns = excluded.columns, rows = excluded.rows, row_count = excluded.row_count, updated_at = excluded.updated_at`,
};
const TOUCH: Statement = { name: 'documents.touch', text: 'update documents set updated_at = $3 where company_id = $1 and id = $2' };

export async function keepData(tx: { query<Row extends object>(statement: Statement, values: readonly unknown[]): Promise<Row[]> }, to: { companyId: string; documentId: string; name: string; at: Date }, data: DataSet, metric: MetricQuestion | null): Promise<void> {
  await tx.query(SET, [to.documentId, to.companyId, to.name, metric === null ? null : JSON.stringify(metric), JSON.stringify(data.columns), JSON.stringify(data.rows), data.rows.length, to.at]);
  await tx.query(TOUCH, [to.companyId, to.documentId, to.at]);
} // prettier-ignore

export const setDocumentData = operation({
  name: 'documents.set_data',
  summary: 'Give a document a table: a CSV, rows as JSON, or a question to your own metrics',
  http: 'PUT /api/documents/{document_id}/data',
  cli: 'documents set-data',
  access: 'write',
  bodyLimit: 24 * 1024 * 1024,
  input: z.object({
    documentId: documentId(),
    name: dataName(),
    csv: z.string().min(1).optional().describe('The first row names the columns'),
    contentBase64: z.base64().min(1).optional().describe('Instead of that: a CSV file as it is').meta({ 'x-file': true, 'x-cli': 'from-file' }),
    rows: z.array(Row).optional().describe('Instead of that: objects, one a row'),
    metric: MetricQuestion.optional().describe('Instead of that: what your own metrics answer, each time anew'),
  }),
  output: Document,
  errors: [DocumentNotFound],
  async run(ctx, { documentId: id, name, csv: text, contentBase64, rows, metric }) {
    await getDocument(ctx, ctx.companyId, id);
    const csv = text ?? (contentBase64 === undefined ? undefined : textOfFile(contentBase64));
    if ([text, contentBase64, rows, metric].filter((one) => one !== undefined).length !== 1)
      throw new InvalidInput('Send csv, rows or metric, one of them', { fields: [{ path: 'csv', message: 'or rows, or metric; one of them' }] });
    if (metric !== undefined) requireMetric(metric.metric);
    const data = csv !== undefined ? readCsv(csv) : rows !== undefined ? readRows(rows) : { columns: metricColumns(metric?.by !== undefined), rows: [] };
    await keepData(ctx, { companyId: ctx.companyId, documentId: id, name, at: ctx.clock.now() }, data, metric ?? null);
    return getDocument(ctx, ctx.companyId, id);
  },
}); // prettier-ignore

const DROP: Statement = {
  name: 'documents.drop_data',
  text: 'delete from document_data where company_id = $1 and document_id = $2 and name = $3',
};

export const dropDocumentData = operation({
  name: 'documents.drop_data',
  summary: 'Take a table from a document; blocks that speak of it are then told as faults',
  http: 'DELETE /api/documents/{document_id}/data',
  cli: 'documents drop-data',
  access: 'write',
  input: z.object({ documentId: documentId(), name: dataName() }),
  output: z.null(),
  errors: [DocumentNotFound],
  async run(ctx, { documentId: id, name }) {
    await getDocument(ctx, ctx.companyId, id);
    await ctx.query(DROP, [ctx.companyId, id, name]);
    await ctx.query(TOUCH, [ctx.companyId, id, ctx.clock.now()]);
    ctx.subject('documents', id);
    return null;
  },
});
