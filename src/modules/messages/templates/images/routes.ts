import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Runtime } from '#core/runtime.ts';
import { readImageWord } from './address.ts';
import { imageBytes } from './keep.ts';
import { ENDINGS } from './picture.ts';

/** Never sniffed, never run, whatever the bytes hold; the same for ever under one address, and shown in pages of other places: mail is. */
const HEADERS = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "sandbox; default-src 'none'",
  'cross-origin-resource-policy': 'cross-origin',
  'cache-control': 'public, max-age=31536000, immutable',
  'x-robots-tag': 'noindex',
};

/** `/i/{word}/{name}`: a picture of a template, for the readers of mails. */
export function imageRoutes(http: FastifyInstance, runtime: Runtime): void {
  http.get<{ Params: { word: string; name: string } }>('/i/:word/:name', async (request, reply) => {
    const shown = readImageWord(runtime.secrets, request.params.word);
    if (shown === null) return missing(reply);
    const found = await runtime.database.read(shown.companyId, (tx) => imageBytes(tx, shown));
    if (found === null || ENDINGS[found.contentType] === undefined) return missing(reply);
    return reply.headers({ ...HEADERS, 'content-type': found.contentType }).send(found.content);
  });
}

function missing(reply: FastifyReply): FastifyReply {
  return reply
    .code(404)
    .headers({ 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' })
    .send('There is no such picture');
}
