import { checkHmac, headerOf, isFresh, timeOf } from './compare.ts';
import { STALE, UNSIGNED, type VerifySignature } from './types.ts';

/** As Svix's own libraries. */
const TOLERANCE_S = 300;

/**
 * Resend, by way of Svix: HMAC-SHA256 over id, time and body; the key is the base64 behind `whsec_`. The header holds one signature for each
 * secret that is valid at Svix, `v1,…`, parted by spaces.
 * @see https://docs.svix.com/receiving/verifying-payloads/how-manual
 */
export const verifySvix: VerifySignature = (request, secrets, now) => {
  const id = headerOf(request, 'svix-id');
  const stamp = headerOf(request, 'svix-timestamp');
  const at = timeOf(stamp, 1000);
  if (id === undefined || stamp === undefined || at === undefined) return UNSIGNED;
  const given = (headerOf(request, 'svix-signature') ?? '').split(' ').filter((one) => one.startsWith('v1,'));
  if (given.length > 0 && !isFresh(at, now, TOLERANCE_S)) return STALE;
  const scheme = {
    algorithm: 'sha256',
    encoding: 'base64',
    key: (secret: { reveal(): string }) => Buffer.from(secret.reveal().replace(/^whsec_/, ''), 'base64'),
  } as const;
  return checkHmac(
    scheme,
    [`${id}.${stamp}.`, request.rawBody],
    given.map((one) => one.slice(3)),
    secrets,
  );
};
