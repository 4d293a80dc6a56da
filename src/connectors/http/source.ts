import { z } from 'zod';
import { CredentialsRejected, VendorRefused, VendorUnavailable } from '#core/connector/errors.ts';
import { retryAfterS } from '#core/connector/retry-after.ts';
import type { ConnectorOptions, HttpAccess } from '#core/connector/types.ts';
import { guardedFetch } from '#core/net/guarded-fetch.ts';
import {
  SOURCE_KINDS,
  type PageWanted,
  type SourcePage,
  type SourcePort,
  type SourceRecord,
  type SourceValue,
} from '#core/ports/source.ts';

const path = z.string().trim().max(200);
export const Settings = z.object({
  url: z.url({ protocol: /^https?$/ }).describe('What is asked, on a host that the connection names'),
  items: path.default('').describe('Where the list is in the answer: data.items; empty: the answer is the list'),
  id: path.min(1).default('id').describe('Where an item has its id'),
  changed: path.optional().describe('Where an item says when it was changed: updated_at'),
  next: path.optional().describe('Where the answer has the next page: an address, or a token'),
  nextParameter: z.string().trim().max(100).optional().describe('With a token: the query parameter that carries it'),
  sinceParameter: z
    .string()
    .trim()
    .max(100)
    .optional()
    .describe('The query parameter that asks for what changed since a moment: updated_since'),
  kind: z.enum(SOURCE_KINDS).default('people').describe('What its items become'),
});
type Settings = z.output<typeof Settings>;

const OBJECT = 'items';
const MAX_BYTES = 20_000_000;
/** What the other side takes for the same moment may be a little late. */
const OVERLAP_MS = 5 * 60_000;
/** As deep as fields of an item are offered. */
const DEEPEST = 3;

const Cursor = z.object({ url: z.string(), start: z.string().nullable(), seen: z.number() });

