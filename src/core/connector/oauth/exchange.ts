import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Secret } from '#core/secrets.ts';
import { CredentialsRejected } from '../errors.ts';
import { vendorHttp } from '../http.ts';
import type { Tokens } from './types.ts';

/** RFC 7636, 4.1: 43 to 128 characters. Also good for a state. */
export function randomToken(): string {
  return randomBytes(32).toString('base64url');
}

/** RFC 7636, 4.2: S256. */
export function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url');
}

/** The address where a person agrees (RFC 6749, 4.1.1). */
export function authorizeUrl(
  endpoint: string,
  ask: {
    readonly clientId: string;
    readonly redirectUri: string;
    readonly scopes: readonly string[];
    readonly state: string;
    readonly verifier: string;
    readonly parameters: Readonly<Record<string, string>>;
  },
): string {
  const url = new URL(endpoint);
  const query = {
    ...ask.parameters,
    response_type: 'code',
    client_id: ask.clientId,
    redirect_uri: ask.redirectUri,
    scope: ask.scopes.join(' '),
    state: ask.state,
    code_challenge: challengeOf(ask.verifier),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url.toString();
}

/** RFC 6749, 5.1; `refresh_token_expires_in` is said by Google, Microsoft and others. */
const Granted = z.object({
  access_token: z.string().min(1),
  expires_in: z.coerce.number().positive().optional(),
  refresh_token: z.string().min(1).optional(),
  refresh_token_expires_in: z.coerce.number().positive().optional(),
  scope: z.string().optional(),
});
/** RFC 6749, 5.2. */
const Refused = z.object({ error: z.string(), error_description: z.string().optional() });

interface Asking {
  readonly vendor: string;
  readonly endpoint: string;
  readonly client: { readonly id: string; readonly secret: Secret };
  readonly now: Date;
  readonly signal?: AbortSignal;
}

async function ask(asking: Asking, grant: Readonly<Record<string, string>>): Promise<Tokens> {
  const { vendor, endpoint, client, now, signal } = asking;
  const http = vendorHttp({
    vendor,
    baseUrl: endpoint,
    secrets: [client.secret.reveal(), ...Object.values(grant)],
    timeoutMs: 30_000,
    refusal(_status, body) {
      const refused = Refused.safeParse(body).data;
      if (refused === undefined) return undefined;
      const { error, error_description: why } = refused;
      if (error === 'invalid_grant')
        return new CredentialsRejected(`The sign-in at ${vendor} is no longer good (${why ?? error}). Sign in again`);
      return new CredentialsRejected(
        `${vendor} does not accept this app (${error}${why === undefined ? '' : `: ${why}`}). Check client ID and secret`,
      );
    },
  });
  const body = new URLSearchParams({ ...grant, client_id: client.id, client_secret: client.secret.reveal() });
  const granted = await http.post('', body, { answer: Granted, repeat: 'safe', ...(signal === undefined ? {} : { signal }) });
  const after = (seconds: number | undefined) => (seconds === undefined ? null : new Date(now.getTime() + seconds * 1_000));
  return {
    access: granted.access_token,
    accessExpiresAt: after(granted.expires_in),
    refresh: granted.refresh_token ?? null,
    refreshExpiresAt: after(granted.refresh_token_expires_in),
    scopes: granted.scope ?? null,
  };
}

/** RFC 6749, 4.1.3, with RFC 7636, 4.5. @throws CredentialsRejected, VendorUnavailable */
export function tokensForCode(asking: Asking, code: string, verifier: string, redirectUri: string): Promise<Tokens> {
  return ask(asking, { grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: redirectUri });
}

/** RFC 6749, 6. A vendor that gives no new refresh token means that the old one stays. @throws CredentialsRejected, VendorUnavailable */
export async function refreshed(asking: Asking, refresh: string, known: Pick<Tokens, 'refreshExpiresAt' | 'scopes'>): Promise<Tokens> {
  const tokens = await ask(asking, { grant_type: 'refresh_token', refresh_token: refresh });
  return {
    ...tokens,
    refresh: tokens.refresh ?? refresh,
    refreshExpiresAt: tokens.refreshExpiresAt ?? known.refreshExpiresAt,
    scopes: tokens.scopes ?? known.scopes,
  };
}
