import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Tokens } from '#core/connector/oauth/types.ts';
import type { Statement, Transaction } from '#core/database/database.ts';
import { newId } from '#core/ids.ts';
import type { Secrets } from '#core/secrets.ts';

/** What is sealed: the tokens themselves. */
const Sealed = z.object({ access: z.string(), refresh: z.string().nullable() });
/** Bound to the row: a sealed text that was copied to another does not open there. */
export const signInContext = (id: string) => `sign-in ${id}`;

const COLUMNS = `id, connection_id as "connectionId", sealed_tokens as "sealedTokens", scopes, access_expires_at as "accessExpiresAt", refresh_expires_at as "refreshExpiresAt", granted_at as "grantedAt"`;
const READ: Statement = {
  name: 'sign_ins.read',
  text: `select ${COLUMNS} from connection_sign_ins where company_id = $1 and connection_id = $2`,
};
const BEGIN: Statement = {
  name: 'sign_ins.begin',
  text: `insert into connection_sign_ins (id, company_id, connection_id) values ($1, $2, $3) on conflict (connection_id) do update set updated_at = connection_sign_ins.updated_at returning id`,
};
const BEGUN: Statement = {
  name: 'sign_ins.begun',
  text: `update connection_sign_ins set state_hash = $3, begun_by = $4, begun_session = $5, begun_until = $6, redirect_uri = $7, sealed_verifier = $8, updated_at = $9 where id = $1 and company_id = $2`,
};
// Taken once: whoever brings the state again finds nothing.
const TAKE: Statement = {
  name: 'sign_ins.take',
  text: `update connection_sign_ins s set state_hash = null, sealed_verifier = null, begun_by = null, begun_session = null, begun_until = null
           from (select id, begun_by, begun_session, begun_until, sealed_verifier, redirect_uri from connection_sign_ins where company_id = $1 and state_hash = $2 for update) was
          where s.id = was.id and s.company_id = $1
         returning s.id, s.connection_id as "connectionId", was.begun_by as "begunBy", was.begun_session as "begunSession", was.begun_until as "begunUntil",
           was.sealed_verifier as "sealedVerifier", was.redirect_uri as "redirectUri"`,
};
const KEEP: Statement = {
  name: 'sign_ins.keep',
  text: `update connection_sign_ins set sealed_tokens = $3, scopes = $4, access_expires_at = $5, refresh_expires_at = $6, granted_at = coalesce($7, granted_at),
           renewing_until = null, updated_at = $8 where id = $1 and company_id = $2`,
};
const CLAIM: Statement = {
  name: 'sign_ins.claim',
  text: `update connection_sign_ins set renewing_until = now() + $3 * interval '1 millisecond'
          where id = $1 and company_id = $2 and (renewing_until is null or renewing_until < now()) returning id`,
};
const UNCLAIM: Statement = {
  name: 'sign_ins.unclaim',
  text: `update connection_sign_ins set renewing_until = null where id = $1 and company_id = $2`,
};

export interface SignInRow {
  readonly id: string;
  readonly connectionId: string;
  readonly sealedTokens: string | null;
  readonly scopes: string | null;
  readonly accessExpiresAt: Date | null;
  readonly refreshExpiresAt: Date | null;
  readonly grantedAt: Date | null;
}

export async function readSignIn(tx: Transaction, companyId: string, connectionId: string): Promise<SignInRow | undefined> {
  const [row] = await tx.query<SignInRow>(READ, [companyId, connectionId]);
  return row;
}

/** Null before anybody has signed in. */
export function tokensOf(secrets: Secrets, row: SignInRow): Tokens | null {
  if (row.sealedTokens === null) return null;
  const { access, refresh } = Sealed.parse(JSON.parse(secrets.open(row.sealedTokens, signInContext(row.id))));
  return { access, refresh, accessExpiresAt: row.accessExpiresAt, refreshExpiresAt: row.refreshExpiresAt, scopes: row.scopes };
}

const hashOf = (state: string) => createHash('sha256').update(state).digest('hex');

export interface Begun {
  readonly companyId: string;
  readonly connectionId: string;
  readonly state: string;
  readonly verifier: string;
  readonly redirectUri: string;
  readonly userId: string;
  readonly sessionId: string | null;
  readonly until: Date;
}

/** A later one takes the place of an earlier one: only the newest page at the vendor is good. */
export async function beginSignIn(tx: Transaction, secrets: Secrets, begun: Begun, now: Date): Promise<void> {
  const [row] = await tx.query<{ id: string }>(BEGIN, [newId(), begun.companyId, begun.connectionId]);
  if (row === undefined) throw new Error('a sign-in has a row');
  const sealed = secrets.seal(begun.verifier, signInContext(row.id));
  await tx.query(BEGUN, [
    row.id,
    begun.companyId,
    hashOf(begun.state),
    begun.userId,
    begun.sessionId,
    begun.until,
    begun.redirectUri,
    sealed,
    now,
  ]);
}

export interface Taken {
  readonly id: string;
  readonly connectionId: string;
  readonly begunBy: string | null;
  readonly begunSession: string | null;
  readonly begunUntil: Date | null;
  readonly sealedVerifier: string | null;
  readonly redirectUri: string | null;
}

export async function takeSignIn(tx: Transaction, companyId: string, state: string): Promise<Taken | undefined> {
  const [row] = await tx.query<Taken>(TAKE, [companyId, hashOf(state)]);
  return row;
}

/** `grantedAt`: a person signed in; null when the tokens were renewed. */
export async function keepTokens(
  tx: Transaction,
  secrets: Secrets,
  row: { readonly id: string; readonly companyId: string },
  tokens: Tokens,
  grantedAt: Date | null,
  now: Date,
): Promise<void> {
  const sealed = secrets.seal(JSON.stringify({ access: tokens.access, refresh: tokens.refresh }), signInContext(row.id));
  await tx.query(KEEP, [row.id, row.companyId, sealed, tokens.scopes, tokens.accessExpiresAt, tokens.refreshExpiresAt, grantedAt, now]);
}

const FORGET: Statement = { name: 'sign_ins.forget', text: `delete from connection_sign_ins where company_id = $1 and connection_id = $2` };

export async function forgetSignIn(tx: Pick<Transaction, 'query'>, companyId: string, connectionId: string): Promise<void> {
  await tx.query(FORGET, [companyId, connectionId]);
}

/** True for the one who may renew now, for so many milliseconds. */
export async function claimRenewal(tx: Transaction, companyId: string, id: string, forMs: number): Promise<boolean> {
  return (await tx.query(CLAIM, [id, companyId, forMs])).length > 0;
}

export async function unclaimRenewal(tx: Transaction, companyId: string, id: string): Promise<void> {
  await tx.query(UNCLAIM, [id, companyId]);
}
