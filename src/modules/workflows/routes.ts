import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Json } from '#core/engine/types.ts';
import { InvalidInput, NotFound } from '#core/errors.ts';
import type { Runtime } from '#core/runtime.ts';
import { Hooks } from './hooks.ts';

const BODY_LIMIT = 262_144;
/** Names that senders give their deliveries: ours and the common ones. */
const DELIVERY_HEADERS = ['idempotency-key', 'webhook-id', 'x-github-delivery'] as const;

/** `POST /hooks/<token>`: any body; answered once it is committed. The token is the credential, so nothing else is asked. */
export function hookRoutes(http: FastifyInstance, runtime: Runtime): void {
  const hooks = new Hooks(runtime);
  http.removeAllContentTypeParsers();
  http.addContentTypeParser('*', { parseAs: 'string', bodyLimit: BODY_LIMIT }, (_request, body, done) => done(null, body));
  http.post<{ Params: { token: string } }>('/hooks/:token', { bodyLimit: BODY_LIMIT }, async (request, reply) => {
    const known = await hooks.receive({ token: request.params.token, body: bodyOf(request), delivery: deliveryOf(request) });
    if (!known) throw new NotFound('There is no such hook; its address is on the page of its workflow');
    return reply.status(202).send({ accepted: true });
  });
}

function deliveryOf(request: FastifyRequest): string | null {
  for (const name of DELIVERY_HEADERS) {
    const value = request.headers[name];
    if (typeof value === 'string' && value !== '') return value.slice(0, 200);
  }
  return null;
}

/** JSON where the sender says so, a form as an object, else text. @throws InvalidInput JSON that is none, or text that PostgreSQL can't keep */
function bodyOf(request: FastifyRequest): Json {
  const text = typeof request.body === 'string' ? request.body : '';
  if (text === '') return null;
  const type = request.headers['content-type'] ?? '';
  const body = type.includes('json')
    ? parse(text)
    : type.startsWith('application/x-www-form-urlencoded')
      ? Object.fromEntries(new URLSearchParams(text))
      : text;
  if (!storable(body))
    throw new InvalidInput('The body holds a NUL or half a character, which can’t be stored', {
      fields: [{ path: 'body', message: 'NUL or lone surrogate' }],
    });
  return body;
}

function parse(text: string): Json {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InvalidInput('The body is not JSON, though its content type says so', {
      fields: [{ path: 'body', message: 'not JSON' }],
      cause,
    });
  }
}

function storable(value: Json): boolean {
  if (typeof value === 'string') return !value.includes('\u0000') && value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  return Array.isArray(value) ? value.every(storable) : Object.entries(value).every(([key, one]) => storable(key) && storable(one));
}
