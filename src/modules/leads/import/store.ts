import { z } from 'zod';
import type { Statement, Transaction } from '#core/database/database.ts';
import { NotFound } from '#core/errors.ts';
import { IMPORT_FIELDS, type Mapping } from './mapping.ts';
import type { Counts } from './plan.ts';

/** No such import in this company. */
export class ImportNotFound extends NotFound {
  override readonly code = 'import_not_found';
}

/** An import as the API shows it. */
export const Import = z.object({
  id: z.uuid(),
  companyId: z.uuid(),
  filename: z.string(),
  sizeBytes: z.int(),
  encoding: z.string(),
  delimiter: z.string(),
  columns: z.array(z.string()),
  mapping: z.array(z.enum(IMPORT_FIELDS)).describe("Field by column, in the file's order"),
  source: z.string().nullable(),
  enrol: z.boolean(),
  dryRun: z.boolean(),
  state: z.enum(['ready', 'running', 'done', 'failed']),
  processedRows: z.int(),
  totalRows: z.int().nullable(),
  created: z.int().describe('New leads'),
  merged: z.int().describe('Rows whose person was a lead already'),
  changed: z.int().describe('Of the merged: rows that filled a gap'),
  optOutsKept: z.int().describe('Rows of people who opted out, left as they are'),
  refused: z.int().describe('Rows that could not be taken; the reasons are in its errors'),
  error: z.string().nullable(),
  createdAt: z.date(),
  updatedAt: z.date(),
  finishedAt: z.date().nullable(),
});
export type Import = z.output<typeof Import>;

const COLUMNS = `i.id, i.company_id as "companyId", i.filename, i.size_bytes as "sizeBytes", i.encoding, i.delimiter, i.columns, i.mapping, i.source, i.enrol,
  i.dry_run as "dryRun", i.state, i.processed_rows as "processedRows", i.total_rows as "totalRows", i.created_count as created, i.merged_count as merged,
  i.changed_count as changed, i.opt_outs_kept as "optOutsKept", i.refused_count as refused, i.error,
  i.created_at as "createdAt", i.updated_at as "updatedAt", i.finished_at as "finishedAt"`;

const BY_ID: Statement = { name: 'imports.get', text: `select ${COLUMNS} from imports i where i.id = $1 and i.company_id = $2` };

/** @throws ImportNotFound */
export async function getImport(tx: Transaction, companyId: string, importId: string): Promise<Import> {
  const [row] = await tx.query<Import>(BY_ID, [importId, companyId]);
  if (row === undefined) throw new ImportNotFound('There is no such import; list them with GET /api/imports');
  return row;
}

export interface ImportRecord extends Import {
  readonly mapping: z.output<typeof Import>['mapping'];
  readonly counts: Counts;
}

/** @throws ImportNotFound */
export async function loadImport(tx: Transaction, companyId: string, importId: string): Promise<ImportRecord> {
  const row = await getImport(tx, companyId, importId);
  const { created, merged, changed, optOutsKept, refused } = row;
  return { ...row, counts: { created, merged, changed, optOutsKept, refused } };
}

const LIST: Statement = {
  name: 'imports.list',
  text: `select ${COLUMNS} from imports i where i.company_id = $1 order by i.created_at desc, i.id desc limit $2`,
};
const LIST_AFTER: Statement = {
  name: 'imports.list.after',
  text: `select ${COLUMNS} from imports i where i.company_id = $1 and (i.created_at, i.id) < ($3::timestamptz, $4::uuid) order by i.created_at desc, i.id desc limit $2`,
};

export function listImports(tx: Transaction, companyId: string, limit: number, after: readonly [Date, string] | null): Promise<Import[]> {
  return after === null ? tx.query<Import>(LIST, [companyId, limit]) : tx.query<Import>(LIST_AFTER, [companyId, limit, ...after]);
}

const INSERT: Statement = {
  name: 'imports.insert',
  text: `insert into imports (id, company_id, filename, size_bytes, encoding, delimiter, columns, mapping, total_rows, created_by, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)`,
};

