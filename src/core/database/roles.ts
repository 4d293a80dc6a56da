import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import type { Client } from 'pg';
import { ROLE_KINDS, ROLE_NAMES, type DatabaseTarget } from './target.ts';

/**
 * A password as PostgreSQL stores it (RFC 5803), so that neither its log nor SQL printed for an administrator shows the text.
 * The passwords are 32 random bytes, so 4096 rounds (the server's default) are plenty.
 */
export function scramVerifier(password: string): string {
  const salt = randomBytes(16);
  const salted = pbkdf2Sync(password, salt, 4096, 32, 'sha256');
  const clientKey = createHmac('sha256', salted).update('Client Key').digest();
  const storedKey = createHash('sha256').update(clientKey).digest('base64');
  const serverKey = createHmac('sha256', salted).update('Server Key').digest('base64');
  return `SCRAM-SHA-256$4096:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}

const quoted = (identifier: string) => `"${identifier.replaceAll('"', '""')}"`;

/** `CREATE ROLE` for those that are missing. */
export function createRolesSql(missing: readonly string[], passwords: DatabaseTarget['passwords']): string[] {
  return ROLE_KINDS.filter((kind) => missing.includes(ROLE_NAMES[kind])).map((kind) => {
    const password = passwords[kind];
    const login = password === undefined ? '' : ` PASSWORD '${scramVerifier(password)}'`;
    return `CREATE ROLE ${ROLE_NAMES[kind]} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS${login}`;
  });
}

/** New passwords for roles that exist: for an administrator to run, never run by Steward itself. */
export function alterPasswordsSql(passwords: DatabaseTarget['passwords']): string[] {
  return ROLE_KINDS.map((kind) => `ALTER ROLE ${ROLE_NAMES[kind]} PASSWORD '${scramVerifier(passwords[kind] ?? '')}'`);
}

/**
 * What the roles may do in one database. The owner creates everything; the queue's schema belongs to steward_system, because
 * pg-boss makes partitions and indexes at run time; steward_app gets the rows that policies grant it and temporary tables.
 */
export function grantsSql(database: string): string[] {
  const name = quoted(database);
  return [
    `GRANT steward_system TO steward_owner`,
    `REVOKE ALL ON DATABASE ${name} FROM PUBLIC`,
    `GRANT CONNECT, CREATE, TEMPORARY ON DATABASE ${name} TO steward_owner`,
    `GRANT CONNECT, TEMPORARY ON DATABASE ${name} TO steward_app, steward_system`,
    `GRANT USAGE, CREATE ON SCHEMA public TO steward_owner`,
    `GRANT USAGE ON SCHEMA public TO steward_app, steward_system`,
  ];
}

/** Trusted extensions that migrations rely on; the owner may create them itself because it holds CREATE on the database. */
export async function missingRoles(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ rolname: string }>('select rolname from pg_roles where rolname = any($1)', [
    Object.values(ROLE_NAMES),
  ]);
  const existing = new Set(rows.map((row) => row.rolname));
  return Object.values(ROLE_NAMES).filter((role) => !existing.has(role));
}
