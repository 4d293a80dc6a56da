import type { FastifyReply } from 'fastify';
import type { Runtime } from '#core/runtime.ts';
import { fileNameOf } from './document.ts';
import type { Content } from './draw/content.ts';
import { documentPage, type WholePage } from './html/page.ts';
import type { AddressOf } from './html/parts.ts';
import { pictureBytes, picturesOf } from './pictures.ts';

/** What a document can be seen as. */
export type Face = 'page' | 'pdf';

export interface Showing {
  readonly companyId: string;
  readonly addressOf: AddressOf;
  readonly download: boolean;
}

/** Nobody keeps it on the way, nobody finds it by a search engine. */
export const PRIVATE = { 'cache-control': 'private, no-store', 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'x-robots-tag': 'noindex' } as const; // prettier-ignore

export function sendPage(reply: FastifyReply, { html, policy }: WholePage): FastifyReply {
  return reply.headers({ ...PRIVATE, 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy }).send(html);
}

/** Draws one face of a document and sends it. */
export async function sendFace(runtime: Runtime, reply: FastifyReply, face: Face, content: Content, showing: Showing): Promise<FastifyReply> {
  if (face === 'page') return sendPage(reply, documentPage(content, { addressOf: showing.addressOf }));
  const { companyId, download } = showing;
  const found = await runtime.database.read(companyId, (tx) => pictureBytes(tx, companyId, picturesOf(content)));
  const pictures = new Map([...found].map(([picture, { bytes }]) => [picture, bytes]));
  const { drawDocument } = await import('./pdf/draw.ts');
  return sendFile(reply, await drawDocument(content, pictures), { type: 'application/pdf', name: fileNameOf(content.title, content.at, 'pdf'), download });
} // prettier-ignore

function sendFile(reply: FastifyReply, bytes: Buffer, file: { readonly type: string; readonly name: string; readonly download: boolean }): FastifyReply {
  return reply
    .headers({
      ...PRIVATE,
      'content-type': file.type,
      'content-length': bytes.length,
      'content-disposition': `${file.download ? 'attachment' : 'inline'}; filename="${file.name}"`,
    })
    .send(bytes);
} // prettier-ignore
