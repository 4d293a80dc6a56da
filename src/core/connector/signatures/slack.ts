import { checkHmac, headerOf, isFresh, timeOf } from './compare.ts';
import { STALE, UNSIGNED, type VerifySignature } from './types.ts';

/** Slack's own advice. */
const TOLERANCE_S = 300;

/**
 * Slack: HMAC-SHA256 over version, time and body, in hex behind `v0=`.
 * @see https://docs.slack.dev/authentication/verifying-requests-from-slack
 */
export const verifySlack: VerifySignature = (request, secrets, now) => {
  const signature = headerOf(request, 'x-slack-signature');
  const stamp = headerOf(request, 'x-slack-request-timestamp');
  const at = timeOf(stamp, 1000);
  if (signature?.startsWith('v0=') !== true || stamp === undefined || at === undefined) return UNSIGNED;
  if (!isFresh(at, now, TOLERANCE_S)) return STALE;
  return checkHmac({ algorithm: 'sha256', encoding: 'hex' }, [`v0:${stamp}:`, request.rawBody], [signature.slice(3)], secrets);
};
