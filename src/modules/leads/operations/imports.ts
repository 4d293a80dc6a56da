import { z } from 'zod';
import { Conflict, InvalidInput } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { decodeCursor, pageInput, pageOf, toPage } from '#core/operation/page.ts';
import { companyCountry, customFields, cut, listTopics, MARKETING, positionOf, tidy } from '#modules/people/public.ts';
import { lookAt, remember, remembered } from '../import/analyse.ts';
import { isTarget, SEVERAL, type Mapping, type Target } from '../import/mapping.ts';
import { NotImportable } from '../import/read/not-importable.ts';
import { runImport } from '../import/run.ts';
import {
  beginImport,
  columnFormat,
  getImport,
  Import,
  importConsent,
  ImportError,
  ImportNotFound,
  insertImport,
  listErrors,
  listImports,
  loadImport,
  lookOf,
  PART_BYTES,
  saveLook,
  storedFile,
  target,
  writePart,
  type ImportOptions,
} from '../import/store.ts';
import { beginUndo, runUndo } from '../import/undo.ts';

/** 50 MB of file, a third more as base64. Larger files come in parts. */
const BODY_LIMIT = 70_000_000;
/** Parts of a file; 256 of them are 1 GiB. */
const MOST_PARTS = 256;

const importId = () => z.uuid().describe('Id of the import');

export const fileInput = {
  filename: z.string().trim().max(200).default('leads.csv'),
  content: z.string().optional().describe('The table as text'),
  contentBase64: z
    .base64()
    .optional()
    .describe('The file as bytes in base64: CSV, TSV, XLSX or vCard, whatever its encoding')
    .meta({ 'x-file': true, 'x-cli': 'from-file' }),
};

const runInput = {
  mapping: z
    .array(target())
    .max(200)
    .optional()
    .describe("Field by column, in the file's order; default: used last for these headings, else guessed"),
  formats: z
    .record(z.string().regex(/^\d{1,3}$/), columnFormat())
    .optional()
    .describe('How days (ymd, dmy, mdy) and numbers (point, comma) are written, by column from 0; default: as the file shows'),
  source: z.string().trim().min(1).max(100).optional().describe('Source of rows that name none'),
  enrol: z.boolean().default(false).describe('Start nurturing for the new leads, and write down that they asked to hear from you'),
  withoutEmail: z.boolean().default(false).describe('Take rows without an address, too; people are then told by number or name'),
  tags: z.array(z.string().trim().min(1).max(60)).max(20).default([]).describe('Tags for everybody in the file'),
  consent: importConsent().nullish().describe('Consent of all new people in the file, with what proves it'),
  consentTopic: z
    .string()
    .regex(/^[a-z][a-z0-9_.]{0,59}$/, { error: 'is a topic such as news' })
    .default(MARKETING)
    .describe('What the consent in the file is about: a topic, or marketing for all of them'),
  dryRun: z.boolean().default(false).describe('Count, write nothing'),
};
const RunInput = z.object(runInput);
type RunInput = z.output<typeof RunInput>;

/** The bytes of a file given either way. @throws InvalidInput, NotImportable */
export function bytesOf(input: { readonly content?: string | undefined; readonly contentBase64?: string | undefined }): Buffer {
  if ((input.content === undefined) === (input.contentBase64 === undefined)) {
    throw new InvalidInput('Give the file as content or as content_base64, one of them', {
      fields: [{ path: 'content', message: 'or content_base64 is needed' }],
    });
  }
  return input.content === undefined ? Buffer.from(input.contentBase64 ?? '', 'base64') : Buffer.from(input.content, 'utf8');
}

