import { checkHmac, headerOf } from './compare.ts';
import { UNSIGNED, type VerifySignature } from './types.ts';

/**
 * Shopify: HMAC-SHA256 over the body, base64. No time is signed: know a delivery by X-Shopify-Event-Id.
 * @see https://shopify.dev/docs/apps/build/webhooks/subscribe/https
 */
export const verifyShopify: VerifySignature = (request, secrets) => {
  const signature = headerOf(request, 'x-shopify-hmac-sha256');
  return signature === undefined
    ? UNSIGNED
    : checkHmac({ algorithm: 'sha256', encoding: 'base64' }, [request.rawBody], [signature], secrets);
};
