import { z } from 'zod';
import { Conflict, InvalidInput } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { decodeCursor, pageInput, pageOf, toPage } from '#core/operation/page.ts';
import { cut, positionOf, tidy } from '#modules/people/public.ts';
import { countRecords, NotImportable, openCsv, type CsvFile } from '../import/file.ts';
import { IMPORT_FIELDS, type Mapping } from '../import/mapping.ts';
import { runImport } from '../import/run.ts';
import {
  beginImport,
  getImport,
  Import,
  ImportError,
  ImportNotFound,
  insertImport,
  listErrors,
  listImports,
  writeBytes,
  type ImportOptions,
} from '../import/store.ts';

/** 50 MB of file, a third more as base64. */
const BODY_LIMIT = 70_000_000;
const SAMPLE_ROWS = 5;

const importId = () => z.uuid().describe('Id of the import');

export const fileInput = {
  filename: z.string().trim().max(200).default('leads.csv'),
  content: z.string().optional().describe('The CSV as text'),
  contentBase64: z
    .base64()
    .optional()
    .describe('The CSV as bytes in base64, whatever its encoding')
    .meta({ 'x-file': true, 'x-cli': 'from-file' }),
};

const runInput = {
  mapping: z
    .array(z.enum(IMPORT_FIELDS))
    .max(200)
    .optional()
    .describe("Field by column, in the file's order; default: guessed from the headings"),
  source: z.string().trim().min(1).max(100).optional().describe('Source of rows that name none'),
  enrol: z.boolean().default(false).describe('Start nurturing for the new leads'),
  dryRun: z.boolean().default(false).describe('Count, write nothing'),
};

/** The bytes of a file given either way. @throws InvalidInput, NotImportable */
export function bytesOf(input: { readonly content?: string | undefined; readonly contentBase64?: string | undefined }): Buffer {
  if ((input.content === undefined) === (input.contentBase64 === undefined)) {
    throw new InvalidInput('Give the file as content or as content_base64, one of them', {
      fields: [{ path: 'content', message: 'or content_base64 is needed' }],
    });
  }
  return input.content === undefined ? Buffer.from(input.contentBase64 ?? '', 'base64') : Buffer.from(input.content, 'utf8');
}

function checkMapping(mapping: Mapping, columns: readonly string[]): void {
  const path = 'mapping';
  if (mapping.length !== columns.length) {
    throw new InvalidInput(`The file has ${columns.length} columns; name one field for each, ignore for those to leave out`, {
      fields: [{ path, message: `needs ${columns.length} entries` }],
    });
  }
  if (!mapping.includes('email'))
    throw new NotImportable('No column is the email address; say which one holds it', {
      fields: [{ path, message: 'needs an email column' }],
    });
  const used = mapping.filter((field) => field !== 'ignore');
  if (new Set(used).size !== used.length)
    throw new InvalidInput('Two columns are mapped to one field; ignore one of them', {
      fields: [{ path, message: 'names a field twice' }],
    });
}

const Preview = Import.extend({
  sample: z.array(z.array(z.string())).describe('The first rows, as read'),
});

async function upload(ctx: Ctx, filename: string, bytes: Buffer, file: CsvFile): Promise<Import> {
  const id = newId();
  const totalRows = await countRecords(file);
  return ctx.inCompany(ctx.companyId, async (inner) => {
    const createdBy = 'userId' in ctx.principal ? ctx.principal.userId : null;
    await insertImport(inner, inner.companyId, {
      id, filename: cut(tidy(filename), 200) || 'leads.csv', sizeBytes: bytes.length, encoding: file.encoding, delimiter: file.delimiter,
      columns: file.columns, mapping: file.suggested, totalRows, createdBy, at: ctx.clock.now(),
    }); // prettier-ignore
    await writeBytes(inner, inner.companyId, id, bytes);
    return getImport(inner, inner.companyId, id);
  });
}

export const createImport = operation({
  name: 'imports.create',
  summary: 'Upload a CSV file of leads: read its columns, import nothing yet',
  http: 'POST /api/imports',
  access: 'outside',
  scope: 'leads:write',
  bodyLimit: BODY_LIMIT,
  secretFields: ['content', 'content_base64'],
  input: z.object(fileInput),
  output: Preview,
  errors: [NotImportable],
  async run(ctx, input) {
    const bytes = bytesOf(input);
    const file = openCsv(bytes);
    const sample: string[][] = [];
    for (const record of file.records()) {
      sample.push(record.cells.map((cell) => cut(cell, 200)));
      if (sample.length === SAMPLE_ROWS) break;
    }
    return { ...(await upload(ctx, input.filename, bytes, file)), sample };
  },
});

/** Starts it; the rows are done in the background, batch by batch. `wait`: answers when it is done. */
async function start(ctx: Ctx, id: string, options: ImportOptions, wait: boolean): Promise<Import> {
  const { runtime, companyId } = ctx;
  const begun = await ctx.inCompany(companyId, async (inner) => {
    await getImport(inner, companyId, id);
    return beginImport(inner, companyId, id, options, ctx.clock.now());
  });
  if (!begun) throw new Conflict('This import is running, or its file is no longer kept; wait for it or upload the file again');
  const running = runImport(runtime, companyId, id);
  if (wait) await running;
  else running.catch((error: unknown) => runtime.log.error({ err: error, importId: id }, 'import could not note how it ended'));
  return runtime.database.read(companyId, (tx) => getImport(tx, companyId, id));
}

