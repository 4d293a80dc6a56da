import { z } from 'zod';
import type { Statement, Transaction } from '#core/database/database.ts';
import { NotFound } from '#core/errors.ts';
import type { Runtime } from '#core/runtime.ts';
import type { LawfulBasis } from '#modules/people/public.ts';
import type { Finding } from './analyse.ts';
import type { TableOptions } from './deals/options.ts';
import { isTarget, type Mapping, type Target } from './mapping.ts';
import type { Counts } from './plan.ts';
import type { Encoding } from './read/decode.ts';
import type { Layout, Source } from './read/table.ts';
import { DATE_ORDERS, DECIMAL_MARKS, type DateOrder, type DecimalMark } from './values.ts';

/** No such import in this company. */
export class ImportNotFound extends NotFound {
  override readonly code = 'import_not_found';
}

const LAWFUL_BASES = [
  'consent',
  'inquiry',
  'legitimate_interest',
  'contract',
  'legal_obligation',
] as const satisfies readonly LawfulBasis[];
const FORMATS = ['csv', 'tsv', 'xlsx', 'vcard'] as const;

export const columnFormat = () => z.enum([...DATE_ORDERS, ...DECIMAL_MARKS]);
export const target = () =>
  z
    .string()
    .max(60)
    .refine(isTarget, { error: 'is a field such as email, or custom. and the key of a field of yours; ignore leaves a column out' });
export const importConsent = () =>
  z.object({
    basis: z.enum(LAWFUL_BASES).describe('Lawful basis'),
    evidence: z.string().trim().min(1).max(500).describe('What proves it: where and when they agreed, to which words'),
  });

const Undone = z.object({
  leads: z.int().describe('Leads that were taken back'),
  people: z.int(),
  restored: z.int().describe('Gaps that are open again'),
  kept: z.int().describe('People who were left as they are'),
  reasons: z.array(z.object({ personId: z.uuid(), name: z.string(), reason: z.string() })).describe('Why, of the first of them'),
});
export type Undone = z.output<typeof Undone>;

/** An import as the API shows it. */
export const Import = z.object({
  id: z.uuid(),
  companyId: z.uuid(),
  filename: z.string(),
  sizeBytes: z.int(),
  format: z.enum(FORMATS),
  encoding: z.string(),
  delimiter: z.string(),
  columns: z.array(z.string()),
  mapping: z.array(z.string()).describe("Field by column, in the file's order"),
  formats: z.record(z.string(), columnFormat()).describe('How days and numbers are written, by column from 0'),
  source: z.string().nullable(),
  enrol: z.boolean(),
  dryRun: z.boolean(),
  withoutEmail: z.boolean(),
  tags: z.array(z.string()),
  consent: importConsent().nullable(),
  consentTopic: z.string().describe('What the consent in the file is about'),
  state: z.enum(['uploading', 'ready', 'running', 'done', 'failed', 'undoing', 'undone']),
  processedRows: z.int(),
  totalRows: z.int().nullable(),
  created: z.int().describe('New leads'),
  merged: z.int().describe('Rows whose person was a lead already'),
  changed: z.int().describe('Of the merged: rows that filled a gap'),
  unchanged: z.int().describe('Of the merged: rows that told nothing new'),
  optOutsKept: z.int().describe('Rows of people who opted out, left as they are'),
  refused: z.int().describe('Rows that could not be taken; the reasons are in its errors'),
  rowsPerSecond: z.number().nullable().describe('Since it was begun'),
  remainingSeconds: z.number().nullable(),
  error: z.string().nullable(),
  undo: Undone.nullable(),
  createdAt: z.date(),
  updatedAt: z.date(),
  startedAt: z.date().nullable(),
  finishedAt: z.date().nullable(),
});
export type Import = z.output<typeof Import>;

const RATE = `case when i.started_at is null or i.updated_at <= i.started_at or i.processed_rows = 0 then null
  else i.processed_rows / extract(epoch from coalesce(i.finished_at, i.updated_at) - i.started_at) end`;
const COLUMNS = `i.id, i.company_id as "companyId", i.filename, i.size_bytes as "sizeBytes", i.format, i.encoding, i.delimiter, i.columns, i.mapping, i.source, i.enrol,
  i.dry_run as "dryRun", i.state, i.processed_rows as "processedRows", i.total_rows as "totalRows", i.created_count as created, i.merged_count as merged,
  i.changed_count as changed, i.merged_count - i.changed_count as unchanged, i.opt_outs_kept as "optOutsKept", i.refused_count as refused, i.error, i.undo,
  coalesce(i.options -> 'formats', '{}') as formats, coalesce((i.options ->> 'withoutEmail')::boolean, false) as "withoutEmail",
  coalesce(i.options -> 'tags', '[]') as tags, nullif(i.options -> 'consent', 'null') as consent, coalesce(i.options ->> 'consentTopic', 'marketing') as "consentTopic",
  round((${RATE})::numeric, 1)::float8 as "rowsPerSecond",
  case when i.state = 'running' then round(((i.total_rows - i.processed_rows) / nullif(${RATE}, 0))::numeric, 1)::float8 end as "remainingSeconds",
  i.created_at as "createdAt", i.updated_at as "updatedAt", i.started_at as "startedAt", i.finished_at as "finishedAt"`;

