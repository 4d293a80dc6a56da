import { z } from 'zod';
import { Conflict, InvalidInput } from '#core/errors.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { customFields, listTopics, MARKETING } from '#modules/people/public.ts';
import { remember } from '../import/analyse.ts';
import { kindOf } from '../import/deals/fields.ts';
import { tableInput } from '../import/deals/options.ts';
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
  listErrors,
  loadImport,
  target,
  type ImportOptions,
} from '../import/store.ts';
import { beginUndo, runUndo } from '../import/undo.ts';
import { BODY_LIMIT, bytesOf, fileInput, upload } from './import-uploads.ts';
import { importId } from './imports.ts';

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
  ...tableInput,
};
const RunInput = z.object(runInput);
type RunInput = z.output<typeof RunInput>;

function checkMapping(mapping: Mapping, columns: readonly string[], own: ReadonlySet<string>): void {
  const path = 'mapping';
  const refuse = (text: string, message: string) => new InvalidInput(text, { fields: [{ path, message }] });
  if (mapping.length !== columns.length)
    throw refuse(
      `The file has ${columns.length} columns; name one field for each, ignore for those to leave out`,
      `needs ${columns.length} entries`,
    );
  const kind = kindOf(mapping);
  const foreign = mapping.find(
    (field) => field !== 'ignore' && kind !== 'people' && !field.startsWith(kind === 'deals' ? 'deal.' : 'product.'),
  );
  if (foreign !== undefined)
    throw refuse(`${foreign} belongs to people; a file holds people, deals or products, one of them`, `${foreign} belongs to people`);
  const needed = kind === 'deals' ? 'deal.stage' : 'product.name';
  if (kind !== 'people' && !mapping.includes(needed))
    throw new NotImportable(`No column is the ${kind === 'deals' ? 'stage of the deal' : 'name of the product'}; say which one`, {
      fields: [{ path, message: `needs ${needed}` }],
    });
  const tellers: readonly Target[] = ['email', 'phone', 'name', 'first_name', 'last_name'];
  if (kind === 'people' && !tellers.some((field) => mapping.includes(field)))
    throw new NotImportable('No column is the email address, a phone number or a name; say which one tells people apart', {
      fields: [{ path, message: 'needs an email column' }],
    });
  const used = mapping.filter((field) => !SEVERAL.has(field));
  const twice = used.find((field, index) => used.indexOf(field) !== index);
  if (twice !== undefined) throw refuse(`Two columns are mapped to ${twice}; ignore one of them`, `names ${twice} twice`);
  const unknown = mapping.find((field) => field.startsWith('custom.') && !own.has(field));
  if (unknown !== undefined) throw refuse(`There is no field ${unknown.slice(7)}; make it under Settings first`, `${unknown} is no field`);
}

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
      ...(input.values === undefined ? {} : { values: input.values }),
      ...(input.pipeline === undefined ? {} : { pipeline: input.pipeline }),
      ...(input.openStage === undefined ? {} : { openStage: input.openStage }),
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
