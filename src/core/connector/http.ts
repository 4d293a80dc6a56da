import type { z } from 'zod';
import type { AppError } from '#core/errors.ts';
import { CredentialsRejected, MaybeDone, VendorRefused, VendorUnavailable } from './errors.ts';
import { retryAfterS } from './retry-after.ts';
import { redactor } from './redact.ts';
import { inChildSpan, type OpenSpan } from '#core/telemetry/tracing.ts';
import type { RequestLog } from './request-log.ts';
import type { Turn } from './turns.ts';
import type { TokenSource } from './oauth/types.ts';
import type { Secret } from '#core/secrets.ts';

export interface VendorHttpOptions {
  /** Names the vendor in messages. */
  readonly vendor: string;
  readonly baseUrl: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Signed in by OAuth: each request carries the access token; one that the vendor does not take (401) is renewed once. */
  readonly tokens?: TokenSource | undefined;
  /** Texts that must never show in an error: keys, passwords. Values of credential headers are covered already. */
  readonly secrets?: readonly string[];
  /** Whole exchange, in milliseconds. Default 60,000. */
  readonly timeoutMs?: number;
  /** Largest answer in bytes. Default 10 MB. */
  readonly maxBytes?: number;
  /** Statuses that mean the credentials are no longer good. Default 401 and 403. */
  readonly rejected?: readonly number[];
  /** A vendor's own meaning of a 4xx, before the common one. `says` is its sentence, without secrets. */
  readonly refusal?: (status: number, body: unknown, says: string) => AppError | undefined;
  /** Each request waits for it, and a vendor that asks for quiet is left alone by every process. */
  readonly turn?: Turn | undefined;
  /** Each request is noted, without what was in it. */
  readonly log?: RequestLog | undefined;
  /** Answers all headers of a request that carries a signature of itself. */
  readonly sign?: (request: Unsigned) => Promise<Headers>;
  /** For tests; default is the global fetch. */
  readonly fetch?: typeof fetch;
}

/** A request before it is signed. */
export interface Unsigned {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer> | undefined;
}

/** What one request may add. */
export interface RequestOptions<Answer extends z.ZodType> extends CallOptions {
  /** The part of the answer that we rely on; the rest may change freely. */
  readonly answer: Answer;
}

interface CallOptions {
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  /**
   * May the same call be made twice? `safe`: a lost answer is VendorUnavailable. `unsafe`: it is MaybeDone.
   * Default: `safe` for GET, `unsafe` for the rest.
   */
  readonly repeat?: 'safe' | 'unsafe';
  /** Gets the headers of an answer below 300, for vendors that say something there. */
  readonly headersOf?: (headers: Headers) => void;
}

/**
 * Typed fetch for one vendor with one set of credentials. Throws only the four errors of `errors.ts`; follows no redirect, so that a
 * credential never travels to another host; an answer that is too long, no JSON or of another shape is an error. A body of
 * URLSearchParams goes as a form, bytes as they are, anything else as JSON.
 */
export interface VendorHttp {
  get<A extends z.ZodType>(path: string, options: RequestOptions<A>): Promise<z.output<A>>;
  post<A extends z.ZodType>(path: string, body: unknown, options: RequestOptions<A>): Promise<z.output<A>>;
  put<A extends z.ZodType>(path: string, body: unknown, options: RequestOptions<A>): Promise<z.output<A>>;
  patch<A extends z.ZodType>(path: string, body: unknown, options: RequestOptions<A>): Promise<z.output<A>>;
  delete<A extends z.ZodType>(path: string, options: RequestOptions<A>): Promise<z.output<A>>;
  /** The answer as it came, for files and what is no JSON. What it should be like is the caller's to see. */
  bytes(method: 'GET' | 'PUT' | 'DELETE', path: string, body: Uint8Array<ArrayBuffer> | undefined, options: CallOptions): Promise<Buffer>;
}

/** The request can't have reached the vendor. Names of Node's and undici's errors. */
const NEVER_LEFT =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT|ERR_INVALID_URL|ERR_TLS_.*|CERT_.*|.*_CERT.*|ERR_SSL_.*)$/;

const SECRET_HEADER = /auth|key|token|secret|cookie/i;
const DEFAULT_TIMEOUT_MS = 60_000;
const DEFAULT_MAX_BYTES = 10_000_000;

