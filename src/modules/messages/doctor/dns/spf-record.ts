import { isIP } from 'node:net';

/** A term of an SPF record (RFC 7208, 4.6.1 and 12). */
export interface Term {
  readonly text: string;
  readonly kind: 'all' | 'include' | 'a' | 'mx' | 'ptr' | 'ip4' | 'ip6' | 'exists' | 'redirect' | 'exp' | 'other';
  readonly qualifier: '+' | '-' | '~' | '?';
  /** Domain or network; empty: the domain itself. */
  readonly value: string;
  /** Prefix lengths of `a` and `mx`. */
  readonly cidr4: number;
  readonly cidr6: number;
}

export interface SpfRecord {
  readonly text: string;
  readonly terms: readonly Term[];
  /** Terms that break the whole record: receivers answer permerror (RFC 7208, 4.6). */
  readonly faults: readonly string[];
}

export function isSpf(text: string): boolean {
  return /^v=spf1( |$)/i.test(text);
}

const MECHANISM = /^([+?~-]?)(all|include|a|mx|ptr|ip4|ip6|exists)(?:[:](.*?))?(?:\/(\d+))?(?:\/\/(\d+))?$/i;
const MODIFIER = /^([A-Za-z][\w.-]*)=(.*)$/;
const NEEDS_VALUE = new Set(['include', 'ip4', 'ip6', 'exists']);
const NO_VALUE = new Set(['all']);

export function parseSpf(text: string): SpfRecord {
  const faults: string[] = [];
  const terms: Term[] = [];
  for (const word of text.trim().split(/ +/).slice(1)) {
    const term = parseTerm(word);
    if (typeof term === 'string') faults.push(term);
    else terms.push(term);
  }
  for (const once of ['redirect', 'exp'] as const)
    if (terms.filter(({ kind }) => kind === once).length > 1) faults.push(`${once}= stands twice`);
  return { text, terms, faults };
}

/** A sentence where it is none. */
function parseTerm(word: string): Term | string {
  const modifier = MODIFIER.exec(word);
  if (modifier?.[1] !== undefined && modifier[2] !== undefined) {
    const name = modifier[1].toLowerCase();
    const kind = name === 'redirect' || name === 'exp' ? name : 'other';
    if (kind !== 'other' && modifier[2] === '') return `“${word}” names no domain`;
    return { text: word, kind, qualifier: '+', value: modifier[2], cidr4: 32, cidr6: 128 };
  }
  // A network has a slash of its own and colons, so it is told apart by hand.
  const network = /^([+?~-]?)(ip4|ip6):(.+)$/i.exec(word);
  if (network !== null) return parseNetwork(word, network);
  const match = MECHANISM.exec(word);
  if (match?.[2] === undefined) return `“${word}” is no term of SPF`;
  const kind = match[2].toLowerCase() as Term['kind']; // one of the words of MECHANISM
  const value = match[3] ?? '';
  const [cidr4, cidr6] = [Number(match[4] ?? 32), Number(match[5] ?? 128)];
  if (NEEDS_VALUE.has(kind) && value === '') return `“${word}” names no domain`;
  if (NO_VALUE.has(kind) && (value !== '' || match[4] !== undefined)) return `“${word}” takes no value`;
  if (word.includes(':') && value === '') return `“${word}” names no domain`;
  if (cidr4 > 32 || cidr6 > 128) return `“${word}” has a network larger than an address`;
  if (value.length > 253 || (!value.includes('%') && /[^\w.-]/.test(value))) return `“${word}” names no domain`;
  return { text: word, kind, qualifier: qualifierOf(match[1]), value, cidr4, cidr6 };
}

function parseNetwork(word: string, match: RegExpExecArray): Term | string {
  const kind = match[2]?.toLowerCase() === 'ip6' ? 'ip6' : 'ip4';
  const [ip = '', length, ...rest] = (match[3] ?? '').split('/');
  const most = kind === 'ip4' ? 32 : 128;
  const bits = length === undefined ? most : /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN;
  if (isIP(ip) !== (kind === 'ip4' ? 4 : 6) || rest.length > 0 || !(bits >= 0 && bits <= most)) return `“${word}” is no network`;
  return {
    text: word,
    kind,
    qualifier: qualifierOf(match[1]),
    value: ip,
    cidr4: kind === 'ip4' ? bits : 32,
    cidr6: kind === 'ip6' ? bits : 128,
  };
}

function qualifierOf(text: string | undefined): Term['qualifier'] {
  return text === '-' || text === '~' || text === '?' ? text : '+';
}
