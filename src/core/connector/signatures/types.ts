import type { Secret } from '#core/secrets.ts';

/** A webhook exactly as it came: signatures are over bytes, so parse only what has been verified. */
export interface SignedRequest {
  readonly method: string;
  /** As the vendor called it: scheme, host, path and query. Behind a proxy that is the public address. */
  readonly url: string;
  /** Names in lower case, as Node gives them. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly rawBody: Uint8Array;
}

/** `unsigned`: what should carry the signature is missing or unreadable. `stale`: signed too long ago, or in the future. */
export type SignatureVerdict = { readonly valid: true } | { readonly valid: false; readonly reason: 'unsigned' | 'stale' | 'mismatch' };

/**
 * Did this vendor send it? Several secrets while one is being replaced: any of them will do. Where the vendor signs no time (Twilio, Shopify,
 * Meta, GitHub), a copy of an old request passes: there the caller must know deliveries by their ids.
 */
export type VerifySignature = (request: SignedRequest, secrets: readonly Secret[], now: Date) => SignatureVerdict;

export const VALID: SignatureVerdict = { valid: true };
export const UNSIGNED: SignatureVerdict = { valid: false, reason: 'unsigned' };
export const STALE: SignatureVerdict = { valid: false, reason: 'stale' };
export const MISMATCH: SignatureVerdict = { valid: false, reason: 'mismatch' };
