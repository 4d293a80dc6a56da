import { Client, type ClientConfig } from 'pg';
import { Misconfigured } from '../errors.ts';
import type { Secrets } from '../secrets.ts';
import { errorCode } from './pg-error.ts';
import { alterPasswordsSql, createRolesSql, grantsSql, missingRoles, scramVerifier } from './roles.ts';
import { clientConfig, ROLE_KINDS, ROLE_NAMES, type DatabaseTarget, type RoleKind } from './target.ts';

/**
 * The server that DATABASE_URL names. Its user only sets things up, if it may; all work logs in as Steward's own three roles, whose
 * passwords follow from STEWARD_SECRET. So even a superuser's URL does not get past row-level security.
 * @param secrets one for each key, the current one first: with a retired one's passwords the roles get new ones (rotation)
 * @throws Misconfigured with the SQL that an administrator should run, where this user may not
 */
export async function openExternal(url: string, [current, ...retired]: readonly Secrets[]): Promise<DatabaseTarget> {
  if (current === undefined) throw new TypeError('There is no secret to derive passwords from');
  const target = targetOf(url, current);
  if (await isPrepared(target)) return target;
  for (const secrets of retired) if (await changePasswords(targetOf(url, secrets), target)) return target;
  const admin = new Client(adminConfig(url));
  admin.on('error', () => undefined);
  try {
    await admin.connect();
  } catch (cause) {
    throw new Misconfigured(`DATABASE_URL does not work: ${messageOf(cause)}. Check host, user, password and database name`, { cause });
  }
  try {
    await refuseOtherVersions(admin);
    await prepare(admin, target);
  } finally {
    await admin.end();
  }
  await refuseForeignPasswords(target);
  return target;
}

/** node-postgres reads every form of URL, sockets and ssl modes included. */
function adminConfig(url: string): ClientConfig {
  return { connectionString: url, application_name: 'steward set-up', connectionTimeoutMillis: 10_000 };
}

function targetOf(url: string, secrets: Secrets): DatabaseTarget {
  const { host, port, database, ssl } = readUrl(url);
  const password = (kind: RoleKind) => secrets.derive(`database password of ${ROLE_NAMES[kind]}`).toString('base64url');
  return {
    host,
    port,
    database,
    ssl,
    passwords: { owner: password('owner'), app: password('app'), system: password('system') },
  };
}

function readUrl(url: string) {
  if (!/^postgres(ql)?:/.test(url)) throw new Misconfigured('DATABASE_URL should look like postgres://user:password@host:5432/database');
  const client = new Client({ connectionString: url });
  if (client.database === undefined || client.database === '')
    throw new Misconfigured('DATABASE_URL names no database; add it: postgres://user:password@host:5432/steward');
  // `ssl` holds what TLS needs (certificates, sslmode) although its type says boolean.
  return { host: client.host, port: client.port, database: client.database, ssl: client.ssl as ClientConfig['ssl'] };
}

/** Whether the three roles can log in and the owner holds what migrations need: then the URL's own user is not asked at all. */
async function isPrepared(target: DatabaseTarget): Promise<boolean> {
  const owner = new Client(clientConfig(target, 'owner', 'steward set-up'));
  owner.on('error', () => undefined);
  try {
    await owner.connect();
    await refuseOtherVersions(owner);
    const { rows } = await owner.query<{ ready: boolean }>(`
      select has_database_privilege(current_database(), 'create') and has_schema_privilege('public', 'create')
        and pg_has_role('steward_system', 'member') and has_schema_privilege('steward_app', 'public', 'usage')
        and has_schema_privilege('steward_system', 'public', 'usage') as ready`);
    if (rows[0]?.ready !== true) return false;
  } catch (error) {
    if (error instanceof Misconfigured) throw error;
    return false;
  } finally {
    await owner.end().catch(() => undefined);
  }
  return (await roleThatCannotLogIn(target)) === undefined;
}

/** Each role may change its own password. False when the old ones do not open the door either. */
async function changePasswords(old: DatabaseTarget, current: DatabaseTarget): Promise<boolean> {
  if (!(await isPrepared(old))) return false;
  for (const kind of ROLE_KINDS) {
    const client = new Client(clientConfig(old, kind, 'steward set-up'));
    await client.connect();
    try {
      await client.query(`alter role ${ROLE_NAMES[kind]} password '${scramVerifier(current.passwords[kind] ?? '')}'`);
    } finally {
      await client.end();
    }
  }
  return isPrepared(current);
}

async function roleThatCannotLogIn(target: DatabaseTarget): Promise<{ role: string; error: unknown } | undefined> {
  for (const kind of ROLE_KINDS) {
    const client = new Client(clientConfig(target, kind, 'steward set-up'));
    client.on('error', () => undefined);
    try {
      await client.connect();
    } catch (error) {
      return { role: ROLE_NAMES[kind], error };
    } finally {
      await client.end().catch(() => undefined);
    }
  }
  return undefined;
}

async function refuseOtherVersions(client: Client): Promise<void> {
  const { rows } = await client.query<{ number: number; name: string }>(
    `select current_setting('server_version_num')::int as number, current_setting('server_version') as name`,
  );
  const number = rows[0]?.number ?? 0;
  if (number < 150_000 || number >= 190_000) {
    throw new Misconfigured(
      `DATABASE_URL is a PostgreSQL ${rows[0]?.name ?? ''}; Steward works with 15 to 18. Use one of those, or unset DATABASE_URL for the embedded one`,
    );
  }
}

/** Makes roles and grants, or says exactly which SQL would. */
async function prepare(admin: Client, target: DatabaseTarget): Promise<void> {
  const steps = [...createRolesSql(await missingRoles(admin), target.passwords), ...grantsSql(target.database)];
  try {
    await admin.query('begin');
    for (const sql of steps) await admin.query(sql);
    await admin.query('commit');
  } catch (cause) {
    await admin.query('rollback').catch(() => undefined);
    if (errorCode(cause) !== '42501') throw cause;
    throw new Misconfigured(
      `The user of DATABASE_URL may not prepare the database (${messageOf(cause)}). Let an administrator run this in database ${target.database}, then start again:\n\n${script(steps)}`,
      { cause },
    );
  }
}

async function refuseForeignPasswords(target: DatabaseTarget): Promise<void> {
  const failed = await roleThatCannotLogIn(target);
  if (failed === undefined) return;
  if (!['28P01', '28000'].includes(errorCode(failed.error) ?? '')) throw failed.error;
  throw new Misconfigured(
    `Role ${failed.role} exists on this server with another password: it was made under another STEWARD_SECRET. Start with that secret; or, if no other Steward uses this server, let an administrator run this, then start again:\n\n${script(alterPasswordsSql(target.passwords))}`,
    { cause: failed.error },
  );
}

const script = (statements: readonly string[]) => statements.map((sql) => `${sql};`).join('\n');
const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
