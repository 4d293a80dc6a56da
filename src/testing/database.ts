import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { inject } from 'vitest';
import { clientConfig, type DatabaseTarget } from '#core/database/target.ts';

/** What the global set-up tells every test file. */
export interface TestServer {
  /** The migrated template: never connect to it, copy it. */
  readonly template: DatabaseTarget;
  /** A login that may create databases. */
  readonly admin: { readonly host: string; readonly port: number; readonly user: string; readonly password: string | undefined };
}

declare module 'vitest' {
  interface ProvidedContext {
    testServer: TestServer;
  }
}

/** A database of one test file's own: migrated, empty. */
export interface TestDatabase extends AsyncDisposable {
  readonly target: DatabaseTarget;
  /** Close every pool on it first. The end of the test run drops what nobody dropped. */
  drop(): Promise<void>;
}

/** A fresh copy of the migrated template. Costs some 100 ms: one a file, in `beforeAll` or at its top. */
export async function testDatabase(): Promise<TestDatabase> {
  const { template } = inject('testServer');
  const database = `${template.database}_${randomBytes(6).toString('hex')}`;
  // As files: a third faster than by the log, which nobody recovers from here.
  await asAdmin([
    `create database ${database} template ${template.database} strategy file_copy`,
    `revoke all on database ${database} from public;
     grant connect, create, temporary on database ${database} to steward_owner;
     grant connect, temporary on database ${database} to steward_app, steward_system`,
  ]);
  const drop = () => asAdmin([`drop database if exists ${database} with (force)`]);
  return { target: { ...template, database }, drop, [Symbol.asyncDispose]: drop };
}

/** An empty, unmigrated database, for tests of migrations and restores. */
export async function emptyDatabase(): Promise<TestDatabase> {
  const { template } = inject('testServer');
  const database = `${template.database}_${randomBytes(6).toString('hex')}`;
  await asAdmin([`create database ${database}`, `grant connect, create, temporary on database ${database} to steward_owner`]);
  await asAdmin(
    [`grant create, usage on schema public to steward_owner; grant usage on schema public to steward_app, steward_system`],
    database,
  );
  const drop = () => asAdmin([`drop database if exists ${database} with (force)`]);
  return { target: { ...template, database }, drop, [Symbol.asyncDispose]: drop };
}

/** One statement, or several, as one of the roles: for arranging and checking what no operation shows. */
export async function queryAs<Row extends object>(
  target: DatabaseTarget,
  role: 'owner' | 'app' | 'system',
  sql: string,
  values?: unknown[],
): Promise<Row[]> {
  const client = new Client(clientConfig(target, role, 'test'));
  await client.connect();
  try {
    const { rows } = await client.query(sql, values);
    return rows as Row[]; // the test states the shape of its own statement
  } finally {
    await client.end();
  }
}

async function asAdmin(statements: readonly string[], database = 'postgres'): Promise<void> {
  const client = new Client({ ...inject('testServer').admin, database });
  await client.connect();
  try {
    for (const sql of statements) await client.query(sql);
  } finally {
    await client.end();
  }
}
