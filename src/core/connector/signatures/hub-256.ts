import { checkHmac, headerOf } from './compare.ts';
import { UNSIGNED, type VerifySignature } from './types.ts';

/**
 * GitHub and Meta (Facebook, Instagram, WhatsApp): HMAC-SHA256 over the body, hex behind `sha256=`. The older SHA-1 header is not taken. No
 * time is signed: know a delivery by X-GitHub-Delivery, or at Meta by the ids inside.
 * @see https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
 * @see https://developers.facebook.com/docs/graph-api/webhooks/getting-started#validate-payloads
 */
export const verifyHub256: VerifySignature = (request, secrets) => {
  const signature = headerOf(request, 'x-hub-signature-256');
  return signature?.startsWith('sha256=') === true
    ? checkHmac({ algorithm: 'sha256', encoding: 'hex' }, [request.rawBody], [signature.slice(7)], secrets)
    : UNSIGNED;
};