function checkMapping(mapping: Mapping, columns: readonly string[], own: ReadonlySet<string>): void {
  const path = 'mapping';
  const refuse = (text: string, message: string) => new InvalidInput(text, { fields: [{ path, message }] });
  if (mapping.length !== columns.length)
    throw refuse(
      `The file has ${columns.length} columns; name one field for each, ignore for those to leave out`,
      `needs ${columns.length} entries`,
    );
  const tellers: readonly Target[] = ['email', 'phone', 'name', 'first_name', 'last_name'];
  if (!tellers.some((field) => mapping.includes(field)))
    throw new NotImportable('No column is the email address, a phone number or a name; say which one tells people apart', {
      fields: [{ path, message: 'needs an email column' }],
    });
  const used = mapping.filter((field) => !SEVERAL.has(field));
  const twice = used.find((field, index) => used.indexOf(field) !== index);
  if (twice !== undefined) throw refuse(`Two columns are mapped to ${twice}; ignore one of them`, `names ${twice} twice`);
  const unknown = mapping.find((field) => field.startsWith('custom.') && !own.has(field));
  if (unknown !== undefined) throw refuse(`There is no field ${unknown.slice(7)}; make it under Settings first`, `${unknown} is no field`);
}

const Preview = Import.extend({
  sample: z.array(z.array(z.string())).describe('The first rows, as read'),
  findings: z
    .array(
      z.object({
        column: z.int(),
        kind: z.enum(['date', 'number']),
        format: columnFormat(),
        proven: z.boolean().describe('False: other readings fit, too'),
      }),
    )
    .describe('What columns were seen to hold'),
});
type Preview = z.input<typeof Preview>;

/** Puts an import down whose file comes next. */
function begin(ctx: Ctx, filename: string): Promise<Import> {
  const id = newId();
  return ctx.inCompany(ctx.companyId, async (inner) => {
    const createdBy = 'userId' in ctx.principal ? ctx.principal.userId : null;
    await insertImport(inner, inner.companyId, { id, filename: cut(tidy(filename), 200) || 'leads.csv', createdBy, at: ctx.clock.now() });
    return getImport(inner, inner.companyId, id);
  });
}

async function put(ctx: Ctx, id: string, part: number, bytes: Buffer): Promise<void> {
  await ctx.runtime.database.write(ctx.companyId, async (tx) => {
    const found = await getImport(tx, ctx.companyId, id);
    if (found.state !== 'uploading') throw new Conflict('This file is complete; begin another import for another file');
    await writePart(tx, ctx.companyId, id, part, bytes);
  });
}

/** Reads the file to its end and notes what it is. @throws NotImportable */
async function look(ctx: Ctx, id: string): Promise<Preview> {
  const { runtime, companyId } = ctx;
  const { own, country } = await runtime.database.read(companyId, async (tx) => ({
    own: await customFields(tx, companyId),
    country: await companyCountry(tx, companyId),
  }));
  const seen = await lookAt(storedFile(runtime, companyId, id), own, country);
  return runtime.database.write(companyId, async (tx) => {
    const saved = await saveLook(tx, companyId, id, await remembered(tx, companyId, seen, own), ctx.clock.now());
    if (!saved) throw new Conflict('This import is running; wait for it or upload the file again');
    return preview(tx, companyId, id);
  });
}

async function preview(tx: Parameters<typeof getImport>[0], companyId: string, id: string): Promise<Preview> {
  const found = await getImport(tx, companyId, id);
  const { sample, findings } = await lookOf(tx, companyId, id);
  return { ...found, sample: sample.map((cells) => [...cells]), findings: [...findings] };
}

async function upload(ctx: Ctx, filename: string, bytes: Buffer): Promise<Preview> {
  const { id } = await begin(ctx, filename);
  if (bytes.length === 0) throw new NotImportable('The file is empty; save it as CSV with a heading such as name,email and try again');
  for (let part = 0; part * PART_BYTES < bytes.length; part += 1)
    await put(ctx, id, part, bytes.subarray(part * PART_BYTES, (part + 1) * PART_BYTES));
  return look(ctx, id);
}

export const createImport = operation({
  name: 'imports.create',
  summary: 'Upload a table of leads: read its columns, import nothing yet',
  http: 'POST /api/imports',
  access: 'outside',
  scope: 'leads:write',
  bodyLimit: BODY_LIMIT,
  secretFields: ['content', 'content_base64'],
  input: z.object(fileInput),
  output: Preview,
  errors: [NotImportable],
  run: (ctx, input) => upload(ctx, input.filename, bytesOf(input)),
});

