import cookie from '@fastify/cookie';
import { fastify, LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { newId } from '#core/ids.ts';
import type { Module } from '#core/module.ts';
import { openLimiter } from '#core/operation/limit.ts';
import { serveMcp } from '#core/operation/mcp.ts';
import { answerErrors, serveRest } from '#core/operation/rest.ts';
import type { Runtime } from '#core/runtime.ts';
import { observeRequests } from './observe.ts';
import { markAsDemo } from './demo/watermark.ts';
import { serveDocs } from './docs.ts';
import { RequestLog } from './request-log.ts';
import { serveWeb } from './web.ts';

const BODY_LIMIT = 1_048_576;
/** Longer than any proxy in front keeps an idle connection, so that it is never we who cut a request in flight. */
const KEEP_ALIVE_MS = 75_000;

interface HttpParts {
  readonly runtime: Runtime;
  readonly modules: readonly Module[];
  readonly webRoot: string;
  readonly version: string;
}

/** Everything that answers on the port. */
export async function openHttp({ runtime, modules, webRoot, version }: HttpParts): Promise<FastifyInstance> {
  const { config } = runtime;
  const loggerInstance: FastifyBaseLogger = runtime.log;
  const http = fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: config.TRUST_PROXY,
    bodyLimit: BODY_LIMIT,
    keepAliveTimeout: KEEP_ALIVE_MS,
    childLoggerFactory: (parent, bindings) => new RequestLog(parent, bindings),
    genReqId: () => newId(),
    routerOptions: { maxParamLength: 500, ignoreTrailingSlash: true },
    forceCloseConnections: 'idle',
  });
  answerErrors(http);
  http.addHook('onSend', async (request, reply) => {
    reply.headers({ 'x-request-id': request.id, 'x-content-type-options': 'nosniff', 'referrer-policy': 'same-origin' });
    if (config.STEWARD_PUBLIC_URL?.startsWith('https:') === true) reply.header('strict-transport-security', 'max-age=31536000');
  });
  observeRequests(http);
  if (config.demo) markAsDemo(http);
  await http.register(cookie);
  const operations = modules.flatMap((module) => module.operations);
  const limiter = openLimiter(config.RATE_LIMIT_PER_MINUTE);
  await serveRest(http, runtime, operations, runtime.authenticate, limiter);
  serveMcp(http, { runtime, operations, limiter, version });
  for (const module of modules) {
    await http.register(async (scope) => {
      await module.routes?.(scope, runtime);
    });
  }
  await serveDocs(http, operations, config.STEWARD_PUBLIC_URL ?? '/', version);
  await serveWeb(http, webRoot);
  return http;
}