export interface NewImport {
  readonly id: string;
  readonly filename: string;
  readonly sizeBytes: number;
  readonly encoding: string;
  readonly delimiter: string;
  readonly columns: readonly string[];
  readonly mapping: Mapping;
  readonly totalRows: number;
  readonly createdBy: string | null;
  readonly at: Date;
}

export async function insertImport(tx: Transaction, companyId: string, row: NewImport): Promise<void> {
  const json = [JSON.stringify(row.columns), JSON.stringify(row.mapping)];
  await tx.query(INSERT, [
    row.id,
    companyId,
    row.filename,
    row.sizeBytes,
    row.encoding,
    row.delimiter,
    ...json,
    row.totalRows,
    row.createdBy,
    row.at,
  ]);
}

const CHUNK_BYTES = 1_048_576;
const INSERT_CHUNK: Statement = {
  name: 'imports.chunk.insert',
  text: 'insert into import_chunks (company_id, import_id, position, bytes) values ($1, $2, $3, $4)',
};
const CHUNKS: Statement = {
  name: 'imports.chunks',
  text: 'select bytes from import_chunks where import_id = $1 and company_id = $2 order by position',
};

/** Keeps the file in pieces: one statement a MiB, so that no single value is large. */
export async function writeBytes(tx: Transaction, companyId: string, importId: string, bytes: Buffer): Promise<void> {
  for (let position = 0; position * CHUNK_BYTES < bytes.length; position += 1) {
    const piece = bytes.subarray(position * CHUNK_BYTES, (position + 1) * CHUNK_BYTES);
    await tx.query(INSERT_CHUNK, [companyId, importId, position, piece]);
  }
}

/** @throws ImportNotFound when the file is gone: it is kept for a day after the import is done */
export async function readBytes(tx: Transaction, companyId: string, importId: string): Promise<Buffer> {
  const rows = await tx.query<{ bytes: Buffer }>(CHUNKS, [importId, companyId]);
  if (rows.length === 0) throw new ImportNotFound('The file of this import is no longer kept; upload it again');
  return Buffer.concat(rows.map((row) => row.bytes));
}

const BEGIN: Statement = {
  name: 'imports.begin',
  text: `update imports set state = 'running', mapping = $3, source = $4, enrol = $5, dry_run = $6, processed_rows = 0, created_count = 0, merged_count = 0,
           changed_count = 0, opt_outs_kept = 0, refused_count = 0, error = null, finished_at = null, updated_at = $7
         where id = $1 and company_id = $2 and state <> 'running'
           and exists (select from import_chunks c where c.import_id = imports.id) returning id`,
};
const FORGET_ERRORS: Statement = {
  name: 'imports.errors.delete',
  text: 'delete from import_errors where import_id = $1 and company_id = $2',
};

export interface ImportOptions {
  readonly mapping: Mapping;
  readonly source: string | null;
  readonly enrol: boolean;
  readonly dryRun: boolean;
}

/** Marks it running from the first row. False: it runs already, or its file is gone. */
export async function beginImport(
  tx: Transaction,
  companyId: string,
  importId: string,
  options: ImportOptions,
  at: Date,
): Promise<boolean> {
  const { mapping, source, enrol, dryRun } = options;
  const begun = await tx.query(BEGIN, [importId, companyId, JSON.stringify(mapping), source, enrol, dryRun, at]);
  if (begun.length > 0) await tx.query(FORGET_ERRORS, [importId, companyId]);
  return begun.length > 0;
}

const ERRORS: Statement = {
  name: 'imports.errors',
  text: `select row_number as "rowNumber", line, field, reason, value from import_errors where import_id = $1 and company_id = $2 and row_number > $3 order by row_number limit $4`,
};

export const ImportError = z.object({
  rowNumber: z.int().describe('Number of the row below the heading, from 1'),
  line: z.int().describe('Line of text in the file, from 1'),
  field: z.string().nullable(),
  reason: z.string(),
  value: z.string().nullable(),
});
export type ImportError = z.output<typeof ImportError>;

export function listErrors(tx: Transaction, companyId: string, importId: string, afterRow: number, limit: number): Promise<ImportError[]> {
  return tx.query<ImportError>(ERRORS, [importId, companyId, afterRow, limit]);
}
