import type { z } from 'zod';
import routes from 'virtual:operations';
import type { modules } from '#app/modules.ts';
import { OwnVersions } from './own-versions.ts';
import type { Wire } from './wire.ts';

type Declared = (typeof modules)[number]['operations'][number];
/** Lazy, so that the compiler works out only the operations that a page names. */
interface Wired<Op extends Declared> {
  input: Wire<z.input<Op['input']>>;
  output: Wire<z.output<Op['output']>>;
}
type Operations = { [Op in Declared as Op['name']]: Wired<Op> };
export type OperationName = keyof Operations;

/** What an operation takes, as JSON. */
export type Input<Name extends OperationName> = Operations[Name]['input'];
/** What it answers, as JSON. */
export type Output<Name extends OperationName> = Operations[Name]['output'];
/** One row of a list operation. */
export type Item<Name extends OperationName> = Output<Name> extends { items: (infer Row)[] } ? Row : never;

export interface FieldFault {
  path: string;
  message: string;
}

/** A problem+json answer, or why there was none. */
export class ApiError extends Error {
  /** 0 when the server was not reached. */
  readonly status: number;
  readonly code: string;
  readonly fields: FieldFault[];
  constructor(status: number, code: string, detail: string, fields: FieldFault[] = []) {
    super(detail);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.fields = fields;
  }
}

export interface CallOptions {
  signal?: AbortSignal;
  /** Same key, same effect: a repeated POST is the first one. Made up when absent. */
  idempotencyKey?: string;
  /** The `updated_at` that the person was looking at; a newer row answers `version_changed`. */
  ifMatch?: string;
  /** It writes single fields of one record: versions that this page's own writes left behind are no conflict (own-versions.ts). */
  part?: boolean;
}

const own = new OwnVersions();

/** Calls one operation. Names, inputs and answers are the server's own declarations. @throws ApiError */
export async function call<Name extends OperationName>(name: Name, input: Input<Name>, options: CallOptions = {}): Promise<Output<Name>> {
  const route = routes[name];
  if (route === undefined) throw new ApiError(0, 'unknown_operation', `This page is older than the server. Reload it. (${name})`);
  const [method, template] = route;
  // A JSON object, whichever operation's it is. Said by way of unknown: else the compiler compares all operations with each other.
  const given = (input as unknown as Record<string, unknown> | undefined) ?? {};
  const rest = new Map<string, unknown>(Object.entries(given).filter(([, value]) => value !== undefined));
  const path = template.replaceAll(/\{(\w+)\}/g, (_, key: string) => {
    const value = rest.get(key);
    rest.delete(key);
    return encodeURIComponent(String(value));
  });
  const ask = (more: CallOptions = {}) =>
    request(method, method === 'GET' || method === 'DELETE' ? path + queryOf(rest) : path, {
      ...options,
      ...more,
      ...(method === 'GET' || method === 'DELETE' ? {} : { json: Object.fromEntries(rest) }),
    });
  const { ifMatch, part = false } = options;
  const answer = await (part && ifMatch !== undefined ? own.write(path, ifMatch, (version) => ask({ ifMatch: version })) : ask());
  // The server validated it against the operation's output schema; the type says the same.
  return answer as Output<Name>;
}

function queryOf(values: Map<string, unknown>): string {
  const query = new URLSearchParams();
  for (const [key, value] of values) {
    if (value === null || value === '') continue;
    query.set(key, Array.isArray(value) ? value.join(',') : String(value));
  }
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

/** One HTTP call with the session's cookies and CSRF token. For raw routes (files); operations go through `call`. */
export async function request(
  method: string,
  path: string,
  options: CallOptions & { json?: unknown; body?: BodyInit; contentType?: string } = {},
): Promise<unknown> {
  const headers = new Headers({ accept: 'application/json' });
  if (method !== 'GET') headers.set('x-csrf-token', cookie('steward_csrf'));
  if (method === 'POST') headers.set('idempotency-key', options.idempotencyKey ?? newKey());
  if (options.ifMatch !== undefined) headers.set('if-match', `"${options.ifMatch}"`);
  if (options.json !== undefined) headers.set('content-type', 'application/json');
  if (options.contentType !== undefined) headers.set('content-type', options.contentType);
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers,
      credentials: 'same-origin',
      ...(options.json === undefined ? (options.body === undefined ? {} : { body: options.body }) : { body: JSON.stringify(options.json) }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError(0, 'unreachable', 'Steward did not answer. Check that it runs and that you are connected.');
  }
  if (response.status === 204) return null;
  const text = await response.text();
  const body: unknown = text === '' ? null : parse(text);
  if (response.ok) return body;
  throw problem(response.status, body);
}

function problem(status: number, body: unknown): ApiError {
  const found: Record<string, unknown> = typeof body === 'object' && body !== null ? { ...body } : {};
  const detail = [found['detail'], found['title']].find((text) => typeof text === 'string');
  const fields = Array.isArray(found['fields'])
    ? found['fields'].filter((one): one is FieldFault => typeof one?.path === 'string' && typeof one?.message === 'string')
    : [];
  return new ApiError(
    status,
    typeof found['code'] === 'string' ? found['code'] : `http_${status}`,
    typeof detail === 'string' ? detail : `Steward answered ${status} without a reason.`,
    fields,
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function cookie(name: string): string {
  const found = document.cookie.split('; ').find((pair) => pair.startsWith(`${name}=`));
  return found === undefined ? '' : decodeURIComponent(found.slice(name.length + 1));
}

/** 128 random bits; `crypto.randomUUID` is missing on plain http. */
export function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
