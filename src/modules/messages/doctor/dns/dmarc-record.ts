import { tagsOf } from './tags.ts';

export const POLICIES = ['none', 'quarantine', 'reject'] as const;
export type Policy = (typeof POLICIES)[number];

/** A DMARC policy record (RFC 9989, 4.7 and 4.8). */
export interface DmarcRecord {
  readonly text: string;
  /** Null: missing, or none of the three words. */
  readonly p: Policy | null;
  readonly sp: Policy | null;
  readonly np: Policy | null;
  readonly adkim: 'r' | 's';
  readonly aspf: 'r' | 's';
  readonly psd: 'y' | 'n' | 'u';
  /** The owner only tests: receivers apply one step less. */
  readonly t: boolean;
  readonly rua: readonly string[];
  /** Tags whose value is none of those that may stand there. */
  readonly invalid: readonly string[];
  /** Tags of RFC 7489 that mean nothing any more: pct, rf, ri. */
  readonly gone: readonly string[];
}

const GONE = ['pct', 'rf', 'ri'];

/** Null: it does not begin with `v=DMARC1`, so receivers pass over it. */
export function parseDmarc(text: string): DmarcRecord | null {
  if (!/^\s*v\s*=\s*DMARC1\s*(;|$)/.test(text)) return null;
  // What cannot be read is passed over; the rest counts (RFC 9989, 4.8: unknown and broken tags are ignored).
  const tags = new Map<string, string>();
  for (const part of text.split(';')) for (const [name, value] of tagsOf(part) ?? []) if (!tags.has(name)) tags.set(name, value);
  const invalid: string[] = [];
  const oneOf = <T extends string>(name: string, allowed: readonly T[]): T | null => {
    const value = tags.get(name);
    if (value === undefined) return null;
    const found = allowed.find((word) => word === value.toLowerCase());
    if (found === undefined) invalid.push(name);
    return found ?? null;
  };
  const alignment = ['r', 's'] as const;
  return {
    text,
    p: oneOf('p', POLICIES),
    sp: oneOf('sp', POLICIES),
    np: oneOf('np', POLICIES),
    adkim: oneOf('adkim', alignment) ?? 'r',
    aspf: oneOf('aspf', alignment) ?? 'r',
    psd: oneOf('psd', ['y', 'n', 'u'] as const) ?? 'u',
    t: oneOf('t', ['y', 'n'] as const) === 'y',
    rua: (tags.get('rua') ?? '')
      .split(',')
      .map((uri) => uri.trim())
      .filter((uri) => uri !== ''),
    invalid,
    gone: GONE.filter((name) => tags.has(name)),
  };
}
