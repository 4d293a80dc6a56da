import { z } from 'zod';
import { checkHmac, headerOf, isFresh, timeOf } from '#core/connector/signatures/compare.ts';
import { verifyHub256 } from '#core/connector/signatures/hub-256.ts';
import { verifyHubSpot } from '#core/connector/signatures/hubspot.ts';
import { verifyTwilio } from '#core/connector/signatures/twilio.ts';
import { verifyShopify } from '#core/connector/signatures/shopify.ts';
import { verifySlack } from '#core/connector/signatures/slack.ts';
import { verifyStripe } from '#core/connector/signatures/stripe.ts';
import { verifySvix } from '#core/connector/signatures/svix.ts';
import { STALE, UNSIGNED, type SignatureVerdict, type SignedRequest, type VerifySignature } from '#core/connector/signatures/types.ts';
import type { Secret } from '#core/secrets.ts';

const headerName = z.string().regex(/^[A-Za-z0-9-]{1,100}$/, { error: 'The name of a header, e.g. X-Signature' });

/** How a hook knows its sender: as a known system signs, or described field by field. */
export const SignatureScheme = z.discriminatedUnion('preset', [
  z.strictObject({ preset: z.enum(['github', 'stripe', 'standard', 'svix', 'shopify', 'slack', 'hubspot', 'twilio']) }),
  z.strictObject({
    preset: z.literal('own'),
    header: headerName.describe('Carries the signature'),
    algorithm: z.enum(['sha1', 'sha256', 'sha512']).default('sha256'),
    encoding: z.enum(['hex', 'base64']).default('hex'),
    prefix: z.string().max(40).default('').describe('Stands before the signature, e.g. sha256='),
    timestampHeader: headerName.optional().describe('Seconds since 1970; then “<time>.<body>” is signed, else the body alone'),
    toleranceS: z.int().min(1).max(86_400).default(300).describe('How far that time may be off, in seconds'),
  }),
]);
export type SignatureScheme = z.output<typeof SignatureScheme>;

const PRESETS: Readonly<Record<Exclude<SignatureScheme['preset'], 'own'>, VerifySignature>> = {
  github: verifyHub256,
  stripe: verifyStripe,
  svix: verifySvix,
  standard: (request, secrets, now) => verifySvix({ ...request, headers: asSvix(request.headers) }, secrets, now),
  shopify: verifyShopify,
  slack: verifySlack,
  hubspot: verifyHubSpot,
  twilio: verifyTwilio,
};

/** Standard Webhooks is Svix's scheme under other names of the headers. */
function asSvix(headers: SignedRequest['headers']): SignedRequest['headers'] {
  return {
    'svix-id': headers['webhook-id'],
    'svix-timestamp': headers['webhook-timestamp'],
    'svix-signature': headers['webhook-signature'],
  };
}

/** Did who knows the secret send this? Compared in constant time. */
export function verifyRequest(scheme: SignatureScheme, request: SignedRequest, secret: Secret, now: Date): SignatureVerdict {
  if (scheme.preset !== 'own') return PRESETS[scheme.preset](request, [secret], now);
  const given = headerOf(request, scheme.header.toLowerCase());
  if (given === undefined || !given.startsWith(scheme.prefix)) return UNSIGNED;
  const parts: (string | Uint8Array)[] = [request.rawBody];
  if (scheme.timestampHeader !== undefined) {
    const stamp = headerOf(request, scheme.timestampHeader.toLowerCase());
    const at = timeOf(stamp, 1000);
    if (stamp === undefined || at === undefined) return UNSIGNED;
    if (!isFresh(at, now, scheme.toleranceS)) return STALE;
    parts.unshift(`${stamp}.`);
  }
  return checkHmac({ algorithm: scheme.algorithm, encoding: scheme.encoding }, parts, [given.slice(scheme.prefix.length)], [secret]);
}
