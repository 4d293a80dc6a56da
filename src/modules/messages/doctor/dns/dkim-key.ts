import { createPublicKey } from 'node:crypto';
import { tagsOf } from './tags.ts';

/** A key record of DKIM (RFC 6376, 3.6.1; RFC 8463). */
export interface DkimKey {
  readonly type: 'rsa' | 'ed25519' | 'other';
  /** Of an RSA key; null where it could not be read. */
  readonly bits: number | null;
  readonly revoked: boolean;
  /** t=y: receivers treat signed mail like unsigned. */
  readonly testing: boolean;
  readonly faults: readonly string[];
}

/** Null: it is no key record. */
export function parseKey(text: string): DkimKey | null {
  const tags = tagsOf(text);
  if (tags === null || !tags.has('p')) return null;
  const version = tags.get('v');
  if (version !== undefined && version !== 'DKIM1') return null;
  const k = (tags.get('k') ?? 'rsa').toLowerCase();
  const type = k === 'rsa' || k === 'ed25519' ? k : 'other';
  const faults: string[] = [];
  if (type === 'other') faults.push(`k=${k} is no type of key that receivers know`);
  const hashes = tags.get('h');
  if (
    hashes !== undefined &&
    !hashes
      .toLowerCase()
      .split(':')
      .map((word) => word.trim())
      .includes('sha256')
  )
    faults.push(`h=${hashes} leaves out sha256, the one hash that receivers take`);
  const service = tags.get('s');
  if (service !== undefined && !service.split(':').some((word) => ['*', 'email'].includes(word.trim())))
    faults.push(`s=${service} says that the key is not for email`);
  const flags = (tags.get('t') ?? '').split(':').map((flag) => flag.trim());
  const p = (tags.get('p') ?? '').replace(/\s+/g, '');
  const bits = p === '' ? null : bitsOf(type, p);
  if (p !== '' && type !== 'other' && bits === null) faults.push('its key can’t be read: was it cut, or pasted with quotes?');
  return { type, bits: type === 'rsa' ? bits : null, revoked: p === '', testing: flags.includes('y'), faults };
}

/** Null: it is no such key. */
function bitsOf(type: DkimKey['type'], p: string): number | null {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(p)) return null;
  const bytes = Buffer.from(p, 'base64');
  if (type === 'ed25519') return bytes.length === 32 ? 256 : null;
  for (const format of ['spki', 'pkcs1'] as const) {
    try {
      return createPublicKey({ key: bytes, format: 'der', type: format }).asymmetricKeyDetails?.modulusLength ?? null;
    } catch {
      // the other form is tried: both are found in the wild (RFC 6376, erratum 3017)
    }
  }
  return null;
}
