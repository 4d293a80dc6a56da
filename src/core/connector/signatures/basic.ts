import { headerOf, sameText } from './compare.ts';
import { MISMATCH, UNSIGNED, VALID, type VerifySignature } from './types.ts';

/**
 * For vendors that sign nothing and carry a password instead (RFC 7617). Whose name stands before it does not matter: the address is the connection's own.
 * Anybody who saw one request can send another, so what is told is never more than a reason to ask.
 */
export const verifyBasic: VerifySignature = (request, secrets) => {
  const given = /^Basic ([A-Za-z0-9+/]+=*)$/.exec(headerOf(request, 'authorization') ?? '')?.[1];
  if (given === undefined) return UNSIGNED;
  const pair = Buffer.from(given, 'base64').toString('utf8');
  const password = pair.slice(pair.indexOf(':') + 1);
  return pair.includes(':') && secrets.map((secret) => sameText(password, secret.reveal())).includes(true) ? VALID : MISMATCH;
};
