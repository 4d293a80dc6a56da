import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError, Conflict, NotFound, TooManyRequests } from '#core/errors.ts';
import { SignatureRefused, SIGNATURE_REASONS } from '#core/connector/signatures/refused.ts';
import type { Runtime } from '#core/runtime.ts';
import { publicUrl } from '#modules/accounts/public.ts';
import { readBody, readQuery, tellingHeaders } from './body.ts';
import { outcomeOf } from './outcome.ts';
import { Hooks, type Received } from './receive.ts';

/** The most that any hook may be set to. */
const BODY_LIMIT = 1_048_576;
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
/** Names that senders give their deliveries: ours and the common ones. */
const DELIVERY_HEADERS = ['idempotency-key', 'webhook-id', 'svix-id', 'x-github-delivery', 'x-shopify-webhook-id'] as const;

/** The body is longer than this hook takes. */
export class BodyTooLarge extends AppError {
  readonly code = 'body_too_large';
  readonly status = 413;
}
/** This hook does not take that method. */
export class MethodRefused extends AppError {
  readonly code = 'method_refused';
  readonly status = 405;
}

/** `/hooks/<token>`: any body; answered once it is committed. The token is the credential; a hook may ask for a signature beside it. */
export function hookRoutes(http: FastifyInstance, runtime: Runtime): void {
  const hooks = new Hooks(runtime);
  http.removeAllContentTypeParsers();
  http.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_LIMIT }, (_request, body, done) => done(null, body));
  http.route<{ Params: { token: string } }>({
    method: [...METHODS],
    url: '/hooks/:token',
    bodyLimit: BODY_LIMIT,
    exposeHeadRoute: false,
    handler: async (request, reply) => answer(runtime, request, reply, await hooks.receive(incoming(runtime, request))),
  });
}

function incoming(runtime: Runtime, request: FastifyRequest<{ Params: { token: string } }>) {
  const rawBody = request.body instanceof Uint8Array ? request.body : new Uint8Array();
  const query = readQuery(request.url.split('?')[1] ?? '');
  return {
    token: request.params.token,
    method: request.method,
    url: `${publicUrl(runtime.config)}${request.url}`,
    headers: request.headers,
    rawBody,
    query,
    body: readBody(rawBody, request.headers['content-type'] ?? ''),
    telling: tellingHeaders(request.headers),
    delivery: deliveryOf(request),
  };
}

function deliveryOf(request: FastifyRequest): string | null {
  for (const name of DELIVERY_HEADERS) {
    const value = request.headers[name];
    if (typeof value === 'string' && value !== '') return value.slice(0, 200);
  }
  return null;
}

async function answer(runtime: Runtime, request: FastifyRequest, reply: FastifyReply, received: Received): Promise<FastifyReply> {
  const { verdict } = received;
  switch (verdict) {
    case 'unknown':
      throw new NotFound('There is no such hook; its address is on the page of its workflow');
    case 'unsigned':
    case 'stale':
    case 'mismatch':
      throw new SignatureRefused(SIGNATURE_REASONS[verdict]);
    case 'method':
      reply.header('allow', received.methods.join(', '));
      throw new MethodRefused(`This hook takes ${received.methods.join(', ')}, not ${request.method}`);
    case 'too_large':
      throw new BodyTooLarge(`The body is longer than the ${received.maxBytes.toLocaleString('en')} bytes that this hook takes`);
    case 'too_many':
      throw new TooManyRequests(`Too many requests at this hook. Try again in ${received.retryAfterS} s`, {
        retryAfterS: received.retryAfterS,
      });
    case 'off':
      throw new Conflict('The workflow of this hook is switched off: nothing was started');
    case 'test':
      return reply.status(202).send({ accepted: true, test: true });
    case 'accepted':
      return accepted(runtime, request, reply, received);
  }
}

async function accepted(runtime: Runtime, request: FastifyRequest, reply: FastifyReply, { waitFor }: Received): Promise<FastifyReply> {
  if (waitFor === null) return reply.status(202).send({ accepted: true });
  const gone = new AbortController();
  request.raw.once('close', () => (request.raw.complete ? undefined : gone.abort()));
  const { runId, state, outcome, output } = await outcomeOf(runtime, waitFor, gone.signal);
  const body = { accepted: true, run_id: runId, state, outcome, output };
  if (state === 'done') return reply.status(200).send(body);
  return reply.status(state === 'failed' || state === 'cancelled' ? 500 : 202).send(body);
}
