import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits with a prefix that tells people and secret scanners what it is. */
export function newToken(prefix: 'stw' | 'ses' | 'inv' | 'rst' | 'set'): string {
  return `${prefix}_${randomBytes(32).toString('base64url')}`;
}

/** How a token is stored. Plain SHA-256 is enough: there is nothing to guess in 256 random bits. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** A token as input: bounded, nothing else known about it. */
export const LONGEST_TOKEN = 200;
