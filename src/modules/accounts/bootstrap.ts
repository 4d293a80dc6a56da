import type { Statement, Transaction } from '#core/database/database.ts';
import { Misconfigured } from '#core/errors.ts';
import type { Runtime } from '#core/runtime.ts';
import { insertCompanyWithAdmin } from './create-company.ts';
import { pageLink } from './links.ts';
import { hashToken, newToken } from './opaque-token.ts';
import { newPassword } from './password.ts';

/** Held until the transaction ends: of several processes that start at once, one makes the first company. */
const ONE_AT_A_TIME: Statement = { name: 'bootstrap.lock', text: `select pg_advisory_xact_lock(hashtext('steward first company'))` };
const ANY_COMPANY: Statement = { name: 'bootstrap.any_company', text: 'select id from companies limit 1' };

export async function anyCompany(tx: Transaction): Promise<boolean> {
  return (await tx.query(ANY_COMPANY, [])).length > 0;
}

/**
 * STEWARD_ADMIN_EMAIL and STEWARD_ADMIN_PASSWORD make the first company and its admin. On every later start there is a company
 * already, so nothing happens: a password that was changed since stays changed.
 * @throws Misconfigured when only one of the two is set, or the password is too weak
 */
export async function bootstrapAdmin(runtime: Runtime): Promise<void> {
  const { STEWARD_ADMIN_EMAIL: email, STEWARD_ADMIN_PASSWORD: secret } = runtime.config;
  if (email === undefined && secret === undefined) return;
  if (email === undefined || secret === undefined)
    throw new Misconfigured('STEWARD_ADMIN_EMAIL and STEWARD_ADMIN_PASSWORD belong together; set both or neither');
  await runtime.system.write(async (tx) => {
    await tx.query(ONE_AT_A_TIME, []);
    if (await anyCompany(tx)) return;
    const password = newPassword().safeParse(secret.reveal());
    if (!password.success) throw new Misconfigured(`STEWARD_ADMIN_PASSWORD ${password.error.issues[0]?.message ?? 'is not good enough'}`);
    await insertCompanyWithAdmin(tx, runtime, { name: companyNameFrom(email), admin: { email, password: password.data } });
    runtime.log.info({ email }, 'made the first company and its admin from STEWARD_ADMIN_EMAIL');
  });
  runtime.engine.nudge();
}

/** `ann@acme-tools.com` → `Acme-tools`; a person renames it in the settings. */
function companyNameFrom(email: string): string {
  const name = email.split('@')[1]?.split('.')[0] ?? 'company';
  return name.charAt(0).toUpperCase() + name.slice(1);
}

const LINK_LIFE_MS = 7 * 86_400_000;
const NEW_LINK: Statement = {
  name: 'setup_tokens.insert',
  text: 'insert into setup_tokens (token_hash, created_at, expires_at) values ($1, $2, $3)',
};
const USE_LINK: Statement = {
  name: 'setup_tokens.use',
  text: 'delete from setup_tokens where token_hash = $1 and expires_at > $2 returning token_hash',
};

/** A link that sets up the first company, or null once there is one. Each start prints a new one; older ones work for 7 days. */
export async function setupLink(runtime: Runtime, baseUrl?: string): Promise<string | null> {
  return runtime.system.write(async (tx) => {
    if (await anyCompany(tx)) return null;
    const token = newToken('set');
    const now = runtime.clock.now();
    await tx.query(NEW_LINK, [hashToken(token), now, new Date(now.getTime() + LINK_LIFE_MS)]);
    return baseUrl === undefined ? pageLink(runtime.config, 'setup', token) : `${baseUrl.replace(/\/+$/, '')}/setup?token=${token}`;
  });
}

/** True when the token was good and there is no company yet; it is gone then. Holds the lock, so that there will be one company. */
export async function useSetupToken(tx: Transaction, token: string, now: Date): Promise<boolean> {
  await tx.query(ONE_AT_A_TIME, []);
  const used = await tx.query(USE_LINK, [hashToken(token), now]);
  return used.length > 0 && !(await anyCompany(tx));
}
