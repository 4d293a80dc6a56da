import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { Forbidden, Unauthenticated } from '#core/errors.ts';
import type { Runtime } from '#core/runtime.ts';

const digest = (text: string) => createHash('sha256').update(text).digest();

/**
 * For a cron elsewhere that wakes a sleeping host: `Authorization: Bearer <CRON_SECRET>` or `x-cron-secret`. What is due is found
 * without it, too, so that a lost tick loses nothing. A raw route, because its credential is no user's.
 */
export function serveTick(http: FastifyInstance, runtime: Runtime): void {
  http.post('/api/system/tick', (request) => {
    const secret = runtime.config.CRON_SECRET;
    if (secret === undefined) throw new Forbidden('Set CRON_SECRET to let an outside cron call this');
    const header = request.headers['x-cron-secret'];
    const given = typeof header === 'string' ? header : /^bearer +(.+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (given === undefined || !timingSafeEqual(digest(given), digest(secret.reveal())))
      throw new Unauthenticated('Send the CRON_SECRET: Authorization: Bearer …');
    runtime.engine.nudge();
    return { status: 'ok', time: runtime.clock.now() };
  });
}
