import { createHmac, timingSafeEqual, type BinaryToTextEncoding } from 'node:crypto';
import type { Secret } from '#core/secrets.ts';
import { MISMATCH, UNSIGNED, VALID, type SignatureVerdict, type SignedRequest } from './types.ts';

/** In a time that tells nothing about where they differ. Only the length shows, and that is public. */
export function sameText(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
}

export interface HmacScheme {
  readonly algorithm: 'sha1' | 'sha256' | 'sha512';
  readonly encoding: BinaryToTextEncoding;
  /** The key as the vendor makes it of the secret; default: its text. */
  readonly key?: (secret: Secret) => string | Uint8Array;
}

/**
 * Is one of the given signatures the HMAC of these parts under one of the secrets? Texts are compared, not what they decode to: Node's
 * decoders skip what is no base64, so that several texts stand for the same bytes.
 */
export function checkHmac(
  { algorithm, encoding, key }: HmacScheme,
  parts: readonly (string | Uint8Array)[],
  given: readonly string[],
  secrets: readonly Secret[],
): SignatureVerdict {
  if (given.length === 0) return UNSIGNED;
  const matches = secrets.map((secret) => {
    const hmac = createHmac(algorithm, key?.(secret) ?? secret.reveal());
    for (const part of parts) hmac.update(part);
    const expected = hmac.digest(encoding);
    return given.map((text) => sameText(text, expected)).includes(true);
  });
  return matches.includes(true) ? VALID : MISMATCH;
}

/** A header that came once; undefined when it is missing, empty or repeated. */
export function headerOf(request: SignedRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Whole number of seconds or milliseconds, as vendors write times; undefined for anything else. */
export function timeOf(text: string | undefined, unitMs: 1 | 1000): Date | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? new Date(Number(text) * unitMs) : undefined;
}

/** Within so many seconds of now, on either side: clocks differ. */
export function isFresh(at: Date, now: Date, toleranceS: number): boolean {
  return Math.abs(now.getTime() - at.getTime()) <= toleranceS * 1_000;
}
