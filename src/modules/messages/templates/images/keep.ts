import { createHash } from 'node:crypto';
import type { Statement, Transaction } from '#core/database/database.ts';
import { InvalidInput } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import type { Ctx } from '#core/operation/context.ts';
import { imagePath } from './address.ts';
import { readPicture } from './picture.ts';

// Bytes that were kept as a file to go with mails become a picture as well; their type is then what they are.
const PUT: Statement = {
  name: 'messages.images.put',
  text: `insert into template_files (id, company_id, sha256, filename, content_type, size, content, width, height, created_by, created_at, added_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)
         on conflict (company_id, sha256) do update set width = excluded.width, height = excluded.height, content_type = excluded.content_type, added_at = excluded.added_at
         returning id, filename, content_type as "contentType", size, width, height`,
};
const BYTES: Statement = {
  name: 'messages.images.bytes',
  text: `select content, content_type as "contentType" from template_files where company_id = $1 and id = $2 and width is not null`,
};

interface KeptImage {
  readonly fileId: string;
  readonly src: string;
  readonly filename: string;
  readonly contentType: string;
  readonly size: number;
  readonly width: number;
  readonly height: number;
}

/** Keeps a picture for mails to show; the same bytes are kept once. @throws InvalidInput with what is wrong with it */
export async function keepImage(ctx: Ctx, filename: string, bytes: Buffer): Promise<KeptImage> {
  const picture = bytes.length === 0 ? 'is empty; choose another one' : readPicture(bytes);
  if (typeof picture === 'string')
    throw new InvalidInput(`The picture ${picture}`, { fields: [{ path: 'content_base64', message: picture }] });
  const { content, contentType, width, height } = picture;
  const sha256 = createHash('sha256').update(content).digest('hex');
  const by = 'userId' in ctx.principal ? ctx.principal.userId : null;
  const values = [newId(), ctx.companyId, sha256, filename, contentType, content.length, content, width, height, by, ctx.clock.now()];
  const [row] = await ctx.query<Omit<KeptImage, 'fileId' | 'src'> & { readonly id: string }>(PUT, values);
  if (row === undefined) throw new Error('an insert that updates on conflict answers a row');
  const { id, ...rest } = row;
  return { fileId: id, src: imagePath(ctx.runtime.secrets, { companyId: ctx.companyId, fileId: id }, row.contentType), ...rest };
}

/** Its bytes, for whoever has its address. */
export async function imageBytes(
  tx: Transaction,
  { companyId, fileId }: { readonly companyId: string; readonly fileId: string },
): Promise<{ readonly content: Buffer; readonly contentType: string } | null> {
  const [row] = await tx.query<{ content: Buffer; contentType: string }>(BYTES, [companyId, fileId]);
  return row ?? null;
}
