import { z } from 'zod';
import { Conflict, InvalidInput } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { companyCountry, customFields, cut, tidy } from '#modules/people/public.ts';
import { lookAt, remembered } from '../import/analyse.ts';
import { NotImportable } from '../import/read/not-importable.ts';
import {
  columnFormat,
  getImport,
  Import,
  ImportNotFound,
  insertImport,
  lookOf,
  PART_BYTES,
  saveLook,
  storedFile,
  writePart,
} from '../import/store.ts';
import { importId } from './imports.ts';

/** 50 MB of file, a third more as base64. Larger files come in parts. */
export const BODY_LIMIT = 70_000_000;
/** Parts of a file; 256 of them are 1 GiB. */
const MOST_PARTS = 256;

export const fileInput = {
  filename: z.string().trim().max(200).default('leads.csv'),
  content: z.string().optional().describe('The table as text'),
  contentBase64: z
    .base64()
    .optional()
    .describe('The file as bytes in base64: CSV, TSV, XLSX or vCard, whatever its encoding')
    .meta({ 'x-file': true, 'x-cli': 'from-file' }),
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

export async function upload(ctx: Ctx, filename: string, bytes: Buffer): Promise<Preview> {
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
