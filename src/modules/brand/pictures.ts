import { createHash } from 'node:crypto';
import type { Statement, Transaction } from '#core/database/database.ts';
import { InvalidInput, NotFound } from '#core/errors.ts';
import { readPicture } from '#modules/messages/public.ts';
import type { FastifyReply } from 'fastify';
import type { Runtime } from '#core/runtime.ts';

const KEEP: Statement = {
  name: 'brand.picture_keep',
  text: 'insert into company_pictures (company_id, sha256, type, width, height, bytes, created_at) values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing',
};
const SIZES: Statement = {
  name: 'brand.picture_sizes',
  text: 'select sha256, width, height from company_pictures where company_id = $1 and sha256 = any ($2::text[])',
};
const BYTES: Statement = {
  name: 'brand.picture_bytes',
  text: 'select sha256, type, bytes from company_pictures where company_id = $1 and sha256 = any ($2::text[])',
};

export interface KeptPicture {
  readonly picture: string;
  readonly width: number;
  readonly height: number;
}

/** PNG or JPEG, by its bytes. @throws InvalidInput what is wrong with it, and what to do */
export async function keepPicture(
  tx: Pick<Transaction, 'query'>,
  companyId: string,
  contentBase64: string,
  now: Date,
): Promise<KeptPicture> {
  const read = readPicture(Buffer.from(contentBase64, 'base64'));
  const fault =
    typeof read === 'string' ? read : read.contentType === 'image/gif' ? 'is a GIF, which a PDF can’t hold; save it as PNG' : null;
  if (typeof read === 'string' || fault !== null) throw new InvalidInput(`The picture ${fault ?? ''}`, { fields: [{ path: 'content_base64', message: fault ?? '' }] }); // prettier-ignore
  const { contentType, width, height, content } = read;
  const picture = createHash('sha256').update(content).digest('hex');
  await tx.query(KEEP, [companyId, picture, contentType, width, height, content, now]);
  return { picture, width, height };
}

export async function pictureSizes(tx: Pick<Transaction, 'query'>, companyId: string, pictures: readonly string[]): Promise<ReadonlyMap<string, { width: number; height: number }>> {
  if (pictures.length === 0) return new Map();
  const rows = await tx.query<{ sha256: string; width: number; height: number }>(SIZES, [companyId, pictures]);
  return new Map(rows.map(({ sha256, width, height }) => [sha256, { width, height }]));
} // prettier-ignore

export interface PictureBytes {
  readonly type: string;
  readonly bytes: Buffer;
}

export async function pictureBytes(tx: Pick<Transaction, 'query'>, companyId: string, pictures: readonly string[]): Promise<ReadonlyMap<string, PictureBytes>> {
  if (pictures.length === 0) return new Map();
  const rows = await tx.query<{ sha256: string; type: string; bytes: Buffer }>(BYTES, [companyId, pictures]);
  return new Map(rows.map(({ sha256, type, bytes }) => [sha256, { type, bytes }]));
} // prettier-ignore

/** The bytes. Never sniffed, never run, whatever they hold; the same for ever under one address. `whose`: who may keep it on the way. */
export async function sendPicture(runtime: Runtime, reply: FastifyReply, companyId: string, picture: string, whose: 'private' | 'public' = 'private'): Promise<FastifyReply> {
  const found = (await runtime.database.read(companyId, (tx) => pictureBytes(tx, companyId, [picture]))).get(picture);
  if (found === undefined) throw new NotFound('There is no such picture');
  return reply
    .headers({
      'content-type': found.type,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'",
      'cache-control': `${whose}, max-age=31536000, immutable`,
    })
    .send(found.bytes);
} // prettier-ignore
