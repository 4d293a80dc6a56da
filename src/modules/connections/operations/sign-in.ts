import { z } from 'zod';
import { CredentialsRejected, VendorRefused, VendorUnavailable } from '#core/connector/errors.ts';
import { authorizeUrl, randomToken, tokensForCode } from '#core/connector/oauth/exchange.ts';
import type { Connector } from '#core/connector/types.ts';
import { AppError, Conflict, Forbidden } from '#core/errors.ts';
import type { Config } from '#core/config.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import type { Principal } from '#core/operation/principal.ts';
import { publicUrl } from '#modules/accounts/public.ts';
import { ConnectionNotFound } from '../errors.ts';
import { closeEmailPort, connectionById, unlock } from '../ports.ts';
import { markRejected, markTrouble, markVerified } from '../state.ts';
import { beginSignIn, keepTokens, signInContext, takeSignIn } from '../sign-in/store.ts';

/** A page at the vendor is good for this long. */
const BEGUN_MS = 15 * 60_000;

/** Where vendors send a person back to: to be entered at the vendor, letter by letter. */
export function redirectUri(config: Config): string {
  return `${publicUrl(config)}/connections/authorized`;
}

/** This connector is used with keys, nobody signs in. */
export class NoSignIn extends Conflict {
  override readonly code = 'no_sign_in';
}
/** The way back from the vendor is not the one that was begun: too old, used already, or begun by somebody else. */
export class SignInUnknown extends AppError {
  readonly code = 'sign_in_unknown';
  readonly status = 422;
}

function oauthOf(connector: Connector) {
  if (connector.oauth === undefined) throw new NoSignIn(`${connector.title} is used with keys; there is nothing to sign in to`);
  return connector.oauth;
}

/** Only a person in a browser can go to the vendor and come back. */
function browserOf(principal: Principal): { userId: string; sessionId: string | null } {
  if (principal.kind !== 'user') throw new Forbidden('Sign in at a vendor in the web app: Connections → Sign in');
  return { userId: principal.userId, sessionId: principal.sessionId ?? null };
}

/** Begins to sign in: the address at the vendor, good for a quarter of an hour in this session. Who may is the caller's to say. @throws ConnectionNotFound, NoSignIn */
export async function beginAtVendor(ctx: Ctx, connectionId: string): Promise<{ url: string; redirectUri: string }> {
  const { userId, sessionId } = browserOf(ctx.principal);
  const row = await connectionById(ctx, ctx.companyId, connectionId);
  if (row === undefined) throw new ConnectionNotFound('There is no such connection; see GET /api/connections');
  const { connector, credentials, options } = await unlock(ctx.runtime, row);
  const oauth = oauthOf(connector);
  const [state, verifier, back] = [randomToken(), randomToken(), redirectUri(ctx.runtime.config)];
  const until = new Date(ctx.clock.now().getTime() + BEGUN_MS);
  const begun = { companyId: ctx.companyId, connectionId, state, verifier, redirectUri: back, userId, sessionId, until };
  await beginSignIn(ctx, ctx.runtime.secrets, begun, ctx.clock.now());
  const url = authorizeUrl(oauth.endpoints(options.baseUrl).authorize, {
    clientId: oauth.client(credentials).id,
    redirectUri: back,
    scopes: oauth.scopes,
    state,
    verifier,
    parameters: oauth.parameters?.(credentials) ?? {},
  });
  return { url, redirectUri: back };
}

export const authorizeConnection = operation({
  name: 'connections.authorize',
  summary: 'Begin to sign in at a vendor: the address to send the person to. Good for 15 minutes, in this session',
  http: 'POST /api/connections/{connection_id}/authorize',
  access: 'write',
  role: 'admin',
  status: 200,
  input: z.object({ connectionId: z.uuid().describe('Id of the connection') }),
  output: z.object({ url: z.url(), redirectUri: z.url().describe('Must be entered at the vendor as it stands here') }),
  errors: [ConnectionNotFound, NoSignIn],
  sensitiveOutput: true,
  async run(ctx, { connectionId }) {
    const begun = await beginAtVendor(ctx, connectionId);
    ctx.subject('connection', connectionId);
    return begun;
  },
});

const answers = [CredentialsRejected, VendorUnavailable, VendorRefused];

export const authorizedConnection = operation({
  name: 'connections.authorized',
  summary: 'Back from the vendor: what its address brought along becomes a sign-in, and is tested',
  http: 'POST /api/connections/authorized',
  access: 'outside',
  // Whoever began it may end it, in the session where they did: people connect calendars of their own.
  status: 200,
  input: z.object({
    state: z.string().min(1).max(200),
    code: z.string().min(1).max(4_000).optional(),
    error: z.string().max(1_000).optional().describe('What the vendor said instead of a code, such as access_denied'),
  }),
  output: z.object({
    connectionId: z.uuid(),
    title: z.string(),
    ok: z.boolean(),
    account: z.string().nullable(),
    error: z.string().nullable(),
  }),
  errors: [SignInUnknown],
  secretFields: ['state', 'code'],
  async run(ctx, { state, code, error }) {
    const { companyId, runtime } = ctx;
    const { userId, sessionId } = browserOf(ctx.principal);
    const now = ctx.clock.now();
    const found = await ctx.inCompany(companyId, async (inner) => {
      const taken = await takeSignIn(inner, companyId, state);
      const row = taken === undefined ? undefined : await connectionById(inner, companyId, taken.connectionId);
      return taken === undefined || row === undefined ? null : { taken, row };
    });
    const verifier = found?.taken.sealedVerifier;
    if (
      found === null ||
      verifier == null ||
      found.taken.redirectUri === null ||
      found.taken.begunBy !== userId ||
      found.taken.begunSession !== sessionId
    )
      throw new SignInUnknown('This way back was not begun in this session, or was used already. Press Sign in again under Connections');
    const { taken, row } = found;
    if (taken.begunUntil === null || taken.begunUntil < now)
      throw new SignInUnknown('It took longer than 15 minutes. Press Sign in again under Connections');
    const { connector, credentials, options } = await unlock(runtime, row);
    const oauth = oauthOf(connector);
    const told = { connectionId: row.id, title: connector.title };
    try {
      if (code === undefined) throw new CredentialsRejected(`${connector.title} did not let us in: ${error ?? 'no code came back'}`);
      const asking = { vendor: connector.title, endpoint: oauth.endpoints(options.baseUrl).token, client: oauth.client(credentials), now };
      const tokens = await tokensForCode(asking, code, runtime.secrets.open(verifier, signInContext(taken.id)), taken.redirectUri ?? '');
      await ctx.inCompany(companyId, (inner) => keepTokens(inner, runtime.secrets, { id: taken.id, companyId }, tokens, now, now));
      const account = await connector.verify(credentials, (await unlock(runtime, row)).options);
      await ctx.inCompany(companyId, async (inner) => {
        await markVerified(inner, runtime, companyId, row.id, account);
        inner.emit({ name: 'connection.changed', subject: { type: 'connection', id: row.id } });
      });
      await closeEmailPort(runtime, row.id);
      return { ...told, ok: true, account, error: null };
    } catch (caught) {
      if (!(caught instanceof Error) || !answers.some((expected) => caught instanceof expected)) throw caught;
      const mark = caught instanceof CredentialsRejected ? markRejected : markTrouble;
      await ctx.inCompany(companyId, (inner) => mark(inner, companyId, row.id, caught.message));
      return { ...told, ok: false, account: null, error: caught.message };
    }
  },
});
