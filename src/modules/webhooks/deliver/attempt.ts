import { guardedFetch } from '#core/net/guarded-fetch.ts';
import { AppError } from '#core/errors.ts';
import { retryAfterS } from '#core/connector/retry-after.ts';
import type { Statement } from '#core/database/database.ts';
import { redactFields, redactHeaders } from '#core/connector/redact-fields.ts';
import type { Facts, Json } from '#core/engine/types.ts';
import type { Runtime } from '#core/runtime.ts';
import { Secret } from '#core/secrets.ts';
import { signatureHeaders } from './sign.ts';

/** A receiver that needs longer should take it and work later. */
const TIMEOUT_MS = 15_000;
const MOST_BYTES = 16_384;
const SHOWN_CHARACTERS = 2_000;

/** One call and what came of it. */
export interface Attempt {
  readonly deliveryId: string;
  readonly companyId: string;
  readonly endpointId: string;
  readonly at: Date;
  readonly ms: number;
  readonly status: number | null;
  readonly error: string | null;
  /** It is no use to ask again: the receiver is gone (410), or the address may not be asked. */
  readonly final: boolean;
  readonly retryAfterS: number | undefined;
  readonly request: Facts;
  readonly response: Facts | null;
}

export interface Job {
  readonly id: string;
  readonly company_id: string;
  readonly endpoint_id: string;
  readonly message_id: string;
  readonly attempts: number;
  readonly body: string;
  readonly url: string;
  readonly sealed_secret: string;
  readonly sealed_previous: string | null;
  readonly previous_until: Date | null;
}

const JOB: Statement = {
  name: 'webhooks.job',
  text: `select d.id, d.company_id, d.endpoint_id, d.message_id, d.attempts, m.body, e.url, e.sealed_secret, e.sealed_previous, e.previous_until
           from webhook_deliveries d join webhook_messages m on m.id = d.message_id join webhook_endpoints e on e.id = d.endpoint_id
          where d.company_id = $1 and d.id = $2`,
};

/** Null: it was deleted with its endpoint. */
export async function loadJob(runtime: Runtime, companyId: string, deliveryId: string): Promise<Job | null> {
  const [job] = await runtime.system.read((tx) => tx.query<Job>(JOB, [companyId, deliveryId]));
  return job ?? null;
}

export const contextOf = (endpointId: string) => `webhook ${endpointId}`;

/** Asks the endpoint once. Never throws: whatever happens is the attempt's result. */
export async function attempt(runtime: Runtime, job: Job, signal: AbortSignal): Promise<Attempt> {
  const at = runtime.clock.now();
  const began = performance.now();
  const made = {
    deliveryId: job.id,
    companyId: job.company_id,
    endpointId: job.endpoint_id,
    at,
    status: null,
    final: false,
    retryAfterS: undefined,
    request: {},
    response: null,
  };
  try {
    const previous = job.sealed_previous !== null && job.previous_until !== null && job.previous_until > at ? [job.sealed_previous] : [];
    const secrets = [job.sealed_secret, ...previous].map((sealed) => new Secret(runtime.secrets.open(sealed, contextOf(job.endpoint_id))));
    const id = `msg_${job.message_id}`;
    const headers = {
      'content-type': 'application/json',
      'user-agent': `Steward/${runtime.version} (webhooks)`,
      ...signatureHeaders(id, at, job.body, secrets),
    };
    const request = { url: withoutQuery(job.url), headers: { ...headers, 'webhook-signature': secrets.map(() => 'v1,…').join(' ') } };
    try {
      const answer = await guardedFetch(
        job.url,
        {
          method: 'POST',
          headers,
          body: job.body,
          timeoutMs: TIMEOUT_MS,
          maxBytes: MOST_BYTES,
          cut: true,
          redirects: 0,
          repeat: 'safe',
          signal,
        },
        runtime.config,
      );
      const ms = Math.round(performance.now() - began);
      const taken = answer.status >= 200 && answer.status < 300;
      return {
        ...made,
        request,
        ms,
        status: answer.status,
        error: taken ? null : faultOf(answer.status),
        final: answer.status === 410,
        retryAfterS: retryAfterS(answer.headers.get('retry-after'), at.getTime()),
        response: {
          headers: redactHeaders(Object.fromEntries([...answer.headers].map(([name, value]) => [name, storable(value)]))),
          body: shownBody(answer.text),
        },
      };
    } catch (error) {
      return { ...made, request, ...faultFrom(error, began) };
    }
  } catch (error) {
    return { ...made, ...faultFrom(error, began) };
  }
}

function faultFrom(error: unknown, began: number) {
  const says = error instanceof Error ? error.message : String(error);
  return {
    ms: Math.round(performance.now() - began),
    error: storable(says).slice(0, 500),
    final: error instanceof AppError && error.code === 'address_not_allowed',
  };
}

function faultOf(status: number): string {
  if (status === 410) return 'It answered 410 Gone: it wants nothing any more';
  if (status >= 300 && status < 400) return `It answered ${status}, a redirect; give the address that it leads to`;
  return `It answered ${status}; anything from 200 to 299 would have been a yes`;
}

/** What stands behind the question mark is often a key. */
function withoutQuery(url: string): string {
  const [path = '', query] = url.split('?');
  return query === undefined ? path : `${path}?…`;
}

/** The beginning of it; of JSON without its secrets. */
function shownBody(text: string): string {
  try {
    const parsed: Json = JSON.parse(text);
    return storable(JSON.stringify(redactFields(parsed))).slice(0, SHOWN_CHARACTERS);
  } catch {
    return storable(text).slice(0, SHOWN_CHARACTERS);
  }
}

/** PostgreSQL keeps no NUL and no half of a character. */
const storable = (text: string) => text.replaceAll('\u0000', '').toWellFormed();
