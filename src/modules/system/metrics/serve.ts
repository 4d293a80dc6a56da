import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isLoopback } from '#core/connector/loopback.ts';
import { Forbidden, Unauthenticated } from '#core/errors.ts';
import type { Runtime } from '#core/runtime.ts';
import { exposition } from '#core/telemetry/metrics.ts';
import { readMetrics } from './read.ts';

const digest = (text: string) => createHash('sha256').update(text).digest();

/** For Prometheus: `Authorization: Bearer <METRICS_TOKEN>`; without that setting, from this machine alone. A raw route, because its answer is no JSON and its reader no user. */
export function serveMetrics(http: FastifyInstance, runtime: Runtime): void {
  http.get('/metrics', async (request, reply) => {
    allow(request, runtime);
    const text = exposition(await readMetrics(runtime.system, runtime.clock.now()));
    return reply.type('text/plain; version=0.0.4; charset=utf-8').header('cache-control', 'no-store').send(text);
  });
}

/** @throws Unauthenticated, Forbidden */
function allow(request: FastifyRequest, { config }: Runtime): void {
  const token = config.METRICS_TOKEN;
  if (token === undefined) {
    // The socket's own address: what a proxy says of others does not count here. A proxy on this machine makes everybody look local, so it needs the token.
    if (config.TRUST_PROXY || request.headers['x-forwarded-for'] !== undefined || !isLoopback(request.socket.remoteAddress ?? ''))
      throw new Forbidden('Only this machine may read the metrics; set METRICS_TOKEN to let others');
    return;
  }
  const given = /^bearer +(.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (given === undefined || !timingSafeEqual(digest(given), digest(token.reveal())))
    throw new Unauthenticated('Send the METRICS_TOKEN: Authorization: Bearer …');
}