export const beginUpload = operation({
  name: 'imports.begin',
  summary: 'Begin an import whose file comes in parts of 4 MiB',
  http: 'POST /api/imports/uploads',
  access: 'outside',
  scope: 'leads:write',
  input: z.object({ filename: fileInput.filename }),
  output: Import,
  run: (ctx, input) => begin(ctx, input.filename),
});

export const uploadPart = operation({
  name: 'imports.part',
  summary: 'Upload one part of the file of an import; sent again, it replaces itself',
  http: 'PUT /api/imports/{import_id}/parts/{part}',
  access: 'outside',
  scope: 'leads:write',
  bodyLimit: 8_000_000,
  ratePerMinute: 2_000,
  secretFields: ['content_base64'],
  input: z.object({
    importId: importId(),
    part: z.coerce
      .number()
      .int()
      .min(0)
      .max(MOST_PARTS - 1)
      .describe('Which 4 MiB of the file, from 0'),
    contentBase64: z.base64().min(1).max(6_000_000).describe('The bytes: 4 MiB, the last part less'),
  }),
  output: z.object({ part: z.int(), bytes: z.int() }),
  errors: [ImportNotFound],
  async run(ctx, { importId: id, part, contentBase64 }) {
    const bytes = Buffer.from(contentBase64, 'base64');
    if (bytes.length > PART_BYTES)
      throw new InvalidInput('A part is at most 4 MiB', { fields: [{ path: 'content_base64', message: 'is larger than 4 MiB' }] });
    await put(ctx, id, part, bytes);
    return { part, bytes: bytes.length };
  },
});

export const readUpload = operation({
  name: 'imports.read',
  summary: 'Read the uploaded file of an import: its format, columns and first rows',
  http: 'POST /api/imports/{import_id}/read',
  access: 'outside',
  scope: 'leads:write',
  status: 200,
  input: z.object({ importId: importId() }),
  output: Preview,
  errors: [ImportNotFound, NotImportable],
  async run(ctx, { importId: id }) {
    await ctx.runtime.database.read(ctx.companyId, (tx) => getImport(tx, ctx.companyId, id));
    return look(ctx, id);
  },
});

export const previewImport = operation({
  name: 'imports.preview',
  summary: 'The first rows of an import and what its columns were seen to hold',
  http: 'GET /api/imports/{import_id}/preview',
  access: 'read',
  scope: 'leads:read',
  input: z.object({ importId: importId() }),
  output: Preview,
  errors: [ImportNotFound],
  run: (ctx, { importId: id }) => preview(ctx, ctx.companyId, id),
});

/** A file can't invent a topic. @throws InvalidInput */
async function topicOf(ctx: Ctx, topic: string): Promise<string> {
  if (topic === MARKETING || (await listTopics(ctx, ctx.companyId)).some(({ key }) => key === topic)) return topic;
  throw new InvalidInput(`There is no topic ${topic}; list them with GET /api/topics`, {
    fields: [{ path: 'consent_topic', message: 'is no topic of your company' }],
  });
}

