import { createHmac } from 'node:crypto';
import type { Secrets } from '#core/secrets.ts';

/** Keys derived once a process and kept. */
const rings = new WeakMap<Secrets, readonly Buffer[]>();

const ASCII = /^[\x21-\x7e]*$/;

/**
 * What two ways of writing one address have in common, beyond what normaliseEmail does: full width letters, ligatures, sharp s,
 * final sigma. Only for comparing with the list of those who must get no mail: there, one too many is the safe side.
 */
function folded(address: string): string {
  if (ASCII.test(address)) return address.toLowerCase();
  return address.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC').replaceAll('ς', 'σ');
}

/** Keyed hashes of an address, one for each key of the ring, the current one first: what stays of it when its person is erased. */
export function addressHashes(secrets: Secrets, address: string): [string, ...string[]] {
  const keys = rings.get(secrets) ?? secrets.deriveAll('suppressed address');
  rings.set(secrets, keys);
  const text = folded(address);
  const [first = '', ...rest] = keys.map((key) => createHmac('sha256', key).update(text).digest('hex'));
  return [first, ...rest];
}
