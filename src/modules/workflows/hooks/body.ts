import type { Facts, Json } from '#core/engine/types.ts';
import { InvalidInput } from '#core/errors.ts';

/** JSON where the sender says so, a form as an object, else text. @throws InvalidInput JSON that is none, or text that PostgreSQL can't keep */
export function readBody(raw: Uint8Array, contentType: string): Json {
  if (raw.byteLength === 0) return null;
  const text = Buffer.from(raw).toString('utf8');
  const body = contentType.includes('json')
    ? parse(text)
    : contentType.startsWith('application/x-www-form-urlencoded')
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

/** Headers that say something about the event (`x-github-event`); none that carry a credential or belong to the way. */
const TELLING = /^(x-(?!forwarded|real|request|amzn|envoy|b3|cloud)|webhook-id$|webhook-timestamp$|content-type$)/;
const SECRET = /sign|auth|token|secret|key|hmac/;

export function tellingHeaders(headers: Readonly<Record<string, string | readonly string[] | undefined>>): Facts {
  const kept = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' && TELLING.test(name) && !SECRET.test(name) && storable(value) ? [[name, value.slice(0, 500)]] : [],
  );
  return Object.fromEntries(kept.slice(0, 30));
}

export function readQuery(search: string): Facts {
  const all = Object.fromEntries([...new URLSearchParams(search)].slice(0, 50));
  return storable(all) ? all : {};
}
