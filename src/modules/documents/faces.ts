import type { FastifyReply } from 'fastify';
import type { Runtime } from '#core/runtime.ts';
import { pictureBytes } from '#modules/brand/public.ts';
import { deckPage } from './deck/page.ts';
import { fileNameOf } from './document.ts';
import type { Content } from './draw/content.ts';
import { documentPage, type WholePage } from './html/page.ts';
import type { AddressOf } from './html/parts.ts';
import { picturesOf } from './pictures.ts';
import type { FACES } from './tables.ts';

/** What a document can be seen as. */
export type Face = (typeof FACES)[number];

export interface Showing {
  readonly companyId: string;
  readonly addressOf: AddressOf;
  readonly download: boolean;
  /** Where its PDF is. */
  readonly pdf: string;
  /** With what is said beside the slides. */
  readonly withNotes: boolean;
}

/** Nobody keeps it on the way, nobody finds it by a search engine. */
export const PRIVATE = {
  'cache-control': 'private, no-store',
  'x-content-type-options': 'nosniff',
  'x-robots-tag': 'noindex',
} as const;

export function sendPage(reply: FastifyReply, { html, policy }: WholePage): FastifyReply {
  return reply.headers({ ...PRIVATE, 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy }).send(html);
}

const FILES = {
  pdf: { type: 'application/pdf', draw: async () => (await import('./pdf/draw.ts')).drawDocument },
  pptx: {
    type: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
    draw: async () => (await import('./pptx/draw.ts')).drawSlides,
  },
} as const;

/** Draws one face of a document and sends it. */
export async function sendFace(
  runtime: Runtime,
  reply: FastifyReply,
  face: Face,
  content: Content,
  showing: Showing,
): Promise<FastifyReply> {
  if (face === 'page') return sendPage(reply, documentPage(content, showing));
  if (face === 'deck') return sendPage(reply, deckPage(content, showing));
  const { companyId, download } = showing;
  const found = await runtime.database.read(companyId, (tx) => pictureBytes(tx, companyId, picturesOf(content)));
  const { type, draw } = FILES[face];
  const bytes = await (await draw())(content, new Map([...found].map(([picture, one]) => [picture, one.bytes])));
  return reply
    .headers({
      ...PRIVATE,
      'content-type': type,
      'content-length': bytes.length,
      'content-disposition': `${download || face === 'pptx' ? 'attachment' : 'inline'}; filename="${fileNameOf(content.title, content.at, face)}"`,
    })
    .send(bytes);
}
