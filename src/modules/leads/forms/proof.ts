import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Secrets } from '#core/secrets.ts';

/** About 30,000 hashes, a tenth of a second to a second in a browser. */
const BITS = 15;
/** Filling in a long form takes a while. */
const LIFE_MS = 2 * 3_600_000;

export interface Proof {
  readonly nonce: string;
  readonly expiresAt: Date;
}

const sign = (secrets: Secrets, formId: string, text: string): string =>
  createHmac('sha256', secrets.derive('form challenge')).update(`${formId} ${text}`).digest('base64url').slice(0, 22);

/** `nonce.expiry.bits.signature`: work for one form, once. */
export function newChallenge(secrets: Secrets, formId: string, now: Date): string {
  const text = `${randomBytes(12).toString('base64url')}.${(now.getTime() + LIFE_MS).toString(36)}.${BITS}`;
  return `${text}.${sign(secrets, formId, text)}`;
}

/** `challenge:counter`, whose SHA-256 begins with as many zero bits as the challenge asks. Null: no proof. Used ones are told apart by their nonce. */
export function readProof(secrets: Secrets, formId: string, proof: string, now: Date): Proof | null {
  const [challenge = '', counter = ''] = proof.split(':');
  const [nonce = '', expiry = '', bits = '', signature = ''] = challenge.split('.');
  const expected = Buffer.from(sign(secrets, formId, `${nonce}.${expiry}.${bits}`));
  const given = Buffer.from(signature);
  if (proof.length > 200 || given.length !== expected.length || !timingSafeEqual(given, expected) || !/^\d{1,15}$/.test(counter))
    return null;
  const expiresAt = new Date(Number.parseInt(expiry, 36));
  if (expiresAt <= now) return null;
  const hash = createHash('sha256').update(`${challenge}:${counter}`).digest();
  return hash.readUInt32BE(0) >>> (32 - Number(bits)) === 0 ? { nonce, expiresAt } : null;
}