export function vendorHttp(options: VendorHttpOptions): VendorHttp {
  const rejected = options.rejected ?? [401, 403];
  const maxBytes = options.maxBytes ?? DEFAULT_MAX_BYTES;
  const secretHeaders = Object.entries(options.headers ?? {}).filter(([name]) => SECRET_HEADER.test(name));
  const secrets = [...(options.secrets ?? []), ...secretHeaders.map(([, value]) => value)];
  const { vendor, tokens } = options;
  const host = URL.parse(options.baseUrl)?.hostname ?? '';

  async function exchange(method: string, path: string, body: unknown, call: Call): Promise<Buffer> {
    if (tokens === undefined) return traced(method, path, body, call, null);
    const token = await tokens.current();
    try {
      return await traced(method, path, body, call, token);
    } catch (error) {
      if (!(error instanceof Unauthorised)) throw error;
      return traced(method, path, body, call, await tokens.renew(token));
    }
  }

  function traced(method: string, path: string, body: unknown, call: Call, token: Secret | null): Promise<Buffer> {
    const attributes = { 'http.request.method': method, 'server.address': host };
    return inChildSpan({ name: method, kind: 'client', attributes }, (span) => noted(method, path, body, call, token, span));
  }

  async function noted(
    method: string,
    path: string,
    body: unknown,
    call: Call,
    token: Secret | null,
    span: OpenSpan | null,
  ): Promise<Buffer> {
    const seen: Seen = { beganAt: performance.now(), status: null };
    const note = (error: string | null) =>
      options.log?.note({ method, path, status: seen.status, ms: performance.now() - seen.beganAt, error });
    try {
      const answer = await ask(method, path, body, call, token, span, seen);
      note(null);
      return answer;
    } catch (error) {
      note(error instanceof Error ? error.message : String(error));
      throw error;
    }
  }

  function lostBy(method: string, call: CallOptions): (message: string, cause?: unknown) => AppError {
    const safe = (call.repeat ?? (method === 'GET' ? 'safe' : 'unsafe')) === 'safe';
    return (message, cause) => (safe ? new VendorUnavailable(message, { cause }) : new MaybeDone(message, { cause }));
  }

  async function ask(
    method: string,
    path: string,
    body: unknown,
    call: Call,
    token: Secret | null,
    span: OpenSpan | null,
    seen: Seen,
  ): Promise<Buffer> {
    const redact = redactor(token === null ? secrets : [...secrets, token.reveal()]);
    const lost = lostBy(method, call);
    const url = new URL(`${options.baseUrl.replace(/\/+$/, '')}${path}`);
    for (const [name, value] of Object.entries(call.query ?? {})) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    await options.turn?.wait();
    seen.beganAt = performance.now();
    const timeoutMs = call.timeoutMs ?? options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    const timeout = AbortSignal.timeout(timeoutMs);
    const sent = {
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': typeOf(body) }),
      ...options.headers,
      ...(token === null ? {} : { authorization: `Bearer ${token.reveal()}` }),
      ...call.headers,
    };
    const content = body === undefined ? undefined : contentOf(body);
    let status: number;
    let headers: Headers;
    let came: Buffer;
    try {
      const answer = await (options.fetch ?? fetch)(url, {
        method,
        redirect: 'manual',
        headers: options.sign === undefined ? sent : await options.sign({ method, url, headers: sent, body: content }),
        ...(content === undefined ? {} : { body: content }),
        signal: call.signal === undefined ? timeout : AbortSignal.any([timeout, call.signal]),
      });
      ({ status, headers } = answer);
      seen.status = status;
      span?.set({ 'http.response.status_code': status });
      came = await readLimited(answer, maxBytes);
    } catch (error) {
      if (error instanceof TooLong) throw lost(`${vendor} answered more than ${maxBytes} bytes`);
      if (timeout.aborted) throw lost(`${vendor} did not answer within ${timeoutMs / 1000} s`);
      if (call.signal?.aborted) throw lost(`The call to ${vendor} was stopped`);
      const code = errorCode(error);
      const message = `${vendor} can't be reached at ${url.host} (${code ?? 'connection lost'})`;
      if (code !== undefined && NEVER_LEFT.test(code)) throw new VendorUnavailable(message, { cause: plain(error, redact) });
      throw lost(message, plain(error, redact));
    }
    const saying = () => redact(sentence(came.toString('utf8'))).slice(0, 400);
    const own = status >= 400 && status < 500 ? options.refusal?.(status, parseJson(came.toString('utf8')), saying()) : undefined;
    if (own !== undefined) throw own;
    if (rejected.includes(status)) {
      const Rejected = status === 401 ? Unauthorised : CredentialsRejected;
      throw new Rejected(`${vendor} does not accept these credentials (${status}): ${saying()}`);
    }
    if (status === 429 || status === 503 || status === 529) {
      const wait = retryAfterS(headers.get('retry-after'));
      if (wait !== undefined) await options.turn?.hold(wait);
      throw new VendorUnavailable(`${vendor} is busy (${status}): ${saying()}`, wait === undefined ? {} : { retryAfterS: wait });
    }
    if (status >= 500 || status === 408 || status === 425) throw lost(`${vendor} failed (${status}): ${saying()}`);
    if (status >= 300 && status < 400) throw new VendorRefused(`${vendor} answered with a redirect (${status}); check its base URL`);
    if (status >= 400) throw new VendorRefused(`${vendor} refused (${status}): ${saying()}`);
    call.headersOf?.(headers);
    const wrong = call.wrong?.(came);
    if (wrong !== undefined) throw lost(`${vendor} answered in a form that is not in its contract${wrong}`);
    return came;
  }

  async function request<A extends z.ZodType>(method: string, path: string, body: unknown, call: RequestOptions<A>): Promise<z.output<A>> {
    let good: { readonly data: z.output<A> } | undefined;
    await exchange(method, path, body, {
      ...call,
      wrong(came) {
        const parsed = call.answer.safeParse(parseJson(came.toString('utf8')));
        if (parsed.success) {
          good = { data: parsed.data };
          return undefined;
        }
        const where = parsed.error.issues[0]?.path.join('.');
        return where ? ` (at ${where})` : '';
      },
    });
    if (good === undefined) throw new Error('an answer that is not wrong was read');
    return good.data;
  }

  return {
    get: (path, call) => request('GET', path, undefined, call),
    post: (path, body, call) => request('POST', path, body, call),
    put: (path, body, call) => request('PUT', path, body, call),
    patch: (path, body, call) => request('PATCH', path, body, call),
    delete: (path, call) => request('DELETE', path, undefined, call),
    bytes: (method, path, body, call) => exchange(method, path, body, call),
  };
}

