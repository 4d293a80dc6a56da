import type { Statement, Transaction } from '#core/database/database.ts';
import type { Role } from '#core/operation/principal.ts';
import type { Parts } from './parts.ts';
import { hashPassword, verifyNobody, verifyPassword } from './password.ts';

/** A user as sign-in needs to know them. */
export interface Identity {
  readonly userId: string;
  readonly companyId: string;
  readonly role: Role;
  readonly tokenVersion: number;
}

interface StoredIdentity extends Identity {
  readonly hashedPassword: string;
}

/** By address or user name, across companies. An address wins, because a user name may look like one. */
const BY_NAME: Statement = {
  name: 'users.by_name',
  text: `select id as "userId", company_id as "companyId", role, token_version as "tokenVersion", hashed_password as "hashedPassword"
         from users where (email = $1 or username_key = $1) and is_active and deleted_at is null
         order by (email = $1) desc limit 1`,
};

const REHASH: Statement = {
  name: 'users.rehash',
  text: 'update users set hashed_password = $3 where company_id = $1 and id = $2 and hashed_password = $4',
};

/** Text by which an account is asked for, as stored. */
export function accountName(username: string): string {
  return username.trim().toLowerCase();
}

/** Who this is, or null; takes as long for an account that does not exist. An older hash is replaced on the way. */
export async function checkPassword(runtime: Parts, username: string, password: string): Promise<Identity | null> {
  const [found] = await runtime.system.read((tx) => tx.query<StoredIdentity>(BY_NAME, [accountName(username)]));
  if (found === undefined) {
    await verifyNobody(password);
    return null;
  }
  const { right, stale } = await verifyPassword(password, found.hashedPassword);
  if (!right) return null;
  if (stale) {
    const hashed = await hashPassword(password);
    await runtime.system.write((tx) => tx.query(REHASH, [found.companyId, found.userId, hashed, found.hashedPassword]));
  }
  return { userId: found.userId, companyId: found.companyId, role: found.role, tokenVersion: found.tokenVersion };
}

const SIGNED_IN: Statement = { name: 'users.signed_in', text: 'update users set last_sign_in_at = $3 where company_id = $1 and id = $2' };

export async function noteSignIn(tx: Transaction, identity: Identity, now: Date): Promise<void> {
  await tx.query(SIGNED_IN, [identity.companyId, identity.userId, now]);
}
