import formbody from '@fastify/formbody';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { InvalidInput, TooManyRequests } from '#core/errors.ts';
import type { Runtime } from '#core/runtime.ts';
import type { RequestInfo } from './context.ts';
import { execute } from './execute.ts';
import { allow, type Limiter } from './limit.ts';
import type { AnyOperation, HttpRoute } from './operation.ts';
import type { Principal } from './principal.ts';
import { toProblem } from './problem.ts';

/** What tells who is calling. Throws Unauthenticated for a credential that is bad; `public` when there is none. */
export type Authenticate = (request: FastifyRequest) => Principal | Promise<Principal>;

const UNSAFE = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);
const LONGEST_KEY = 255;

/** The REST face: one route an operation (and one each alias). */
export async function serveRest(
  http: FastifyInstance,
  runtime: Runtime,
  operations: readonly AnyOperation[],
  authenticate: Authenticate,
  limiter: Limiter,
): Promise<void> {
  await http.register(formbody);
  for (const operation of operations) {
    for (const route of [operation.http, ...(operation.aliases ?? [])]) {
      const { method, url } = toRoute(route);
      http.route({
        method,
        url,
        ...(operation.bodyLimit === undefined ? {} : { bodyLimit: operation.bodyLimit }),
        ...(operation.anyOrigin === true ? { onRequest: allowAnyOrigin } : {}),
        handler: (request, reply) => handle(runtime, operation, request, reply, authenticate, limiter),
      });
      if (operation.anyOrigin === true) servePreflight(http, method, url);
    }
  }
}

/** Without credentials: a foreign page gets what a stranger gets. Set before anything can fail, so that it can read the reason, too. */
const allowAnyOrigin = async (_request: FastifyRequest, reply: FastifyReply): Promise<void> => {
  reply.header('access-control-allow-origin', '*');
};

function servePreflight(http: FastifyInstance, method: string, url: string): void {
  http.options(url, (_request, reply) =>
    reply
      .code(204)
      .headers({
        'access-control-allow-origin': '*',
        'access-control-allow-methods': method,
        'access-control-allow-headers': 'content-type, idempotency-key',
        'access-control-max-age': '86400',
      })
      .send(),
  );
}

async function handle(
  runtime: Runtime,
  operation: AnyOperation,
  request: FastifyRequest,
  reply: FastifyReply,
  authenticate: Authenticate,
  limiter: Limiter,
) {
  const principal = await authenticate(request);
  allow(limiter, operation, principal, request.ip);
  const fromUrl = !UNSAFE.has(request.method) || request.method === 'DELETE';
  const form = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
  const answer = await execute(runtime, {
    operation,
    principal,
    request: requestInfo(request),
    input: inputOf(request, fromUrl),
    text: fromUrl || form,
    idempotencyKey: request.method === 'POST' ? idempotencyKey(request) : undefined,
    ifMatch: UNSAFE.has(request.method) ? ifMatch(request) : undefined,
  });
  reply.code(answer.status).headers(answer.headers);
  if (answer.replayed) reply.header('idempotent-replayed', 'true');
  return answer.body === null && answer.status === 204 ? reply.send() : reply.send(answer.body);
}

/** Path parameters name fields; the rest comes from the query (GET, DELETE) or the body. A field given twice must agree. */
function inputOf(request: FastifyRequest, fromUrl: boolean): unknown {
  const rest = fromUrl ? request.query : (request.body ?? {});
  if (typeof rest !== 'object' || rest === null || Array.isArray(rest)) throw new InvalidInput('The body must be a JSON object');
  const params = request.params;
  return typeof params === 'object' && params !== null ? { ...rest, ...params } : rest;
}

function idempotencyKey(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key !== 'string' || key.length === 0 || key.length > LONGEST_KEY) {
    throw new InvalidInput(`Idempotency-Key must have 1 to ${LONGEST_KEY} characters`, {
      fields: [{ path: 'idempotency-key', message: 'has the wrong length' }],
    });
  }
  return key;
}

/** RFC 9110, 13.1.1. `*` and no header mean: whatever is there. */
function ifMatch(request: FastifyRequest): number | undefined {
  const header = request.headers['if-match'];
  if (header === undefined || header === '*') return undefined;
  const version = Date.parse(/^"([0-9TZ:.+-]+)"$/.exec(header)?.[1] ?? '');
  return Number.isNaN(version) ? -1 : version; // a foreign tag matches no version
}

/** `GET /api/users/{user_id}` → Fastify's `/api/users/:user_id`. */
export function toRoute(route: HttpRoute): { method: string; url: string } {
  const [method = 'GET', path = '/'] = route.split(' ');
  return { method, url: path.replace(/\{(\w+)\}/g, ':$1') };
}

export function requestInfo(request: FastifyRequest, face: RequestInfo['face'] = faceOf(request)): RequestInfo {
  return { id: request.id, face, ip: request.ip, userAgent: request.headers['user-agent'] ?? null };
}

function faceOf(request: FastifyRequest): RequestInfo['face'] {
  const named = request.headers['x-steward-face'];
  return named === 'cli' || named === 'web' ? named : 'rest';
}

/** Every error of every route leaves as problem JSON; what is ours to fix is logged with its cause. */
export function answerErrors(http: FastifyInstance): void {
  http.setErrorHandler((error, request, reply) => {
    const problem = toProblem(error);
    if (problem.status >= 500) request.log.error({ err: error, url: request.url }, 'request failed');
    if (error instanceof TooManyRequests || (error instanceof Error && 'retryAfterS' in error && typeof error.retryAfterS === 'number')) {
      reply.header('retry-after', String(Reflect.get(error, 'retryAfterS') ?? 1));
    }
    return reply
      .code(problem.status)
      .type('application/problem+json')
      .send({ ...problem, request_id: request.id });
  });
}