export const startImport = operation({
  name: 'imports.run',
  summary: 'Import an uploaded file, or count what an import would do',
  http: 'POST /api/imports/{import_id}/run',
  access: 'outside',
  scope: 'leads:write',
  status: 202,
  input: z.object({ importId: importId(), ...runInput, wait: z.boolean().default(false).describe('Answer only when it is done') }),
  output: Import,
  errors: [ImportNotFound, NotImportable, Conflict],
  async run(ctx, input) {
    const { companyId } = ctx;
    const found = await ctx.runtime.database.read(companyId, (tx) => getImport(tx, companyId, input.importId));
    const mapping = input.mapping ?? found.mapping;
    checkMapping(mapping, found.columns);
    return start(ctx, found.id, { mapping, source: input.source ?? null, enrol: input.enrol, dryRun: input.dryRun }, input.wait);
  },
});

/** Upload, run, wait: for the command line and programs. */
export async function importFile(ctx: Ctx, filename: string, bytes: Buffer, options: Partial<ImportOptions>): Promise<Import> {
  const file = openCsv(bytes);
  const mapping = options.mapping ?? file.suggested;
  checkMapping(mapping, file.columns);
  const { id } = await upload(ctx, filename, bytes, file);
  return start(ctx, id, { source: options.source ?? null, enrol: options.enrol ?? false, dryRun: options.dryRun ?? false, mapping }, true);
}

const FIRST_ERRORS = 20;

export function firstErrors({ runtime, companyId }: Ctx, id: string): Promise<ImportError[]> {
  return runtime.database.read(companyId, (tx) => listErrors(tx, companyId, id, 0, FIRST_ERRORS));
}

export const importLeads = operation({
  name: 'leads.import',
  summary: 'Import a CSV file of leads and wait for the counts; people who opted out stay so',
  http: 'POST /api/lead-nurturing/leads/import',
  cli: 'leads import',
  access: 'outside',
  status: 200,
  bodyLimit: BODY_LIMIT,
  secretFields: ['content', 'content_base64'],
  input: z.object({ ...fileInput, ...runInput }),
  output: Import.extend({
    errors: z.array(ImportError).describe(`The first ${FIRST_ERRORS} refused rows; all: GET /api/imports/{id}/errors`),
  }),
  errors: [NotImportable],
  async run(ctx, { filename, mapping, source, enrol, dryRun, ...file }) {
    const done = await importFile(ctx, filename, bytesOf(file), {
      enrol,
      dryRun,
      ...(mapping && { mapping }),
      ...(source !== undefined && { source }),
    });
    return { ...done, errors: await firstErrors(ctx, done.id) };
  },
});

export const getImportOperation = operation({
  name: 'imports.get',
  summary: 'Where an import stands',
  http: 'GET /api/imports/{import_id}',
  cli: 'imports get',
  access: 'read',
  scope: 'leads:read',
  input: z.object({ importId: importId() }),
  output: Import,
  errors: [ImportNotFound],
  run: (ctx, input) => getImport(ctx, ctx.companyId, input.importId),
});

export const listImportsOperation = operation({
  name: 'imports.list',
  summary: 'List imports, newest first',
  http: 'GET /api/imports',
  cli: 'imports list',
  access: 'read',
  scope: 'leads:read',
  input: z.object(pageInput),
  output: pageOf(Import),
  async run(ctx, { limit, cursor }) {
    const rows = await listImports(ctx, ctx.companyId, limit + 1, cursor === undefined ? null : positionOf(cursor));
    return toPage(rows, limit, (row) => [row.createdAt.getTime(), row.id]);
  },
});

export const importErrors = operation({
  name: 'imports.errors',
  summary: 'Rows that an import refused, with line and reason (the first 10,000)',
  http: 'GET /api/imports/{import_id}/errors',
  cli: 'imports errors',
  access: 'read',
  scope: 'leads:read',
  input: z.object({ importId: importId(), ...pageInput }),
  output: pageOf(ImportError),
  errors: [ImportNotFound],
  async run(ctx, { importId: id, limit, cursor }) {
    await getImport(ctx, ctx.companyId, id);
    const after = cursor === undefined ? 0 : rowOf(cursor);
    return toPage(await listErrors(ctx, ctx.companyId, id, after, limit + 1), limit, (row) => [row.rowNumber]);
  },
});

function rowOf(cursor: string): number {
  const [row] = decodeCursor(cursor, 1);
  if (typeof row === 'number' && Number.isInteger(row) && row >= 0 && row < 2 ** 31) return row;
  throw new InvalidInput('This cursor is not one that this list gave; start again without it', {
    fields: [{ path: 'cursor', message: 'not a cursor of this list' }],
  });
}
