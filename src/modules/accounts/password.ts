import { hash as argon2Hash, verify as argon2Verify } from '@node-rs/argon2';
import { z } from 'zod';
import { COMMON_PASSWORDS } from './common-passwords.ts';

const SHORTEST = 10;
const LONGEST_BYTES = 1_000;

/** OWASP Password Storage Cheat Sheet: argon2id (the library's default), 19 MiB, 2 passes, 1 lane. About 25 ms. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const CURRENT = `$argon2id$v=19$m=${COST.memoryCost},t=${COST.timeCost},p=${COST.parallelism}$`;

/** A password that someone chooses now. What is merely checked (sign-in) takes any text up to the same length. */
export function newPassword() {
  return z
    .string()
    .min(SHORTEST, `has fewer than ${SHORTEST} characters; a few words in a row are easy to remember`)
    .refine(fits, 'is longer than 1,000 bytes')
    .refine((text) => !isCommon(text), 'is one of the first that anybody would try; choose another');
}

/** A password as typed at sign-in. The length is bounded so that nobody makes us hash megabytes. */
export function givenPassword() {
  return z.string().min(1).refine(fits, 'is longer than 1,000 bytes');
}

function fits(text: string): boolean {
  return Buffer.byteLength(text) <= LONGEST_BYTES;
}

/** Known lists, one character over and over, or a plain run such as 1234567890. */
function isCommon(password: string): boolean {
  const plain = password.toLowerCase();
  const bare = plain
    .replace(/[^a-z]+$/, '')
    .replace(/0/g, 'o')
    .replace(/@/g, 'a')
    .replace(/\$/g, 's')
    .replace(/1/g, 'i')
    .replace(/3/g, 'e');
  if (COMMON_PASSWORDS.has(plain) || COMMON_PASSWORDS.has(bare)) return true;
  if (new Set(plain).size <= 2) return true;
  return '01234567890123456789 98765432109876543210 abcdefghijklmnopqrstuvwxyz'.includes(plain);
}

export function hashPassword(password: string): Promise<string> {
  return argon2Hash(password.normalize('NFKC'), COST);
}

/** `stale`: right, but stored in an older way (bcrypt, weaker argon2): hash it anew now that the text is at hand. */
export async function verifyPassword(password: string, hashed: string): Promise<{ right: boolean; stale: boolean }> {
  const right = hashed.startsWith('$2')
    ? await (await import('bcryptjs')).compare(password, hashed)
    : await argon2Verify(hashed, password.normalize('NFKC')).catch(() => false);
  return { right, stale: right && !hashed.startsWith(CURRENT) };
}

let decoy: Promise<string> | undefined;

/** Spends as long as a real check, so that the time of an answer does not tell whether an account exists. Always wrong. */
export async function verifyNobody(password: string): Promise<void> {
  decoy ??= hashPassword('nobody has this password');
  await verifyPassword(password, await decoy);
}
