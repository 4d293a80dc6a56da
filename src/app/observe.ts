import type { FastifyInstance, FastifyRequest } from 'fastify';
import { counters } from '#core/telemetry/metrics.ts';
import { beginSpan, readTraceparent, tracingOn, withinSpan, type OpenSpan } from '#core/telemetry/tracing.ts';

const spans = new WeakMap<FastifyRequest, OpenSpan>();

/**
 * Counts requests, and where traces are exported begins one for each: a span of the server by the semantic conventions, with the route and never the address,
 * which may hold tokens and names. A caller's own trace goes on.
 */
export function observeRequests(http: FastifyInstance): void {
  http.addHook('onRequest', (request, _reply, done) => {
    if (!tracingOn()) return done();
    const route = request.routeOptions.url ?? 'unknown';
    const span = beginSpan({
      name: `${request.method} ${route}`,
      kind: 'server',
      parent: readTraceparent(request.headers.traceparent),
      attributes: {
        'http.request.method': request.method,
        'http.route': route,
        'url.scheme': request.protocol,
        'steward.request.id': request.id,
      },
    });
    if (span === null) return done();
    spans.set(request, span);
    withinSpan(span, done);
  });
  http.addHook('onResponse', (request, reply, done) => {
    const { statusCode } = reply;
    counters.add('steward_http_requests_total', 1, { method: request.method, status: `${Math.floor(statusCode / 100)}xx` });
    counters.add('steward_http_request_seconds_total', reply.elapsedTime / 1_000);
    const span = spans.get(request);
    span?.set({ 'http.response.status_code': statusCode });
    span?.end(statusCode >= 500 ? Object.assign(new Error('failed'), { code: String(statusCode) }) : undefined);
    done();
  });
}
