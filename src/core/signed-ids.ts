import { createHmac, createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto';
import type { Secrets } from './secrets.ts';

/** 128 bits: links by it are good for as long as their reader wants. */
const MAC_BYTES = 16;
const ID_BYTES = 16;

/** Keys for one purpose, derived once a process and kept as the library holds them: from bytes it would make them anew each time (14 µs a signature, so 3). */
const rings = new WeakMap<Secrets, Map<string, readonly KeyObject[]>>();

function keysFor(secrets: Secrets, purpose: string): readonly KeyObject[] {
  const ring = rings.get(secrets) ?? new Map<string, readonly KeyObject[]>();
  rings.set(secrets, ring);
  const keys = ring.get(purpose) ?? secrets.deriveAll(purpose).map((key) => createSecretKey(key));
  ring.set(purpose, keys);
  return keys;
}

/** HMAC-SHA-256 by the newest key, cut to `length` bytes. */
export function macOf(secrets: Secrets, purpose: string, body: Buffer, length: number): Buffer {
  const [key] = keysFor(secrets, purpose);
  if (key === undefined) throw new Error('a key ring holds at least one key');
  return sign(key, body, length);
}

/** True for a signature of any key of the ring: links outlive a rotation. */
export function macFits(secrets: Secrets, purpose: string, body: Buffer, given: Buffer): boolean {
  return keysFor(secrets, purpose).some((key) => timingSafeEqual(sign(key, body, given.length), given));
}

function sign(key: KeyObject, body: Buffer, length: number): Buffer {
  return createHmac('sha256', key).update(body).digest().subarray(0, length);
}

/** Ids (UUIDs) as one word for a link: opaque to its reader, complete for us, good for one purpose. */
export function signIds(secrets: Secrets, purpose: string, ids: readonly string[]): string {
  const body = Buffer.concat(ids.map(uuidBytes));
  return Buffer.concat([body, macOf(secrets, purpose, body, MAC_BYTES)]).toString('base64url');
}

/** The ids of a word that signIds made for this purpose; null for anything else. */
export function readIds(secrets: Secrets, purpose: string, count: number, word: string): readonly string[] | null {
  const bytes = Buffer.from(word, 'base64url');
  if (bytes.length !== count * ID_BYTES + MAC_BYTES || bytes.toString('base64url') !== word) return null;
  const body = bytes.subarray(0, count * ID_BYTES);
  if (!macFits(secrets, purpose, body, bytes.subarray(body.length))) return null;
  return Array.from({ length: count }, (_, index) => uuidText(body.subarray(index * ID_BYTES, (index + 1) * ID_BYTES)));
}

export function uuidBytes(id: string): Buffer {
  return Buffer.from(id.replaceAll('-', ''), 'hex');
}

export function uuidText(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
