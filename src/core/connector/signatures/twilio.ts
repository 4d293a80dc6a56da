import { createHash } from 'node:crypto';
import { checkHmac, headerOf, sameText } from './compare.ts';
import { MISMATCH, UNSIGNED, type SignedRequest, type VerifySignature } from './types.ts';

/**
 * Twilio: HMAC-SHA1 over the address and, for a form, its fields in order of name. Any other body is bound by its SHA-256 in the query
 * (`bodySHA256`), which the address carries into the signature. No time is signed: know a delivery by MessageSid and status, or by
 * I-Twilio-Idempotency-Token.
 * @see https://www.twilio.com/docs/usage/security#validating-requests
 */
export const verifyTwilio: VerifySignature = (request, tokens) => {
  const signature = headerOf(request, 'x-twilio-signature');
  if (signature === undefined || !URL.canParse(request.url)) return UNSIGNED;
  const digest = new URL(request.url).searchParams.get('bodySHA256');
  if (digest !== null && !sameText(digest.toLowerCase(), createHash('sha256').update(request.rawBody).digest('hex'))) return MISMATCH;
  if (digest === null && request.rawBody.length > 0 && !isForm(request)) return MISMATCH; // nothing would vouch for the body
  const fields = digest === null ? fieldsOf(request.rawBody) : '';
  return checkHmac({ algorithm: 'sha1', encoding: 'base64' }, [request.url, fields], [signature], tokens);
};

function isForm(request: SignedRequest): boolean {
  return /^application\/x-www-form-urlencoded\b/i.test(headerOf(request, 'content-type') ?? '');
}

/** Name and value, name and value, sorted by name; a value that comes twice counts once. */
function fieldsOf(body: Uint8Array): string {
  const form = new URLSearchParams(Buffer.from(body).toString('utf8'));
  const names = [...new Set(form.keys())].toSorted((a, b) => (a < b ? -1 : 1));
  return names
    .flatMap((name) => [...new Set(form.getAll(name))].toSorted((a, b) => (a < b ? -1 : 1)).map((value) => `${name}${value}`))
    .join('');
}
