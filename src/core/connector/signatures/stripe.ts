import { checkHmac, headerOf, isFresh, timeOf } from './compare.ts';
import { STALE, UNSIGNED, type VerifySignature } from './types.ts';

/** As Stripe's own libraries. Each try is signed afresh. */
const TOLERANCE_S = 300;

/**
 * Stripe: HMAC-SHA256 over time and body; `t=…,v1=…` with one v1 for each secret that is valid there. v0 is for tests and is not taken.
 * @see https://docs.stripe.com/webhooks#verify-manually
 */
export const verifyStripe: VerifySignature = (request, secrets, now) => {
  const entries = (headerOf(request, 'stripe-signature') ?? '').split(',').map((part) => part.trim());
  const valuesOf = (name: string) => entries.filter((part) => part.startsWith(`${name}=`)).map((part) => part.slice(name.length + 1));
  const [stamp] = valuesOf('t');
  const at = timeOf(stamp, 1000);
  const given = valuesOf('v1');
  if (stamp === undefined || at === undefined || given.length === 0) return UNSIGNED;
  if (!isFresh(at, now, TOLERANCE_S)) return STALE;
  return checkHmac({ algorithm: 'sha256', encoding: 'hex' }, [`${stamp}.`, request.rawBody], given, secrets);
};
