import { macFits, macOf, readIds, signIds, uuidBytes, uuidText } from '#core/signed-ids.ts';
import type { Secrets } from '#core/secrets.ts';

/** Which message. */
export interface Tracked {
  readonly companyId: string;
  readonly messageId: string;
}

const OPEN = 'tracked opening';
const LINK = 'tracked link';
const MAC_BYTES = 16;
const BODY_BYTES = 34;

/** A picture of one pixel that says which message shows it. */
export function pixelUrl(secrets: Secrets, base: string, { companyId, messageId }: Tracked): string {
  return `${base}/o/${signIds(secrets, OPEN, [companyId, messageId])}.gif`;
}

export function readPixel(secrets: Secrets, word: string): Tracked | null {
  const [companyId, messageId] = readIds(secrets, OPEN, 2, word.replace(/\.gif$/, '')) ?? [];
  return companyId === undefined || messageId === undefined ? null : { companyId, messageId };
}

/**
 * A link of a mail by way of us. The signature covers the target: it leads nowhere else, needs no row, and outlives the message.
 * @param link its place in the mail, from 1; 0 for the one that no reader sees
 */
export function trackedUrl(secrets: Secrets, base: string, { companyId, messageId }: Tracked, link: number, target: string): string {
  const body = Buffer.alloc(BODY_BYTES);
  uuidBytes(companyId).copy(body, 0);
  uuidBytes(messageId).copy(body, 16);
  body.writeUInt16BE(link, 32);
  const mac = macOf(secrets, LINK, Buffer.concat([body, Buffer.from(target)]), MAC_BYTES);
  return `${base}/c/${Buffer.concat([body, mac]).toString('base64url')}?u=${encodeURIComponent(target)}`;
}

/** Null for anything but a link of ours with its own target. */
export function readTrackedUrl(secrets: Secrets, word: string, target: string): (Tracked & { readonly link: number }) | null {
  const bytes = Buffer.from(word, 'base64url');
  if (bytes.length !== BODY_BYTES + MAC_BYTES || bytes.toString('base64url') !== word) return null;
  const body = bytes.subarray(0, BODY_BYTES);
  if (!macFits(secrets, LINK, Buffer.concat([body, Buffer.from(target)]), bytes.subarray(BODY_BYTES))) return null;
  return { companyId: uuidText(body.subarray(0, 16)), messageId: uuidText(body.subarray(16, 32)), link: body.readUInt16BE(32) };
}
