import { createPrivateKey, sign, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import { Secret } from '../secrets.ts';
import { CredentialsRejected } from './errors.ts';
import { vendorHttp } from './http.ts';
import type { TokenSource } from './oauth/types.ts';

/** A service account of Google Cloud, as its key file names it. */
export interface GoogleAccount {
  readonly clientEmail: string;
  /** PEM; line ends may be written as `\n`, as environments often hold them. */
  readonly privateKey: Secret;
}

const TOKEN_URL = 'https://oauth2.googleapis.com';
/** An assertion lasts for an hour at most, and so does its token. */
const LASTS_S = 3_600;
/** Renewed before others see it end. */
const EARLY_MS = 120_000;
const Answer = z.object({ access_token: z.string(), expires_in: z.number() });

/**
 * Access tokens without a person: a signed assertion for a token (RFC 7523).
 * @param scopes such as `https://www.googleapis.com/auth/datastore`, with spaces between
 * @see https://developers.google.com/identity/protocols/oauth2/service-account#httprest
 * @throws CredentialsRejected the key can't be read, or Google does not take it
 */
export function googleTokens(account: GoogleAccount, scopes: string, clock: Clock, tokenUrl = TOKEN_URL): TokenSource {
  const key = privateKeyOf(account);
  const http = vendorHttp({ vendor: 'Google', baseUrl: tokenUrl, rejected: [400, 401, 403] });
  let kept: { readonly token: Secret; readonly until: number } | null = null;

  async function fresh(): Promise<Secret> {
    const now = clock.now().getTime();
    const claims = {
      iss: account.clientEmail,
      scope: scopes,
      aud: `${TOKEN_URL}/token`,
      iat: Math.floor(now / 1_000),
      exp: Math.floor(now / 1_000) + LASTS_S,
    };
    const head = [{ alg: 'RS256', typ: 'JWT' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    const assertion = `${head}.${sign('RSA-SHA256', Buffer.from(head), key).toString('base64url')}`;
    const form = new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion });
    const answer = await http.post('/token', form, { answer: Answer, repeat: 'safe' });
    kept = { token: new Secret(answer.access_token), until: now + answer.expires_in * 1_000 - EARLY_MS };
    return kept.token;
  }

  return {
    current: async () => (kept !== null && kept.until > clock.now().getTime() ? kept.token : fresh()),
    renew: async (stale) => (kept !== null && kept.token !== stale ? kept.token : fresh()),
  };
}

function privateKeyOf({ privateKey }: GoogleAccount): KeyObject {
  try {
    return createPrivateKey(privateKey.reveal().replaceAll('\\n', '\n'));
  } catch (cause) {
    throw new CredentialsRejected(
      'The private key of the Google service account can’t be read: give the whole PEM text, BEGIN and END lines included',
      {
        cause,
      },
    );
  }
}
