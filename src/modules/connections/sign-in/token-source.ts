import { setTimeout as pause } from 'node:timers/promises';
import { CredentialsRejected, VendorUnavailable } from '#core/connector/errors.ts';
import { refreshed } from '#core/connector/oauth/exchange.ts';
import type { OAuth, Tokens, TokenSource } from '#core/connector/oauth/types.ts';
import type { Runtime } from '#core/runtime.ts';
import { Secret } from '#core/secrets.ts';
import { claimRenewal, keepTokens, readSignIn, tokensOf, unclaimRenewal } from './store.ts';

/** Renewed when it is good for less than this. Milliseconds. */
const MARGIN_MS = 60_000;
/** A process that renews may take this long before another tries. Longer than the call to the vendor may take. */
const CLAIM_MS = 40_000;
const WAIT_MS = 100;

export interface SignedIn {
  readonly companyId: string;
  readonly connectionId: string;
  readonly title: string;
  readonly oauth: OAuth<Record<string, unknown>>;
  readonly credentials: Record<string, unknown>;
  readonly baseUrl: string | undefined;
}

/**
 * The access token of a connection. One process renews it while all others wait for what it gets: vendors that hand out a new refresh token each
 * time take the second use of an old one for a theft, and end the sign-in.
 */
export function tokenSource(runtime: Runtime, signedIn: SignedIn): TokenSource {
  let known: { readonly tokens: Tokens; readonly until: number } | null = null;
  const { companyId, connectionId } = signedIn;
  const isFresh = ({ accessExpiresAt }: Tokens) =>
    accessExpiresAt === null || accessExpiresAt.getTime() - runtime.clock.now().getTime() > MARGIN_MS;

  async function read(): Promise<{ id: string; tokens: Tokens }> {
    const row = await runtime.database.read(companyId, (tx) => readSignIn(tx, companyId, connectionId));
    const tokens = row === undefined ? null : tokensOf(runtime.secrets, row);
    if (row === undefined || tokens === null)
      throw new CredentialsRejected(`Nobody has signed in at ${signedIn.title} yet. Press Sign in under Connections`);
    return { id: row.id, tokens };
  }

  async function renewed(stale: string | null): Promise<Secret> {
    const isGood = (tokens: Tokens) => tokens.access !== stale && isFresh(tokens);
    for (let waited = 0; waited < CLAIM_MS + MARGIN_MS; waited += WAIT_MS) {
      const { id, tokens } = await read();
      if (isGood(tokens)) return remember(tokens);
      if (!(await runtime.database.write(companyId, (tx) => claimRenewal(tx, companyId, id, CLAIM_MS)))) {
        await pause(WAIT_MS);
        continue;
      }
      // Somebody may have renewed it between the look and the claim: its refresh token is void then.
      const now = await read();
      if (isGood(now.tokens)) {
        await runtime.database.write(companyId, (tx) => unclaimRenewal(tx, companyId, id));
        return remember(now.tokens);
      }
      return remember(await renew(id, now.tokens));
    }
    throw new VendorUnavailable(`The sign-in at ${signedIn.title} is being renewed for too long`, { retryAfterS: 60 });
  }

  async function renew(id: string, tokens: Tokens): Promise<Tokens> {
    const { oauth, credentials, baseUrl, title } = signedIn;
    const now = runtime.clock.now();
    try {
      if (tokens.refresh === null) throw new CredentialsRejected(`The sign-in at ${title} has ended. Sign in again under Connections`);
      const asking = { vendor: title, endpoint: oauth.endpoints(baseUrl).token, client: oauth.client(credentials), now };
      const fresh = await refreshed(asking, tokens.refresh, tokens);
      await runtime.database.write(companyId, (tx) => keepTokens(tx, runtime.secrets, { id, companyId }, fresh, null, now));
      return fresh;
    } catch (error) {
      await runtime.database.write(companyId, (tx) => unclaimRenewal(tx, companyId, id));
      throw error;
    }
  }

  function remember(tokens: Tokens): Secret {
    known = { tokens, until: performance.now() + MARGIN_MS };
    return new Secret(tokens.access);
  }

  return {
    current() {
      // Looked up again each minute: a person may have signed in anew.
      if (known !== null && performance.now() < known.until && isFresh(known.tokens))
        return Promise.resolve(new Secret(known.tokens.access));
      return renewed(null);
    },
    renew: (stale) => renewed(stale.reveal()),
  };
}