const BY_ID: Statement = { name: 'imports.get', text: `select ${COLUMNS} from imports i where i.id = $1 and i.company_id = $2` };

/** @throws ImportNotFound */
export async function getImport(tx: Transaction, companyId: string, importId: string): Promise<Import> {
  const [row] = await tx.query<Import>(BY_ID, [importId, companyId]);
  if (row === undefined) throw new ImportNotFound('There is no such import; list them with GET /api/imports');
  return row;
}

/** What a worker needs of it. */
export interface ImportRecord extends Omit<Import, 'mapping' | 'consent' | keyof Layout>, Layout {
  readonly mapping: Target[];
  readonly formats: Record<string, DateOrder | DecimalMark>;
  readonly consent: { readonly basis: LawfulBasis; readonly evidence: string } | null;
  readonly counts: Counts;
}

const LAYOUT: Statement = { name: 'imports.layout', text: 'select skip, heading from imports where id = $1 and company_id = $2' };

/** @throws ImportNotFound */
export async function loadImport(tx: Transaction, companyId: string, importId: string): Promise<ImportRecord> {
  const row = await getImport(tx, companyId, importId);
  const [layout] = await tx.query<{ skip: number; heading: boolean }>(LAYOUT, [importId, companyId]);
  const { created, merged, changed, optOutsKept, refused } = row;
  return {
    ...row,
    skip: layout?.skip ?? 0,
    heading: layout?.heading ?? true,
    encoding: row.encoding as Encoding, // written by layoutOf
    mapping: row.mapping.filter(isTarget),
    counts: { created, merged, changed, optOutsKept, refused },
  };
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
  text: `insert into imports (id, company_id, filename, size_bytes, encoding, delimiter, columns, mapping, state, created_by, created_at, updated_at)
         values ($1, $2, $3, 0, 'utf-8', '', '[]', '[]', 'uploading', $4, $5, $5)`,
};

/** An import whose file is on its way. */
export async function insertImport(
  tx: Transaction,
  companyId: string,
  row: { readonly id: string; readonly filename: string; readonly createdBy: string | null; readonly at: Date },
): Promise<void> {
  await tx.query(INSERT, [row.id, companyId, row.filename, row.createdBy, row.at]);
}

export interface Look {
  readonly layout: Layout;
  readonly mapping: Mapping;
  readonly formats: Readonly<Record<string, DateOrder | DecimalMark>>;
  readonly sample: readonly (readonly string[])[];
  readonly findings: readonly Finding[];
  readonly totalRows: number;
}

const LOOKED: Statement = {
  name: 'imports.looked',
  text: `update imports set format = $3, encoding = $4, delimiter = $5, columns = $6, mapping = $7, skip = $8, heading = $9, sample = $10, findings = $11, total_rows = $12,
           options = jsonb_build_object('formats', $13::jsonb), state = 'ready', updated_at = $14,
           size_bytes = (select coalesce(sum(length(bytes)), 0) from import_chunks where import_id = $1 and company_id = $2)
         where id = $1 and company_id = $2 and state in ('uploading', 'ready') returning id`,
};

/** Notes what the file turned out to be. False: it is running by now. */
export async function saveLook(tx: Transaction, companyId: string, importId: string, look: Look, at: Date): Promise<boolean> {
  const { layout } = look;
  const json = (value: unknown) => JSON.stringify(value);
  const rows = await tx.query(LOOKED, [
    importId, companyId, layout.format, layout.encoding, layout.delimiter, json(layout.columns), json(look.mapping), layout.skip, layout.heading, json(look.sample),
    json(look.findings), look.totalRows, json(look.formats), at,
  ]); // prettier-ignore
  return rows.length > 0;
}

const LOOK: Statement = { name: 'imports.look', text: 'select sample, findings from imports where id = $1 and company_id = $2' };

export async function lookOf(tx: Transaction, companyId: string, importId: string): Promise<Pick<Look, 'sample' | 'findings'>> {
  const [row] = await tx.query<Pick<Look, 'sample' | 'findings'>>(LOOK, [importId, companyId]);
  return row ?? { sample: [], findings: [] };
}

const CHUNK_BYTES = 1_048_576;
const INSERT_CHUNK: Statement = {
  name: 'imports.chunk.insert',
  text: 'insert into import_chunks (company_id, import_id, position, bytes) values ($1, $2, $3, $4) on conflict (import_id, position) do update set bytes = excluded.bytes',
};
const CHUNK: Statement = {
  name: 'imports.chunk',
  text: 'select bytes from import_chunks where import_id = $1 and company_id = $2 and position = $3',
};

/** Parts of an upload may be this large; they are kept in pieces of one MiB. */
export const PART_BYTES = 4 * CHUNK_BYTES;

