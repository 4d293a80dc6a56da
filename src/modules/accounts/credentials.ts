import type { Statement } from '#core/database/database.ts';
import type { Principal, Role } from '#core/operation/principal.ts';
import type { Parts } from './parts.ts';
import { hashToken } from './opaque-token.ts';
import { IDLE_MS, LONGEST_MS } from './sessions.ts';

/** What the database knows of a credential. `expiresAt` is looked at on every request, cached or not. */
export interface Known {
  readonly principal: Exclude<Principal, { kind: 'public' }>;
  readonly tokenVersion: number;
  readonly expiresAt: Date | null;
}

interface UserRow {
  readonly userId: string;
  readonly companyId: string;
  readonly role: Role;
  readonly tokenVersion: number;
}

const USER: Statement = {
  name: 'principals.user',
  text: `select id as "userId", company_id as "companyId", role, token_version as "tokenVersion"
         from users where id = $1 and is_active and deleted_at is null`,
};

export async function knownUser(runtime: Parts, userId: string): Promise<Known | null> {
  const [row] = await runtime.system.read((tx) => tx.query<UserRow>(USER, [userId]));
  if (row === undefined) return null;
  return {
    principal: { kind: 'user', companyId: row.companyId, userId: row.userId, role: row.role },
    tokenVersion: row.tokenVersion,
    expiresAt: null,
  };
}

/** Writes down that it was used at most once a minute. */
const TOUCH_MS = 60_000;

const KEY: Statement = {
  name: 'principals.key',
  text: `select k.id as "keyId", k.scopes, k.expires_at as "expiresAt", k.last_used_at as "lastUsedAt",
                u.id as "userId", u.company_id as "companyId", u.role, u.token_version as "tokenVersion"
         from api_keys k join users u on u.id = k.user_id and u.company_id = k.company_id
         where k.key_hash = $1 and k.revoked_at is null and u.is_active and u.deleted_at is null`,
};
const KEY_USED: Statement = {
  name: 'principals.key_used',
  text: 'update api_keys set last_used_at = $3 where company_id = $1 and id = $2',
};

export async function knownKey(runtime: Parts, key: string): Promise<Known | null> {
  const now = runtime.clock.now();
  type Row = UserRow & { keyId: string; scopes: string[]; expiresAt: Date | null; lastUsedAt: Date | null };
  const [row] = await runtime.system.read((tx) => tx.query<Row>(KEY, [hashToken(key)]));
  if (row === undefined) return null;
  if (row.lastUsedAt === null || row.lastUsedAt.getTime() < now.getTime() - TOUCH_MS) {
    await runtime.system.write((tx) => tx.query(KEY_USED, [row.companyId, row.keyId, now]));
  }
  return {
    principal: { kind: 'key', companyId: row.companyId, userId: row.userId, role: row.role, keyId: row.keyId, scopes: row.scopes },
    tokenVersion: row.tokenVersion,
    expiresAt: row.expiresAt,
  };
}

const SESSION: Statement = {
  name: 'principals.session',
  text: `select s.id as "sessionId", s.created_at as "createdAt", s.expires_at as "expiresAt", s.last_seen_at as "lastSeenAt",
                u.id as "userId", u.company_id as "companyId", u.role, u.token_version as "tokenVersion"
         from sessions s join users u on u.id = s.user_id and u.company_id = s.company_id
         where s.token_hash = $1 and u.is_active and u.deleted_at is null`,
};
const SESSION_SEEN: Statement = {
  name: 'principals.session_seen',
  text: 'update sessions set last_seen_at = $3, expires_at = $4 where company_id = $1 and id = $2',
};

export async function knownSession(runtime: Parts, token: string): Promise<Known | null> {
  const now = runtime.clock.now();
  type Row = UserRow & { sessionId: string; createdAt: Date; expiresAt: Date; lastSeenAt: Date };
  const [row] = await runtime.system.read((tx) => tx.query<Row>(SESSION, [hashToken(token)]));
  if (row === undefined) return null;
  let { expiresAt } = row;
  if (expiresAt > now && row.lastSeenAt.getTime() < now.getTime() - TOUCH_MS) {
    expiresAt = new Date(Math.min(now.getTime() + IDLE_MS, row.createdAt.getTime() + LONGEST_MS));
    await runtime.system.write((tx) => tx.query(SESSION_SEEN, [row.companyId, row.sessionId, now, expiresAt]));
  }
  return {
    principal: { kind: 'user', companyId: row.companyId, userId: row.userId, role: row.role, sessionId: row.sessionId },
    tokenVersion: row.tokenVersion,
    expiresAt,
  };
}
