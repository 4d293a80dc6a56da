import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Secrets } from '#core/secrets.ts';

/** 80 bits: nobody guesses one, and a mail address keeps room for it. */
const REPLY_MAC = 10;
/** 128 bits: these links are good for ever. */
const LINK_MAC = 16;

/** RFC 4648 base 32, lower case: local parts of addresses may lose their case on the way. */
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

/** Keys for one purpose, derived once a process and kept. */
const rings = new WeakMap<Secrets, Map<string, readonly Buffer[]>>();

function keysFor(secrets: Secrets, purpose: string): readonly Buffer[] {
  const ring = rings.get(secrets) ?? new Map<string, readonly Buffer[]>();
  rings.set(secrets, ring);
  const keys = ring.get(purpose) ?? secrets.deriveAll(purpose);
  ring.set(purpose, keys);
  return keys;
}

function mac(secrets: Secrets, purpose: string, body: Buffer, length: number): Buffer {
  const [key] = keysFor(secrets, purpose);
  if (key === undefined) throw new Error('a key ring holds at least one key');
  return sign(key, body, length);
}

function sign(key: Buffer, body: Buffer, length: number): Buffer {
  return createHmac('sha256', key).update(body).digest().subarray(0, length);
}

/** True for a signature of any key of the ring: links outlive a rotation. */
function verified(secrets: Secrets, purpose: string, body: Buffer, given: Buffer): boolean {
  return keysFor(secrets, purpose).some((key) => timingSafeEqual(sign(key, body, given.length), given));
}

/** Names one of our messages in its Message-ID and in reply addresses: 42 letters and digits. */
export function replyToken(secrets: Secrets, messageId: string): string {
  const id = uuidBytes(messageId);
  return base32(Buffer.concat([id, mac(secrets, 'reply token', id, REPLY_MAC)]));
}

/** The message that a token names; null for anything that we did not sign. */
export function readReplyToken(secrets: Secrets, token: string): string | null {
  const bytes = fromBase32(token.toLowerCase());
  if (bytes?.length !== 16 + REPLY_MAC) return null;
  const id = bytes.subarray(0, 16);
  return verified(secrets, 'reply token', id, bytes.subarray(16)) ? uuidText(id) : null;
}

/** What an unsubscribe or preference link stands for. */
export interface LinkSubject {
  readonly companyId: string;
  readonly personId: string;
  readonly messageId: string;
}

/** Opaque, signed, without an end: opaque to the reader, complete for us even when the message is gone. */
export function linkToken(secrets: Secrets, { companyId, personId, messageId }: LinkSubject): string {
  const body = Buffer.concat([companyId, personId, messageId].map(uuidBytes));
  return Buffer.concat([body, mac(secrets, 'unsubscribe link', body, LINK_MAC)]).toString('base64url');
}

export function readLinkToken(secrets: Secrets, token: string): LinkSubject | null {
  if (!/^[\w-]{86}$/.test(token)) return null;
  const bytes = Buffer.from(token, 'base64url');
  const body = bytes.subarray(0, 48);
  if (bytes.length !== 48 + LINK_MAC || !verified(secrets, 'unsubscribe link', body, bytes.subarray(48))) return null;
  return { companyId: uuidText(body.subarray(0, 16)), personId: uuidText(body.subarray(16, 32)), messageId: uuidText(body.subarray(32)) };
}

function uuidBytes(id: string): Buffer {
  return Buffer.from(id.replaceAll('-', ''), 'hex');
}

function uuidText(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

function base32(bytes: Buffer): string {
  let bits = 0;
  let value = 0;
  let text = '';
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xffff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET.charAt((value >> bits) & 31);
    }
  }
  return bits === 0 ? text : text + ALPHABET.charAt((value << (5 - bits)) & 31);
}

function fromBase32(text: string): Buffer | null {
  let bits = 0;
  let value = 0;
  const bytes: number[] = [];
  for (const letter of text) {
    const digit = ALPHABET.indexOf(letter);
    if (digit < 0) return null;
    value = ((value << 5) | digit) & 0xffff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((value >> bits) & 255);
  }
  return Buffer.from(bytes);
}
