import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { MaybeDone, VendorRefused, VendorUnavailable } from '#core/connector/errors.ts';
import { AppError, InvalidInput } from '#core/errors.ts';
import { AddressNotAllowed, checkAddresses, checkUrl, hostOf, type NetPolicy } from './addresses.ts';
import { exchange, TooLong, type Exchanged } from './exchange.ts';

export interface GuardedRequest {
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** The whole exchange with all redirects, in milliseconds. Default 30,000. */
  readonly timeoutMs?: number;
  /** Largest answer in bytes, unpacked. Default 1 MB. */
  readonly maxBytes?: number;
  /** A longer answer is cut there instead of being an error. Default false. */
  readonly cut?: boolean;
  /** How many are followed. Default 0: the redirect is the answer. */
  readonly redirects?: number;
  /** May the same call be made twice? Then a lost answer is VendorUnavailable, else MaybeDone. Default: GET, HEAD and OPTIONS may. */
  readonly repeat?: 'safe' | 'unsafe';
  readonly signal?: AbortSignal;
}

export interface GuardedAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
  readonly text: string;
  /** The answer was longer; this is its beginning. */
  readonly truncated: boolean;
  /** The address that answered, after redirects. */
  readonly url: string;
}

/** What an installation allows, as its config says it (`ALLOWED_INTERNAL_HOSTS`). */
export interface Guard extends NetPolicy {
  /** All addresses of a host, for tests. Default: the system's resolver. */
  readonly resolve?: (host: string) => Promise<readonly string[]>;
}

const METHODS = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'];
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);
/** They belong to the connection, or would let one request be read as two. */
const OURS = /^(host|content-length|transfer-encoding|connection|keep-alive|upgrade|te|trailer|expect|accept-encoding|proxy-.*)$/i;
/** What may travel to another host; whatever else a caller set may be a credential. */
const HARMLESS = /^(accept|accept-language|content-type|user-agent)$/i;

interface Hop {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
}

/**
 * A request to an address that a user or a stranger chose. Each hop: http or https only, its host resolved once, every address checked, and the
 * socket pinned to what was checked, so that no later answer of a name server counts. Redirects are followed by hand, under the same checks;
 * headers stay behind when the origin changes, and https never becomes http.
 *
 * @throws AddressNotAllowed or VendorRefused (final), VendorUnavailable: nothing was asked, or it may be asked again; MaybeDone: the answer was lost
 */
export async function guardedFetch(address: string, request: GuardedRequest, guard: Guard): Promise<GuardedAnswer> {
  const method = request.method.toUpperCase();
  if (!METHODS.includes(method)) throw new InvalidInput(`The method must be one of ${METHODS.join(', ')}`);
  const timeoutMs = request.timeoutMs ?? 30_000;
  const deadline = AbortSignal.timeout(timeoutMs);
  const signal = request.signal === undefined ? deadline : AbortSignal.any([deadline, request.signal]);
  const { maxBytes = 1_000_000, cut = false, redirects = 0 } = request;
  const repeatable = (request.repeat ?? (SAFE.has(method) ? 'safe' : 'unsafe')) === 'safe';
  let mayHaveLeft = false;
  const left = () => {
    mayHaveLeft = true;
  };
  let hop: Hop = { url: urlOf(address), method, headers: headersOf(request), body: request.body };
  try {
    for (let followed = 0; ; followed++) {
      const { url } = hop;
      checkUrl(url, guard);
      const addresses = await resolved(url, guard, signal);
      const answer = await exchange(url, addresses, { ...hop, maxBytes, cut, signal, left });
      const next = redirects === 0 ? null : redirected(hop, answer);
      if (next === null) return answered(url, answer);
      if (followed >= redirects) throw new VendorRefused(`${url.host} redirects more than ${redirects} times`);
      hop = next;
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    if (error instanceof TooLong && repeatable) throw new VendorRefused(`${hop.url.host} answered more than ${maxBytes} bytes`);
    const says = deadline.aborted
      ? `did not answer within ${timeoutMs / 1_000} s`
      : request.signal?.aborted
        ? 'was not waited for'
        : faultOf(error);
    const message = error instanceof TooLong ? `${hop.url.host} answered more than ${maxBytes} bytes` : `${hop.url.host} ${says}`;
    throw mayHaveLeft && !repeatable ? new MaybeDone(message) : new VendorUnavailable(message);
  }
}

function urlOf(address: string): URL {
  const url = URL.parse(address);
  if (url === null) throw new AddressNotAllowed(`“${address.slice(0, 200)}” is no web address; it must look like https://example.com/path`);
  return url;
}

/** @throws InvalidInput a header that is not the caller's to set, or that is none */
function headersOf({ headers = {}, body }: GuardedRequest): Record<string, string> {
  const wrong = Object.keys(headers).find((name) => OURS.test(name));
  if (wrong !== undefined) throw new InvalidInput(`The header ${wrong} is set by Steward itself; leave it out`);
  const lower: Record<string, string> = { 'user-agent': 'Steward', accept: '*/*' };
  for (const [name, value] of Object.entries(headers)) {
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) throw new InvalidInput(`“${name.slice(0, 60)}” is no name of a header`);
    // oxlint-disable-next-line no-control-regex -- exactly these would end the header
    if (/[\u0000-\u0008\u000a-\u001f\u007f]|[^\u0000-\u00ff]/.test(value))
      throw new InvalidInput(`The header ${name} holds a line break or letters that a header can't`);
    lower[name.toLowerCase()] = value;
  }
  if (body !== undefined) lower['content-length'] = String(typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength);
  return lower;
}

