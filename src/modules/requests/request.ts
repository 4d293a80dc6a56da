import { connectionById, markRejected, unlock } from '#modules/connections/public.ts';
import { z } from 'zod';
import { CredentialsRejected, MaybeDone, VendorRefused, VendorUnavailable } from '#core/connector/errors.ts';
import { retryAfterS } from '#core/connector/retry-after.ts';
import type { Turn } from '#core/connector/turns.ts';
import type { HttpAccess } from '#core/connector/types.ts';
import { factsFor } from '#core/engine/facts.ts';
import type { Json, RunView } from '#core/engine/types.ts';
import { InvalidInput } from '#core/errors.ts';
import { guardedFetch, type GuardedAnswer } from '#core/net/guarded-fetch.ts';
import type { Runtime } from '#core/runtime.ts';
import { inChildSpan } from '#core/telemetry/tracing.ts';
import { fill, fillAddress, fillAll } from './fill.ts';
import { isRepeatable, type HttpInput } from './input.ts';

/** A request with its values drawn, without credentials: what the ledger keeps. */
export const Drawn = z.object({
  method: z.string(),
  url: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.string().nullable(),
  connectionId: z.string().nullable(),
  answers: z.enum(['good', 'any']),
  repeatable: z.boolean(),
  redirects: z.boolean(),
  timeoutMs: z.int(),
  maxBytes: z.int(),
});
export type Drawn = z.output<typeof Drawn>;

/** @throws UnresolvedVariable, BrokenTemplate, InvalidInput */
export function drawRequest(run: RunView, input: HttpInput): Drawn {
  const facts = factsFor(run);
  const url = URL.parse(fillAddress(input.url, facts).trim());
  if (url === null)
    throw new InvalidInput(`The address of the request is none once it is filled in; it must look like https://example.com/path`);
  for (const [name, value] of Object.entries(fillAll(input.query, facts))) url.searchParams.append(name, value);
  const headers = fillAll(input.headers, facts);
  const [type, body] = bodyOf(input, facts);
  if (type !== null && !Object.keys(headers).some((name) => name.toLowerCase() === 'content-type')) headers['content-type'] = type;
  if (input.keyHeader !== undefined) headers[input.keyHeader] = run.key;
  return {
    method: input.method,
    url: url.href,
    headers,
    body,
    connectionId: input.connectionId ?? null,
    answers: input.answers,
    repeatable: isRepeatable(input) || input.keyHeader !== undefined,
    redirects: input.redirects,
    timeoutMs: input.timeoutS * 1_000,
    maxBytes: input.maxKb * 1_000,
  };
}

function bodyOf(input: HttpInput, facts: ReturnType<typeof factsFor>): [type: string | null, body: string | null] {
  if (input.json !== undefined) return ['application/json', JSON.stringify(fill(input.json, facts))];
  if (input.form !== undefined) return ['application/x-www-form-urlencoded', new URLSearchParams(fillAll(input.form, facts)).toString()];
  return input.text === undefined ? [null, null] : ['text/plain; charset=utf-8', String(fill(input.text, facts))];
}

const NO_ACCESS: OpenAccess = { hosts: [], headers: {}, query: {}, secrets: [], turn: undefined };

interface OpenAccess extends HttpAccess {
  /** Where the connection has a rate limit. */
  readonly turn: Turn | undefined;
}

/**
 * Sends it with the credentials of its connection. Answers what the run keeps.
 * @throws AddressNotAllowed, VendorRefused (final), VendorUnavailable, CredentialsRejected, MaybeDone
 */
