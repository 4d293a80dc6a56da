import { createHash } from 'node:crypto';
import type { Statement, Transaction } from '#core/database/database.ts';
import { InvalidInput, NotFound } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import type { Ctx } from '#core/operation/context.ts';
import type { OutgoingEmail } from '#core/ports/email.ts';
import type { Runtime } from '#core/runtime.ts';
import { wholeFile } from '#modules/people/public.ts';
import type { Attachment, MessageFile, PersonAttachment, SubjectAttachment } from './row.ts';

/** Bytes of one file. Base64 makes a third more of it, and many mailboxes take no mail over 25 MB. */
export const LARGEST = 10_000_000;
/** Bytes of all files of one mail. */
export const LARGEST_TOGETHER = 15_000_000;

/** No such file in this company. */
export class AttachmentNotFound extends NotFound {
  override readonly code = 'attachment_not_found';
}

const PUT: Statement = {
  name: 'messages.files.put',
  text: `insert into template_files (id, company_id, sha256, filename, content_type, size, content, created_by, created_at, added_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
         on conflict (company_id, sha256) do update set added_at = excluded.added_at returning id, filename, content_type as "contentType", size`,
};
const NAMED: Statement = {
  name: 'messages.files.named',
  text: `select id as "attachmentId", filename, content_type as "contentType", size from template_files where company_id = $1 and id = any($2::uuid[])`,
};
const BYTES: Statement = {
  name: 'messages.files.bytes',
  text: `select id, content from template_files where company_id = $1 and id = any($2::uuid[])`,
};

/** Keeps a file; the same bytes are kept once. */
export async function keepFile(
  ctx: Ctx,
  file: { readonly filename: string; readonly contentType: string; readonly content: Buffer },
): Promise<Attachment> {
  if (file.content.length === 0)
    throw new InvalidInput('The file is empty; choose another', { fields: [{ path: 'content_base64', message: 'is empty' }] });
  if (file.content.length > LARGEST)
    throw new InvalidInput(`The file is larger than ${LARGEST / 1_000_000} MB; put it on a page and link to it`, {
      fields: [{ path: 'content_base64', message: 'is too large' }],
    });
  const sha256 = createHash('sha256').update(file.content).digest('hex');
  const createdBy = 'userId' in ctx.principal ? ctx.principal.userId : null;
  const values = [
    newId(),
    ctx.companyId,
    sha256,
    file.filename,
    file.contentType,
    file.content.length,
    file.content,
    createdBy,
    ctx.clock.now(),
  ];
  const [row] = await ctx.query<{ id: string; contentType: string; size: number }>(PUT, values);
  if (row === undefined) throw new AttachmentNotFound('The file was not kept; try again');
  return { attachmentId: row.id, filename: file.filename, contentType: row.contentType, size: row.size };
}

/** The files that were asked for, under the names they were given. @throws AttachmentNotFound, InvalidInput */
export async function attachmentsFor(
  ctx: Ctx,
  wanted: readonly { readonly attachmentId: string; readonly filename?: string | undefined }[],
): Promise<Attachment[]> {
  if (wanted.length === 0) return [];
  const rows = await ctx.query<Attachment>(NAMED, [ctx.companyId, wanted.map((one) => one.attachmentId)]);
  const files = wanted.map(({ attachmentId, filename }) => {
    const row = rows.find((one) => one.attachmentId === attachmentId);
    if (row === undefined) throw new AttachmentNotFound('There is no such file; add it first');
    return { ...row, filename: filename ?? row.filename };
  });
  if (files.reduce((sum, one) => sum + one.size, 0) > LARGEST_TOGETHER)
    throw new InvalidInput(`The files are larger than ${LARGEST_TOGETHER / 1_000_000} MB together; put some on a page and link to them`);
  return files;
}

/** Bytes of files that many mails carry, so that a mailing reads each once. */
const held = new WeakMap<Runtime, Map<string, Buffer>>();
const MOST_HELD = 40_000_000;

/** The files of a mail as they go on the wire, in their order. @throws NotFound for one that is gone: the message must not leave without it */
export async function outgoingFiles(
  tx: Transaction,
  runtime: Runtime,
  companyId: string,
  files: readonly MessageFile[],
): Promise<NonNullable<OutgoingEmail['attachments']>> {
  const stored = await storedBytes(tx, runtime, companyId, files.filter((one): one is Attachment => 'attachmentId' in one)); // prettier-ignore
  const outgoing = [];
  for (const file of files) {
    const { filename, contentType } = file;
    const content =
      'attachmentId' in file
        ? stored(file.attachmentId)
        : 'fileId' in file
          ? await ofPerson(tx, companyId, file)
          : await madeOf(tx, runtime, companyId, file);
    outgoing.push({ filename, contentType, content });
  }
  return outgoing;
}

async function ofPerson(tx: Transaction, companyId: string, { fileId, filename }: PersonAttachment): Promise<Buffer> {
  const content = await wholeFile(tx, companyId, fileId);
  if (content === null) throw new AttachmentNotFound(`${filename} was deleted; the message must not leave without it`);
  return content;
}

async function madeOf(tx: Transaction, runtime: Runtime, companyId: string, { subject: { type, id }, ...named }: SubjectAttachment) {
  const file = runtime.engine.vocabulary.subjects.get(type)?.file;
  if (file === undefined) throw new AttachmentNotFound(`Nothing here makes files of a ${type}; the message must not leave without it`);
  return file.bytes(tx, { companyId, id }, named);
}

async function storedBytes(tx: Transaction, runtime: Runtime, companyId: string, attachments: readonly Attachment[]) {
  const known = held.get(runtime) ?? new Map<string, Buffer>();
  held.set(runtime, known);
  const missing = attachments.filter((one) => !known.has(`${companyId} ${one.attachmentId}`)).map((one) => one.attachmentId);
  if (missing.length > 0) {
    const rows = await tx.query<{ id: string; content: Buffer }>(BYTES, [companyId, missing]);
    if ([...known.values(), ...rows.map((row) => row.content)].reduce((sum, one) => sum + one.length, 0) > MOST_HELD) known.clear();
    for (const { id, content } of rows) known.set(`${companyId} ${id}`, content);
    const lost = missing.find((id) => !rows.some((row) => row.id === id));
    if (lost !== undefined) throw new AttachmentNotFound('A file of this message is gone; the message must not leave without it');
  }
  return (id: string) => known.get(`${companyId} ${id}`) ?? Buffer.alloc(0);
}
