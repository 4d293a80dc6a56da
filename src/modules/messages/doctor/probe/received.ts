import { isIP } from 'node:net';
import { plainName } from '../dns/names.ts';

export interface Header {
  readonly name: string;
  /** Unfolded. */
  readonly value: string;
}

/** The header fields of a mail, top first. */
export function headersOf(raw: Uint8Array): readonly Header[] {
  const bytes = Buffer.from(raw);
  const text = headerText(bytes);
  return text
    .replace(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/)
    .flatMap((line) => {
      const colon = line.indexOf(':');
      return colon <= 0 ? [] : [{ name: line.slice(0, colon).trim().toLowerCase(), value: line.slice(colon + 1).trim() }];
    });
}

export function headerText(raw: Uint8Array): string {
  const text = Buffer.from(raw.subarray(0, 200_000)).toString('utf8');
  const end = /\r?\n\r?\n/.exec(text);
  return end === null ? text : text.slice(0, end.index);
}

/** Where the mail came into the receiver's house. */
export interface Border {
  /** Address of the machine that brought it. */
  readonly ip: string;
  /** What it called itself. */
  readonly helo: string;
  /** Place of its line among the headers: what stands above was written by the receiver. */
  readonly at: number;
}

/**
 * The first line from the top that names a public address (RFC 5321, 4.4): lines above it are of the receiver's own machines, lines below were
 * written by the sender's side and prove nothing.
 */
export function borderOf(headers: readonly Header[]): Border | null {
  for (const [at, { name, value }] of headers.entries()) {
    if (name !== 'received') continue;
    const from = /^from\s+(\S+)\s*(\(([^()]|\([^()]*\))*\))?/i.exec(value);
    if (from === null) continue;
    const words = `${from[1] ?? ''} ${from[2] ?? ''}`.match(/[\da-f:.]*[\d:][\da-f:.]*/gi) ?? [];
    const ip = words
      .map((word) => word.replace(/^ipv6:/i, '').replace(/^:(?!:)|(?<!:):$/g, ''))
      .find((word) => isIP(word) !== 0 && isPublic(word));
    if (ip !== undefined) return { ip, helo: plainName((from[1] ?? '').replace(/[[\]]/g, '')), at };
  }
  return null;
}

/** Addresses of the outside world; documentation networks count, so that examples can be checked. */
function isPublic(ip: string): boolean {
  if (isIP(ip) === 4)
    return !/^(0|10|127|169\.254|172\.(1[6-9]|2\d|3[01])|192\.168|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\./.test(`${ip}.`);
  return !/^(::1?$|f[cd]|fe[89ab])/i.test(ip);
}

/** What the receiver's own machine found out (RFC 8601): the first field above the border. Null: there is none that can be trusted. */
export function receiverSays(
  headers: readonly Header[],
  border: Border | null,
): { readonly by: string; readonly results: ReadonlyMap<string, string> } | null {
  const own = headers.slice(0, border?.at ?? 0).find(({ name }) => name === 'authentication-results');
  if (own === undefined) return null;
  const [by = '', ...rest] = own.value.replace(/\([^()]*\)/g, ' ').split(';');
  const results = new Map<string, string>();
  for (const part of rest) {
    const match = /^\s*([a-z][\w-]*)(?:\s*\/\s*\d+)?\s*=\s*([a-z]+)/i.exec(part);
    if (match?.[1] !== undefined && match[2] !== undefined && !results.has(match[1].toLowerCase()))
      results.set(match[1].toLowerCase(), match[2].toLowerCase());
  }
  return { by: by.trim().split(/\s+/)[0] ?? '', results };
}
