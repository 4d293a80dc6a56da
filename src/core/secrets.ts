import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { Misconfigured } from './errors.ts';

const REDACTED = '[secret]';

/** A value that shows itself to nobody by accident: log, JSON, string and inspect all print `[secret]`. */
export class Secret {
  readonly #value: string;
  constructor(value: string) {
    this.#value = value;
  }
  /** The one way to the text. Call it where the value is used, never earlier. */
  reveal(): string {
    return this.#value;
  }
  toString(): string {
    return REDACTED;
  }
  toJSON(): string {
    return REDACTED;
  }
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return REDACTED;
  }
}

/** A zod field for a credential: text in, `Secret` out. Forms show it as a password box (`x-secret` in the JSON schema). */
export function secret() {
  return z
    .string()
    .min(1)
    .meta({ 'x-secret': true })
    .transform((text) => new Secret(text));
}

/** The field of a form that says where its secrets are sent: one host, or several with commas between. Where another is added, they are asked for anew. */
export const HOST = { 'x-host': true } as const;

/** Encryption at rest and keys derived for one purpose each. */
export interface Secrets {
  /** AES-256-GCM. Output: `v1.<key id>.<iv>.<tag>.<ciphertext>`, base64url. `context` is bound in (row id) and must match on opening. */
  seal(plain: string, context: string): string;
  open(sealed: string, context: string): string;
  /** Whether the key of a sealed text is at hand. */
  knows(sealed: string): boolean;
  /** 32 bytes for one purpose (HKDF-SHA256, RFC 5869): token signing, unsubscribe links, erased-address hashes. */
  derive(purpose: string): Buffer;
  /** The same for every key of the ring, the current one first: what checks something old must try them all. */
  deriveAll(purpose: string): readonly Buffer[];
}

/**
 * @param keys the current secret first, then retired ones that may still open old values (rotation).
 */
export function openSecrets(keys: readonly [string, ...string[]]): Secrets {
  const ring = keys.map((key) => ({ key, id: Buffer.from(hkdfSync('sha256', key, '', 'steward key id', 6)).toString('base64url') }));
  const [current] = ring;
  if (current === undefined || current.key.length < 16) {
    throw new Misconfigured('STEWARD_SECRET is shorter than 16 characters; make one with: openssl rand -base64 32');
  }
  const made = new Map<string, Buffer>();
  /** Kept: requests ask for the same few again and again, and one takes some 20 µs. */
  const keyFor = (key: string, purpose: string) => {
    const name = `${purpose}\n${key}`;
    const known = made.get(name) ?? Buffer.from(hkdfSync('sha256', key, 'steward', purpose, 32));
    if (made.size < 1_000) made.set(name, known);
    return known;
  };
  return {
    seal(plain, context) {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', keyFor(current.key, 'seal'), iv).setAAD(Buffer.from(context));
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return ['v1', current.id, iv.toString('base64url'), cipher.getAuthTag().toString('base64url'), body.toString('base64url')].join('.');
    },
    open(sealed, context) {
      const [version, id, iv, tag, body] = sealed.split('.');
      const entry = ring.find((candidate) => candidate.id === id);
      if (version !== 'v1' || entry === undefined || iv === undefined || tag === undefined || body === undefined) {
        throw new Misconfigured(
          'A stored credential was encrypted with another STEWARD_SECRET; put the old one back, or enter the credential anew',
        );
      }
      const decipher = createDecipheriv('aes-256-gcm', keyFor(entry.key, 'seal'), Buffer.from(iv, 'base64url'))
        .setAAD(Buffer.from(context))
        .setAuthTag(Buffer.from(tag, 'base64url'));
      return Buffer.concat([decipher.update(Buffer.from(body, 'base64url')), decipher.final()]).toString('utf8');
    },
    knows: (sealed) => ring.some(({ id }) => sealed.startsWith(`v1.${id}.`)),
    derive: (purpose) => keyFor(current.key, `derive ${purpose}`),
    deriveAll: (purpose) => ring.map(({ key }) => keyFor(key, `derive ${purpose}`)),
  };
}