/** Keeps a part of the file, the one that begins at `part` times PART_BYTES. Writing it again replaces it. */
export async function writePart(tx: Transaction, companyId: string, importId: string, part: number, bytes: Buffer): Promise<void> {
  const first = (part * PART_BYTES) / CHUNK_BYTES;
  for (let piece = 0; piece * CHUNK_BYTES < bytes.length; piece += 1)
    await tx.query(INSERT_CHUNK, [companyId, importId, first + piece, bytes.subarray(piece * CHUNK_BYTES, (piece + 1) * CHUNK_BYTES)]);
}

/** The file as it is kept, piece by piece, each read when it is needed. @throws ImportNotFound when it is gone: it is kept for a day after the import is done */
export function storedFile({ database }: Pick<Runtime, 'database'>, companyId: string, importId: string): Source {
  return {
    async *pieces() {
      for (let position = 0; ; position += 1) {
        const [row] = await database.read(companyId, (tx) => tx.query<{ bytes: Buffer }>(CHUNK, [importId, companyId, position]));
        if (row === undefined && position === 0) throw new ImportNotFound('The file of this import is no longer kept; upload it again');
        if (row === undefined) return;
        yield row.bytes;
      }
    },
  };
}

const OWNERS: Statement = {
  name: 'imports.owners',
  text: 'select id, lower(email) as email, lower(username) as username from users where company_id = $1 and is_active',
};

/** Who may own a lead: user ids by address and by name. */
export async function ownersByEmail(tx: Transaction, companyId: string): Promise<ReadonlyMap<string, string>> {
  const rows = await tx.query<{ id: string; email: string; username: string }>(OWNERS, [companyId]);
  return new Map(rows.flatMap((row) => [[row.username, row.id] as const, [row.email, row.id] as const]));
}

const BEGIN: Statement = {
  name: 'imports.begin',
  text: `update imports set state = 'running', mapping = $3, source = $4, enrol = $5, dry_run = $6, options = $7, processed_rows = 0, created_count = 0, merged_count = 0,
           changed_count = 0, opt_outs_kept = 0, refused_count = 0, error = null, finished_at = null, undo = null, started_at = $8, updated_at = $8
         where id = $1 and company_id = $2 and (state = 'ready' or state in ('done', 'failed') and (dry_run or state = 'failed'))
           and exists (select from import_chunks c where c.import_id = $1 and c.company_id = $2) returning id`,
};
const GO_ON: Statement = {
  name: 'imports.go_on',
  text: `update imports set state = 'running', error = null, finished_at = null, updated_at = $3
         where id = $1 and company_id = $2 and state = 'failed' and not dry_run and processed_rows > 0 and mapping = $4::jsonb returning id`,
};
const FORGET_ERRORS: Statement = {
  name: 'imports.forget_errors',
  text: 'delete from import_errors where import_id = $1 and company_id = $2',
};

export interface ImportOptions {
  readonly mapping: Mapping;
  readonly formats: Readonly<Record<string, DateOrder | DecimalMark>>;
  readonly source: string | null;
  readonly enrol: boolean;
  readonly dryRun: boolean;
  readonly withoutEmail: boolean;
  readonly tags: readonly string[];
  readonly consent: { readonly basis: LawfulBasis; readonly evidence: string } | null;
  readonly consentTopic: string;
  /** Of deals; see deals/options.ts. */
  readonly values?: TableOptions['values'];
  readonly pipeline?: string;
  readonly openStage?: string;
}

/** Marks it running from the first row; one that failed half way, from where it stands. False: it runs or is done already, or its file is gone. */
export async function beginImport(
  tx: Transaction,
  companyId: string,
  importId: string,
  options: ImportOptions,
  at: Date,
): Promise<boolean> {
  const { mapping, source, enrol, dryRun, ...rest } = options;
  if (!dryRun && (await tx.query(GO_ON, [importId, companyId, at, JSON.stringify(mapping)])).length > 0) return true;
  const begun = await tx.query(BEGIN, [importId, companyId, JSON.stringify(mapping), source, enrol, dryRun, JSON.stringify(rest), at]);
  if (begun.length > 0) await tx.query(FORGET_ERRORS, [importId, companyId]);
  return begun.length > 0;
}

const ERRORS: Statement = {
  name: 'imports.errors',
  text: `select row_number as "rowNumber", line, field, reason, value, cells from import_errors where import_id = $1 and company_id = $2 and row_number > $3 order by row_number limit $4`,
};

export const ImportError = z.object({
  rowNumber: z.int().describe('Number of the row below the heading, from 1'),
  line: z.int().describe('Line of text in the file, from 1'),
  field: z.string().nullable(),
  reason: z.string(),
  value: z.string().nullable(),
});
export type ImportError = z.output<typeof ImportError>;

/** With the row as it was. */
export interface RefusedRow extends ImportError {
  readonly cells: readonly string[];
}

export function listErrors(tx: Transaction, companyId: string, importId: string, afterRow: number, limit: number): Promise<RefusedRow[]> {
  return tx.query<RefusedRow>(ERRORS, [importId, companyId, afterRow, limit]);
}
