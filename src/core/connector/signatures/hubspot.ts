import { checkHmac, headerOf, isFresh, timeOf } from './compare.ts';
import { STALE, UNSIGNED, type VerifySignature } from './types.ts';

/** HubSpot: "reject the request if the timestamp is older than 5 minutes". */
const TOLERANCE_S = 300;

/** HubSpot signs these characters of the address as themselves, also where they came encoded. */
const DECODED: Readonly<Record<string, string>> = {
  '%3A': ':',
  '%2F': '/',
  '%3F': '?',
  '%40': '@',
  '%21': '!',
  '%24': '$',
  '%27': "'",
  '%28': '(',
  '%29': ')',
  '%2A': '*',
  '%2C': ',',
  '%3B': ';',
};

/**
 * HubSpot, version 3: HMAC-SHA256 over method, address, body and time (milliseconds). Versions 1 and 2 sign no time and, version 1, no address:
 * HubSpot sends version 3 beside them, so they are not taken.
 * @see https://developers.hubspot.com/docs/apps/legacy-apps/authentication/validating-requests
 */
export const verifyHubSpot: VerifySignature = (request, secrets, now) => {
  const signature = headerOf(request, 'x-hubspot-signature-v3');
  const stamp = headerOf(request, 'x-hubspot-request-timestamp');
  const at = timeOf(stamp, 1);
  if (signature === undefined || stamp === undefined || at === undefined) return UNSIGNED;
  if (!isFresh(at, now, TOLERANCE_S)) return STALE;
  const url = request.url.replace(/%[0-9A-F]{2}/gi, (code) => DECODED[code.toUpperCase()] ?? code);
  const parts = [request.method.toUpperCase(), url, request.rawBody, stamp];
  return checkHmac({ algorithm: 'sha256', encoding: 'base64' }, parts, [signature], secrets);
};