/** Every address of the host, each one checked. A host that is an address itself is asked for nothing. */
async function resolved(url: URL, guard: Guard, signal: AbortSignal): Promise<readonly string[]> {
  const host = hostOf(url);
  const addresses = isIP(host) ? [host] : await unlessAborted((guard.resolve ?? systemResolve)(host), signal);
  checkAddresses(url, addresses, guard);
  return addresses;
}

async function systemResolve(host: string): Promise<readonly string[]> {
  return (await lookup(host, { all: true })).map((one) => one.address);
}

/** A name server that keeps silent has no means of being told to stop. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new Error('stopped'));
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

/** The next hop, as browsers take it (https://fetch.spec.whatwg.org/#http-redirect-fetch). Null: this is the answer. */
function redirected(hop: Hop, { status, headers }: Exchanged): Hop | null {
  const location = [301, 302, 303, 307, 308].includes(status) ? headers.get('location') : null;
  if (location === null) return null;
  const url = URL.parse(location, hop.url);
  if (url === null) throw new VendorRefused(`${hop.url.host} redirects to something that is no address`);
  if (hop.url.protocol === 'https:' && url.protocol === 'http:')
    throw new AddressNotAllowed(`${hop.url.host} redirects from https to http, where everyone could listen`);
  const drops =
    (status === 303 && hop.method !== 'HEAD' && hop.method !== 'GET') || ((status === 301 || status === 302) && hop.method === 'POST');
  const kept = Object.entries(hop.headers).filter(
    ([name]) =>
      (url.origin === hop.url.origin || HARMLESS.test(name) || name === 'content-length') && !(drops && name.startsWith('content-')),
  );
  return { url, method: drops ? 'GET' : hop.method, headers: Object.fromEntries(kept), body: drops ? undefined : hop.body };
}

function answered(url: URL, { status, headers, bytes, truncated }: Exchanged): GuardedAnswer {
  const charset = /charset="?([\w-]+)/i.exec(headers.get('content-type') ?? '')?.[1] ?? 'utf-8';
  return { status, headers, bytes, text: decoded(bytes, charset), truncated, url: url.href };
}

function decoded(bytes: Uint8Array, charset: string): string {
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}

/** Node's code for what went wrong, in words where there are some. */
function faultOf(error: unknown): string {
  const inner = error instanceof AggregateError ? error.errors[0] : error;
  const code = inner instanceof Error && 'code' in inner ? String(inner.code) : 'connection lost';
  switch (code) {
    case 'ENOTFOUND':
      return 'is not known to any name server';
    case 'ECONNREFUSED':
      return 'takes no connection there (ECONNREFUSED)';
    default:
      return `can't be reached (${code})`;
  }
}
