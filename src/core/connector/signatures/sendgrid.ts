import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import type { Secret } from '#core/secrets.ts';
import { headerOf, isFresh, timeOf } from './compare.ts';
import { MISMATCH, STALE, UNSIGNED, VALID, type VerifySignature } from './types.ts';

/** SendGrid tries an event for a day and does not say whether it signs each try afresh. Events are told apart by sg_event_id anyway. */
const TOLERANCE_S = 25 * 3_600;

/**
 * SendGrid's signed event webhook and Inbound Parse: ECDSA P-256 with SHA-256 over time and body. The "secrets" are the verification keys
 * that SendGrid shows (base64 of SPKI).
 * @see https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features
 */
export const verifySendGrid: VerifySignature = (request, keys, now) => {
  const signature = headerOf(request, 'x-twilio-email-event-webhook-signature');
  const stamp = headerOf(request, 'x-twilio-email-event-webhook-timestamp');
  const at = timeOf(stamp, 1000);
  if (signature === undefined || stamp === undefined || at === undefined) return UNSIGNED;
  if (!isFresh(at, now, TOLERANCE_S)) return STALE;
  const bytes = Buffer.from(signature, 'base64');
  if (bytes.toString('base64') !== signature) return MISMATCH; // the decoder skips what is no base64
  const signed = Buffer.concat([Buffer.from(stamp), request.rawBody]);
  return keys.some((key) => signedBy(publicKey(key), signed, bytes)) ? VALID : MISMATCH;
};

function signedBy(key: KeyObject | null, signed: Uint8Array, signature: Uint8Array): boolean {
  return key !== null && verify('sha256', signed, { key, dsaEncoding: 'der' }, signature);
}

/** Null for what is no P-256 key. */
function publicKey(secret: Secret): KeyObject | null {
  try {
    const key = createPublicKey({ key: Buffer.from(secret.reveal(), 'base64'), format: 'der', type: 'spki' });
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : null;
  } catch {
    return null;
  }
}
