import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { newId } from '#core/ids.ts';
import { understoodIn } from '#core/language.ts';
import { hasRoom, openLimiter } from '#core/operation/limit.ts';
import type { Runtime } from '#core/runtime.ts';
import { missingPage, PAGE_POLICY } from '../unsubscribe/page.ts';
import { machineByItself } from './agents.ts';
import { recordHit, type Hit } from './record.ts';
import { readPixel, readTrackedUrl } from './tokens.ts';

/**
 * Hits of a message that are counted in a minute. By message, not by address: mail services load pictures for millions from a few. More are
 * answered all the same: nobody is kept from what they wanted to read.
 */
const COUNTED_PER_MINUTE = 60;

/** The smallest picture there is: one transparent pixel. */
const PIXEL = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

const PRIVATE = { 'cache-control': 'no-store, private', 'referrer-policy': 'no-referrer', 'x-robots-tag': 'noindex' };

/** `/o/{word}.gif` shows a pixel, `/c/{word}?u=` leads on to the address that was signed with it, and to no other. A GET changes nothing but a count. */
export function trackingRoutes(http: FastifyInstance, runtime: Runtime): void {
  const limiter = openLimiter(COUNTED_PER_MINUTE);
  const count = async (request: FastifyRequest, hit: Omit<Hit, 'id' | 'agent' | 'machine' | 'at'>): Promise<void> => {
    // A HEAD asks whether something is there; nobody reads by it.
    if (request.method !== 'GET' || !hasRoom(limiter, hit.messageId)) return;
    const agent = request.headers['user-agent'] ?? null;
    const whole = { ...hit, id: newId(), agent, machine: machineByItself(request.method, request.headers), at: runtime.clock.now() };
    try {
      await runtime.database.write(hit.companyId, (tx) => recordHit(tx, whole));
    } catch (error) {
      runtime.log.warn({ err: error }, 'an opening or a click could not be counted');
    }
  };

  http.get<{ Params: { word: string } }>('/o/:word', async (request, reply) => {
    const found = readPixel(runtime.secrets, request.params.word);
    if (found !== null) await count(request, { ...found, kind: 'open', link: null, url: null });
    return reply.headers({ ...PRIVATE, 'content-type': 'image/gif' }).send(PIXEL);
  });

  http.get<{ Params: { word: string }; Querystring: Record<string, unknown> }>('/c/:word', async (request, reply) => {
    const target = request.query['u'];
    const found = typeof target === 'string' ? readTrackedUrl(runtime.secrets, request.params.word, target) : null;
    if (found === null || typeof target !== 'string') return missing(request, reply);
    const { link, ...message } = found;
    await count(request, { ...message, kind: 'click', link, url: link === 0 ? null : target });
    return link === 0
      ? missing(request, reply)
      : reply
          .code(302)
          .headers({ ...PRIVATE, location: new URL(target).href })
          .send();
  });
}

function missing({ headers: { 'accept-language': browser } }: Pick<FastifyRequest, 'headers'>, reply: FastifyReply): FastifyReply {
  const headers = { ...PRIVATE, 'content-type': 'text/html; charset=utf-8', 'content-security-policy': PAGE_POLICY };
  return reply
    .code(404)
    .headers(headers)
    .send(missingPage(understoodIn({ browser })));
}
