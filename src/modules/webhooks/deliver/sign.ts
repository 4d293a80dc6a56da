import { createHmac, randomBytes } from 'node:crypto';
import type { Secret } from '#core/secrets.ts';

/** A new signing secret, 24 random bytes as the specification wants them. */
export const newSecret = (): string => `whsec_${randomBytes(24).toString('base64')}`;

/**
 * The three headers of Standard Webhooks: HMAC-SHA256 over id, time and body with the base64 behind `whsec_`, one signature for each secret that is valid.
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function signatureHeaders(id: string, at: Date, body: string, secrets: readonly Secret[]): Record<string, string> {
  const stamp = String(Math.floor(at.getTime() / 1_000));
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.reveal().replace(/^whsec_/, ''), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${stamp}.${body}`).digest('base64')}`;
  });
  return { 'webhook-id': id, 'webhook-timestamp': stamp, 'webhook-signature': signatures.join(' ') };
}