/** Starts it; the rows are done in the background, chunk by chunk. `wait`: answers when it is done. */
async function start(ctx: Ctx, id: string, input: Partial<RunInput>, wait: boolean): Promise<Import> {
  const { runtime, companyId } = ctx;
  const begun = await ctx.inCompany(companyId, async (inner) => {
    const found = await loadImport(inner, companyId, id);
    if (found.state === 'uploading') throw new Conflict('The file of this import was not read yet: POST /api/imports/{import_id}/read');
    const mapping = input.mapping?.filter(isTarget) ?? found.mapping;
    const own = new Set((await customFields(inner, companyId)).map((field) => `custom.${field.key}`));
    checkMapping(mapping, found.columns, own);
    const options: ImportOptions = {
      mapping,
      formats: { ...found.formats, ...input.formats },
      source: input.source ?? null,
      enrol: input.enrol ?? false,
      dryRun: input.dryRun ?? false,
      withoutEmail: input.withoutEmail ?? false,
      tags: input.tags ?? [],
      consent: input.consent ?? null,
      consentTopic: await topicOf(inner, input.consentTopic ?? MARKETING),
    };
    const ok = await beginImport(inner, companyId, id, options, ctx.clock.now());
    if (ok && !options.dryRun) await remember(inner, companyId, found, mapping, options.formats, ctx.clock.now());
    return ok;
  });
  if (!begun) throw new Conflict('This import is running or done, or its file is no longer kept; wait for it or upload the file again');
  const running = runImport(runtime, companyId, id);
  if (wait) await running;
  else running.catch((error: unknown) => runtime.log.error({ err: error, importId: id }, 'import could not note how it ended'));
  return runtime.database.read(companyId, (tx) => getImport(tx, companyId, id));
}

export const startImport = operation({
  name: 'imports.run',
  summary: 'Import an uploaded file, or count what an import would do; one that failed goes on where it stopped',
  http: 'POST /api/imports/{import_id}/run',
  access: 'outside',
  scope: 'leads:write',
  status: 202,
  input: z.object({ importId: importId(), ...runInput, wait: z.boolean().default(false).describe('Answer only when it is done') }),
  output: Import,
  errors: [ImportNotFound, NotImportable, Conflict],
  run: (ctx, { importId: id, wait, ...input }) => start(ctx, id, input, wait),
});

export const undoImport = operation({
  name: 'imports.undo',
  summary: 'Take a whole import back; people who were written to or changed since stay, with the reason',
  http: 'POST /api/imports/{import_id}/undo',
  cli: 'imports undo',
  access: 'outside',
  scope: 'leads:write',
  status: 202,
  destructive: true,
  input: z.object({ importId: importId(), wait: z.boolean().default(true).describe('Answer only when it is done') }),
  output: Import,
  errors: [ImportNotFound, Conflict],
  async run(ctx, { importId: id, wait }) {
    const { runtime, companyId } = ctx;
    const begun = await ctx.inCompany(companyId, async (inner) => {
      await getImport(inner, companyId, id);
      return beginUndo(inner, companyId, id, ctx.clock.now());
    });
    if (!begun) throw new Conflict('Only an import that is done can be taken back, and only once');
    const running = runUndo(runtime, companyId, id);
    if (wait) await running;
    else
      running.catch((error: unknown) =>
        runtime.log.error({ err: error, importId: id }, 'the undo of an import stopped; it goes on in a minute'),
      );
    return runtime.database.read(companyId, (tx) => getImport(tx, companyId, id));
  },
});

/** Upload, run, wait: for the command line and programs. */
export async function importFile(ctx: Ctx, filename: string, bytes: Buffer, options: Partial<RunInput>): Promise<Import> {
  const { id } = await upload(ctx, filename, bytes);
  return start(ctx, id, options, true);
}

const FIRST_ERRORS = 20;

export function firstErrors({ runtime, companyId }: Ctx, id: string): Promise<ImportError[]> {
  return runtime.database.read(companyId, (tx) => listErrors(tx, companyId, id, 0, FIRST_ERRORS));
}

export const importLeads = operation({
  name: 'leads.import',
  summary: 'Import a table of leads and wait for the counts; people who opted out stay so',
  http: 'POST /api/lead-nurturing/leads/import',
  access: 'outside',
  status: 200,
  bodyLimit: BODY_LIMIT,
  secretFields: ['content', 'content_base64'],
  input: z.object({ ...fileInput, ...runInput }),
  output: Import.extend({
    errors: z.array(ImportError).describe(`The first ${FIRST_ERRORS} refused rows; all: GET /api/imports/{id}/errors`),
  }),
  errors: [NotImportable],
  async run(ctx, { filename, content, contentBase64, ...options }) {
    const done = await importFile(ctx, filename, bytesOf({ content, contentBase64 }), options);
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
  summary: 'Rows that an import refused, with line and reason (the first 100,000)',
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