interface Call extends CallOptions {
  /** Undefined: it is as it should be. */
  readonly wrong?: (came: Buffer) => string | undefined;
}

function typeOf(body: unknown): string {
  if (body instanceof URLSearchParams) return 'application/x-www-form-urlencoded';
  return body instanceof Uint8Array ? 'application/octet-stream' : 'application/json';
}

function contentOf(body: unknown): string | Uint8Array<ArrayBuffer> {
  if (body instanceof URLSearchParams) return body.toString();
  // Bytes are only handed in by `bytes`, whose type says what holds them.
  return body instanceof Uint8Array ? (body as Uint8Array<ArrayBuffer>) : JSON.stringify(body);
}

/** What a note will say: when it began, after its turn had come, and what answered. */
interface Seen {
  beganAt: number;
  status: number | null;
}

class TooLong extends Error {}
/** 401: the token may only be too old. */
class Unauthorised extends CredentialsRejected {}

async function readLimited(answer: Response, maxBytes: number): Promise<Buffer> {
  if (answer.body === null) return Buffer.alloc(0);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new TooLong();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Undefined (empty body, 204) or whatever JSON says; text that is no JSON fails the caller's schema. */
function parseJson(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The vendor's own words: `error.message`, `message`, `detail` or the text itself. */
function sentence(text: string): string {
  const whole = parseJson(text);
  // S3: XML
  const said = typeof whole === 'string' ? /<Message>([^<]+)/.exec(text)?.[1] : undefined;
  if (said !== undefined) return said;
  // Salesforce: a list of faults and nothing around it
  const body: unknown = Array.isArray(whole) ? whole[0] : whole;
  if (typeof body !== 'object' || body === null) return text.replace(/\s+/g, ' ').trim() || 'no explanation';
  // SendGrid: a list of them
  const error = 'error' in body ? body.error : 'errors' in body && Array.isArray(body.errors) ? body.errors[0] : body;
  if (typeof error === 'string') return error;
  for (const name of ['message', 'detail', 'title', 'error_description']) {
    const value: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
    if (typeof value === 'string') return value;
  }
  return text;
}

function errorCode(error: unknown): string | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 4; at = at.cause, depth++) {
    if ('code' in at && typeof at.code === 'string') return at.code;
    if (at instanceof AggregateError && at.errors[0] instanceof Error) return errorCode(at.errors[0]);
  }
  return undefined;
}

/** A cause without request, headers or body hanging off it. */
function plain(error: unknown, redact: (text: string) => string): Error {
  return new Error(redact(error instanceof Error ? error.message : String(error)));
}