export async function carryOut(companyId: string, drawn: Drawn, runtime: Runtime, signal: AbortSignal): Promise<{ [key: string]: Json }> {
  const access = drawn.connectionId === null ? NO_ACCESS : await accessOf(companyId, drawn.connectionId, runtime);
  const url = new URL(drawn.url);
  const known = drawn.connectionId === null || access.hosts.some((host) => fits(url, host));
  if (!known) throw new VendorRefused(`The credentials are for ${access.hosts.join(', ')}; they are not sent to ${url.host}`);
  for (const [name, value] of Object.entries(access.query)) url.searchParams.set(name, value);
  await access.turn?.wait();
  const answer = await inChildSpan(
    { name: drawn.method, kind: 'client', attributes: { 'http.request.method': drawn.method, 'server.address': url.hostname } },
    async (span) => {
      const got = await guardedFetch(
        url.href,
        {
          method: drawn.method,
          headers: { ...drawn.headers, ...access.headers },
          ...(drawn.body === null ? {} : { body: drawn.body }),
          timeoutMs: drawn.timeoutMs,
          maxBytes: drawn.maxBytes,
          redirects: drawn.redirects ? 5 : 0,
          repeat: drawn.repeatable ? 'safe' : 'unsafe',
          // What came of an act is known by its status: that its answer is too long changes nothing about it.
          cut: !drawn.repeatable,
          signal,
        },
        runtime.config,
      );
      span?.set({ 'http.response.status_code': got.status });
      return got;
    },
  );
  const hide = (text: string) => access.secrets.reduce((shown, secret) => (secret === '' ? shown : shown.replaceAll(secret, '•••')), text);
  if (answer.status === 429 || answer.status === 503) await access.turn?.hold(retryAfterS(answer.headers.get('retry-after')) ?? 0);
  if (drawn.answers === 'good') await refuseBad(companyId, drawn, answer, hide(excerpt(answer)), runtime);
  return {
    status: answer.status,
    headers: Object.fromEntries([...answer.headers].filter(([name]) => name !== 'set-cookie').map(([name, value]) => [name, hide(value)])),
    body: bodyIn(hide(answer.text), answer.headers.get('content-type') ?? ''),
    url: hide(answer.url),
  };
}

async function accessOf(companyId: string, connectionId: string, runtime: Runtime): Promise<OpenAccess> {
  const row = await runtime.database.read(companyId, (tx) => connectionById(tx, companyId, connectionId));
  if (row === undefined) throw new VendorRefused('The connection of this request is gone; choose another one in the step');
  const { connector, credentials, options } = await unlock(runtime, row);
  const access = connector.access?.(credentials);
  if (access === undefined)
    throw new VendorRefused(`${connector.title} gives no credentials for requests; connect “Any web service” for that`);
  return { ...access, turn: options.turn };
}

function fits(url: URL, host: string): boolean {
  const [name = '', port] = host.split(':');
  if (port !== undefined && port !== (url.port || (url.protocol === 'https:' ? '443' : '80'))) return false;
  return name.startsWith('*.') ? url.hostname.endsWith(name.slice(1)) : url.hostname === name;
}

async function refuseBad(companyId: string, drawn: Drawn, answer: GuardedAnswer, says: string, runtime: Runtime): Promise<void> {
  const { status } = answer;
  if (status < 400) return;
  const { host } = new URL(drawn.url);
  const message = `${host} answered ${status}${says === '' ? '' : `: ${says}`}`;
  if (status === 401 && drawn.connectionId !== null) {
    const { connectionId } = drawn;
    await runtime.system.write((tx) => markRejected(tx, companyId, connectionId, message));
    throw new CredentialsRejected(message);
  }
  if (status === 429 || status === 503) {
    const wait = retryAfterS(answer.headers.get('retry-after'));
    throw new VendorUnavailable(message, wait === undefined ? {} : { retryAfterS: wait });
  }
  if (status >= 500 || status === 408 || status === 425) throw drawn.repeatable ? new VendorUnavailable(message) : new MaybeDone(message);
  throw new VendorRefused(message);
}

function excerpt(answer: GuardedAnswer): string {
  return answer.text.replace(/\s+/g, ' ').trim().slice(0, 300);
}

function bodyIn(text: string, type: string): Json {
  const json = /[/+]json\b/i.test(type) || /^\s*[[{]/.test(text);
  if (!json) return storable(text);
  try {
    // what JSON.parse answers is JSON
    return JSON.parse(storable(text)) as Json;
  } catch {
    return storable(text);
  }
}

/** jsonb holds no NUL, written or escaped. */
function storable(text: string): string {
  return text.replaceAll('\u0000', '').replaceAll('\\u0000', '');
}