/** Any web service that answers a list in JSON. The addresses are a person's or the service's own: each goes through the guard, and to hosts of the connection alone. */
export function httpSource(access: HttpAccess, options: ConnectorOptions, settings: Settings): SourcePort {
  const hide = (text: string) => access.secrets.reduce((shown, one) => (one === '' ? shown : shown.replaceAll(one, '[secret]')), text);

  async function ask(address: string): Promise<{ body: unknown; at: string | null }> {
    const url = new URL(address);
    if (!access.hosts.some((host) => fits(url, host)))
      throw new VendorRefused(`The credentials are for ${access.hosts.join(', ')}; they are not sent to ${url.host}`);
    for (const [name, value] of Object.entries(access.query)) url.searchParams.set(name, value);
    await options.turn?.wait();
    const { signal } = options;
    const answer = await guardedFetch(
      url.href,
      {
        method: 'GET',
        headers: { accept: 'application/json', ...access.headers },
        maxBytes: MAX_BYTES,
        timeoutMs: 60_000,
        ...(signal === undefined ? {} : { signal }),
      },
      options.net ?? { internalHosts: [] },
    );
    const { status } = answer;
    const says = `${url.host} answered ${status}: ${hide(answer.text).slice(0, 300)}`;
    if (status === 401 || status === 403) throw new CredentialsRejected(says);
    if (status === 429 || status >= 500) {
      const wait = retryAfterS(answer.headers.get('retry-after'));
      if (wait !== undefined) await options.turn?.hold(wait);
      throw new VendorUnavailable(says, wait === undefined ? {} : { retryAfterS: wait });
    }
    if (status >= 300) throw new VendorRefused(says);
    const date = Date.parse(answer.headers.get('date') ?? '');
    return { body: json(answer.text, url.host), at: Number.isNaN(date) ? null : new Date(date).toISOString() };
  }

  function itemsOf(body: unknown): readonly unknown[] {
    const items = settings.items === '' ? body : at(body, settings.items);
    if (!Array.isArray(items))
      throw new VendorRefused(`There is no list at ${settings.items === '' ? 'the top of the answer' : settings.items}`);
    return items;
  }

  function recordOf(item: unknown, fields: readonly string[], place: number): SourceRecord {
    const id = at(item, settings.id);
    if (typeof id !== 'string' && typeof id !== 'number') throw new VendorRefused(`Item ${place + 1} has no id at ${settings.id}`);
    const moment = settings.changed === undefined ? Number.NaN : momentOf(at(item, settings.changed));
    const values = Object.fromEntries(fields.map((field) => [field, valueOf(at(item, field))]));
    return { externalId: String(id), changedAt: Number.isNaN(moment) ? null : new Date(moment), values };
  }

  function nextOf(body: unknown, address: string): string | null {
    const next = settings.next === undefined ? null : at(body, settings.next);
    if ((typeof next !== 'string' && typeof next !== 'number') || next === '') return null;
    if (settings.nextParameter === undefined) return URL.parse(String(next), address)?.href ?? null;
    const url = new URL(address);
    url.searchParams.set(settings.nextParameter, String(next));
    return url.href;
  }

  function begin(mark: string | null): string {
    const url = new URL(settings.url);
    if (mark !== null && settings.sinceParameter !== undefined)
      url.searchParams.set(settings.sinceParameter, new Date(Date.parse(mark) - OVERLAP_MS).toISOString());
    return url.href;
  }

  async function page(wanted: PageWanted): Promise<SourcePage> {
    const place = wanted.cursor === null ? { url: begin(wanted.mark), start: null, seen: 0 } : Cursor.parse(JSON.parse(wanted.cursor));
    const { body, at: now } = await ask(place.url);
    const items = itemsOf(body);
    const records = items.map((item, index) => recordOf(item, wanted.fields, index));
    const start = place.start ?? now;
    const next = nextOf(body, place.url);
    // A page that leads back to itself would be read for ever.
    if (next === null || next === place.url || items.length === 0)
      return { records, cursor: null, mark: settings.sinceParameter === undefined ? null : start };
    return { records, cursor: JSON.stringify({ url: next, start, seen: place.seen + items.length }), mark: null };
  }

  return {
    objects: () => Promise.resolve([{ name: OBJECT, title: 'The items of the answer', kind: settings.kind, writable: false }]),
    async fields() {
      const { body } = await ask(begin(null));
      const names = new Set(
        itemsOf(body)
          .slice(0, 50)
          .flatMap((item) => [...leaves(item, '', 0)]),
      );
      return [...names].map((name) => ({ name, title: name, type: 'text' as const, writable: false }));
    },
    page,
  };
}

function fits(url: URL, host: string): boolean {
  const [name = '', port] = host.split(':');
  if (port !== undefined && port !== (url.port || (url.protocol === 'https:' ? '443' : '80'))) return false;
  return name.startsWith('*.') ? url.hostname.endsWith(name.slice(1)) : url.hostname === name;
}

function json(text: string, host: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new VendorRefused(`${host} answered something that is no JSON`);
  }
}

/** `data.items`, `emails.0.value`. Own properties only. */
function at(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (found, part) => (typeof found === 'object' && found !== null && Object.hasOwn(found, part) ? Reflect.get(found, part) : undefined),
      value,
    );
}

function* leaves(value: unknown, before: string, depth: number): Generator<string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || depth === DEEPEST) {
    if (before !== '') yield before;
    return;
  }
  for (const [name, one] of Object.entries(value)) yield* leaves(one, before === '' ? name : `${before}.${name}`, depth + 1);
}

/** ISO 8601, or seconds or milliseconds since 1970. */
function momentOf(value: unknown): number {
  if (typeof value === 'number') return value < 100_000_000_000 ? value * 1_000 : value;
  return typeof value === 'string' ? Date.parse(value) : Number.NaN;
}

function valueOf(value: unknown): SourceValue {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return Array.isArray(value) && value.every((one) => typeof one !== 'object') ? value.map(String).join('; ') : JSON.stringify(value);
}
