import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { InvalidInput } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { PersonNotFound } from '../errors.ts';
import {
  beginFile,
  fileName,
  FILE_COLUMNS,
  FileNotFound,
  FileTooLarge,
  getFile,
  LARGEST_FILE,
  MOST_FILES,
  PersonFile,
} from '../files/file.ts';
import { storeBytes, tooLarge } from '../files/upload.ts';
import { getPerson } from '../person.ts';
import { personId } from './people.ts';

const LIST: Statement = {
  name: 'people.files',
  text: `select ${FILE_COLUMNS} from person_files f where f.company_id = $1 and f.person_id = $2 and f.complete order by f.created_at desc, f.id desc limit ${MOST_FILES}`,
};

export const listFiles = operation({
  name: 'files.list',
  summary: 'Files on a person, newest first',
  http: 'GET /api/people/{person_id}/files',
  cli: 'people files',
  access: 'read',
  scope: 'people:read',
  input: z.object({ personId: personId() }),
  output: z.object({ items: z.array(PersonFile), nextCursor: z.null() }),
  errors: [PersonNotFound],
  async run(ctx, input) {
    await getPerson(ctx, ctx.companyId, input.personId);
    return { items: await ctx.query<PersonFile>(LIST, [ctx.companyId, input.personId]), nextCursor: null };
  },
});

export const getFileOperation = operation({
  name: 'files.get',
  summary: 'What is known of one file; its bytes are at …/content',
  http: 'GET /api/people/{person_id}/files/{file_id}',
  access: 'read',
  scope: 'people:read',
  input: z.object({ personId: personId(), fileId: z.uuid() }),
  output: PersonFile,
  errors: [FileNotFound],
  run: (ctx, input) => getFile(ctx, ctx.companyId, input.personId, input.fileId),
});

/** A row for a file whose bytes follow. @throws PersonNotFound */
async function begin(ctx: Ctx, input: { readonly personId: string; readonly name: string }): Promise<{ id: string; name: string }> {
  const id = newId();
  const createdBy = 'userId' in ctx.principal ? ctx.principal.userId : null;
  await getPerson(ctx, ctx.companyId, input.personId);
  const begun = await beginFile(ctx, ctx.companyId, { id, ...input, createdBy, at: ctx.clock.now() });
  if (begun) return { id, name: fileName(input.name) };
  throw new InvalidInput(`A person has at most ${MOST_FILES} files; delete one first`, {
    fields: [{ path: 'name', message: 'one too many' }],
  });
}

const name = () => z.string().trim().min(1).max(1_000).describe('Name of the file');

export const addFile = operation({
  name: 'files.create',
  summary: 'Keep a file on a person; larger ones are streamed to …/files/upload',
  http: 'POST /api/people/{person_id}/files',
  cli: 'people add-file',
  access: 'write',
  scope: 'people:write',
  bodyLimit: 35_000_000,
  secretFields: ['content_base64'],
  input: z.object({
    personId: personId(),
    name: name(),
    contentBase64: z.base64().describe('The bytes in base64').meta({ 'x-file': true, 'x-cli': 'from-file' }),
  }),
  output: PersonFile,
  errors: [PersonNotFound, FileTooLarge],
  async run(ctx, input) {
    const bytes = Buffer.from(input.contentBase64, 'base64');
    if (bytes.length > LARGEST_FILE) throw tooLarge();
    const file = await begin(ctx, input);
    return storeBytes((work) => work(ctx), ctx.companyId, file, [bytes]);
  },
});

/** Not an operation of any face: what the raw route of an upload runs first, for its rights and its audit row. */
export const beginUpload = operation({
  name: 'files.upload',
  summary: 'Begin a streamed upload',
  http: 'POST /api/people/{person_id}/files/upload',
  access: 'write',
  scope: 'people:write',
  input: z.object({ personId: personId(), name: name() }),
  output: z.object({ id: z.uuid(), name: z.string() }),
  errors: [PersonNotFound],
  run: begin,
});

const SHARE: Statement = {
  name: 'people.files.share',
  text: `update person_files f set shared_at = case when $4::boolean then coalesce(f.shared_at, $5) end
          where f.company_id = $1 and f.person_id = $2 and f.id = $3 and f.complete returning ${FILE_COLUMNS}`,
};

export const shareFile = operation({
  name: 'files.share',
  summary: 'Show a file to the client on their page, or no more',
  http: 'PATCH /api/people/{person_id}/files/{file_id}',
  cli: 'people share-file',
  access: 'write',
  scope: 'people:write',
  input: z.object({ personId: personId(), fileId: z.uuid(), shared: z.boolean().default(true).describe('false: it stays in the house') }),
  output: PersonFile,
  errors: [FileNotFound],
  async run(ctx, input) {
    const [file] = await ctx.query<PersonFile>(SHARE, [ctx.companyId, input.personId, input.fileId, input.shared, ctx.clock.now()]);
    if (file === undefined) throw new FileNotFound('There is no such file on this person');
    ctx.subject('person_files', file.id);
    return file;
  },
});

const DELETE: Statement = {
  name: 'people.files.delete',
  text: 'delete from person_files where company_id = $1 and person_id = $2 and id = $3 returning id',
};

export const deleteFile = operation({
  name: 'files.delete',
  summary: 'Delete a file of a person',
  http: 'DELETE /api/people/{person_id}/files/{file_id}',
  cli: 'people delete-file',
  access: 'write',
  scope: 'people:write',
  destructive: true,
  input: z.object({ personId: personId(), fileId: z.uuid() }),
  output: z.object({}),
  errors: [FileNotFound],
  async run(ctx, input) {
    const gone = await ctx.query(DELETE, [ctx.companyId, input.personId, input.fileId]);
    if (gone.length === 0) throw new FileNotFound('There is no such file on this person');
    return {};
  },
});
