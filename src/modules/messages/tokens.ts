import type { Secrets } from '#core/secrets.ts';
import { macFits, macOf, readIds, signIds, uuidBytes, uuidText } from '#core/signed-ids.ts';

/** 80 bits: nobody guesses one, and a mail address keeps room for it. */
const REPLY_MAC = 10;
const LINK = 'unsubscribe link';

/** RFC 4648 base 32, lower case: local parts of addresses may lose their case on the way. */
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

/** Names one of our messages in its Message-ID and in reply addresses: 42 letters and digits. */
export function replyToken(secrets: Secrets, messageId: string): string {
  const id = uuidBytes(messageId);
  return base32(Buffer.concat([id, macOf(secrets, 'reply token', id, REPLY_MAC)]));
}

/** The message that a token names; null for anything that we did not sign. */
export function readReplyToken(secrets: Secrets, token: string): string | null {
  const bytes = fromBase32(token.toLowerCase());
  if (bytes?.length !== 16 + REPLY_MAC) return null;
  const id = bytes.subarray(0, 16);
  return macFits(secrets, 'reply token', id, bytes.subarray(16)) ? uuidText(id) : null;
}

/** What an unsubscribe or preference link stands for. */
export interface LinkSubject {
  readonly companyId: string;
  readonly personId: string;
  readonly messageId: string;
}

/** Opaque, signed, without an end: opaque to the reader, complete for us even when the message is gone. */
export function linkToken(secrets: Secrets, { companyId, personId, messageId }: LinkSubject): string {
  return signIds(secrets, LINK, [companyId, personId, messageId]);
}

export function readLinkToken(secrets: Secrets, token: string): LinkSubject | null {
  const [companyId, personId, messageId] = readIds(secrets, LINK, 3, token) ?? [];
  return companyId === undefined || personId === undefined || messageId === undefined ? null : { companyId, personId, messageId };
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
