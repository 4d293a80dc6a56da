import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { Misconfigured } from '../errors.ts';
import { migrateQueue } from './queue-schema.ts';
import { clientConfig, type DatabaseTarget } from './target.ts';

/** One process migrates at a time; any fixed number will do. */
const LOCK = 7_365_001;

/** A schema that stands there while the data of another store is coming in. */
export const HALF_LOADED = 'steward_migration';

const MIGRATIONS = join(import.meta.dirname, '../../../migrations');

export interface AppliedMigration {
  readonly name: string;
  readonly checksum: string;
}

interface Migration {
  readonly name: string;
  readonly sql: string;
  /** sha256 of the file, hex: an applied migration must never change. */
  readonly checksum: string;
}

export interface MigrateOptions {
  /** Where the hand-written SQL is; tests may point elsewhere. */
  readonly directory?: string;
  /** Called once, under the lock, before the first change to a database that holds data. */
  readonly beforeChange?: (pending: readonly string[]) => Promise<void>;
}

/**
 * Brings the database up to this version: every file of `/migrations` in order, each in a transaction of its own, then the
 * queue's schema. Safe to call from several processes at once. Runs as steward_owner.
 * @returns the names of what was applied
 * @throws Misconfigured when an applied file has changed, is gone, or the database is from a newer Steward
 */
export async function migrate(target: DatabaseTarget, options: MigrateOptions = {}): Promise<string[]> {
  const migrations = await readMigrations(options.directory ?? MIGRATIONS);
  const client = new Client(clientConfig(target, 'owner', 'steward migrate'));
  client.on('error', () => undefined); // a lost connection rejects the query that waits on it
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    return await applyAll(client, migrations, options);
  } finally {
    await client.end(); // gives the lock back, too
  }
}

/**
 * The schema of these migrations and no later ones, in the caller's transaction, which it joins: for restoring a backup that may be older than this
 * version. The database holds nothing in `public`.
 * @throws Misconfigured this version does not know them as they were
 */
export async function migrateWithin(client: Client, only: readonly AppliedMigration[], directory = MIGRATIONS): Promise<void> {
  const chosen = pick(await readMigrations(directory), only);
  await client.query('select pg_advisory_xact_lock($1)', [LOCK]);
  await client.query(LEDGER);
  for (const migration of chosen) await applySql(client, migration);
}

/** @throws Misconfigured this version does not know them as they were */
export async function refuseUnknown(only: readonly AppliedMigration[], directory = MIGRATIONS): Promise<void> {
  pick(await readMigrations(directory), only);
}

async function readMigrations(directory: string): Promise<Migration[]> {
  const names = (await readdir(directory)).filter((name) => /^\d{4}_[a-z0-9_]+\.sql$/.test(name)).sort();
  const numbers = new Set(names.map((name) => name.slice(0, 4)));
  if (numbers.size !== names.length) throw new Misconfigured(`Two migrations share a number in ${directory}: ${names.join(', ')}`);
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(join(directory, name), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql.replaceAll('\r\n', '\n')).digest('hex') };
    }),
  );
}

function pick(migrations: readonly Migration[], only: readonly AppliedMigration[]): Migration[] {
  return only.map(({ name, checksum }) => {
    const found = migrations.find((migration) => migration.name === name);
    if (found?.checksum !== checksum)
      throw new Misconfigured(`This version of Steward has no ${name} as the backup knows it; restore with the version that made it`);
    return found;
  });
}

async function applyAll(client: Client, migrations: readonly Migration[], options: MigrateOptions): Promise<string[]> {
  const fresh = await prepare(client);
  const { rows } = await client.query<{ name: string; checksum: string }>('select name, checksum from schema_migrations');
  const applied = new Map(rows.map((row) => [row.name, row.checksum]));
  refuseSurprises(migrations, applied);
  const pending = migrations.filter((migration) => !applied.has(migration.name));
  if (pending.length > 0 && !fresh) await options.beforeChange?.(pending.map((migration) => migration.name));
  for (const migration of pending) await applyOne(client, migration);
  await migrateQueue(client);
  return pending.map((migration) => migration.name);
}

/** The ledger of migrations, and the default privileges that every later table gets. True when the database is new. */
async function prepare(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ half: boolean }>('select to_regnamespace($1) is not null as half', [HALF_LOADED]);
  if (rows[0]?.half === true)
    throw new Misconfigured(
      'Data is being brought into this database and is not whole yet. Say the command that was cut off again, with --resume: steward data migrate',
    );
  const found = await client.query<{ present: boolean }>(`select to_regclass('public.schema_migrations') is not null as present`);
  if (found.rows[0]?.present === true) return false;
  await client.query(`begin; ${LEDGER}; commit`);
  return true;
}

const LEDGER = `
    alter default privileges in schema public grant select, insert, update, delete on tables to steward_app, steward_system;
    alter default privileges in schema public grant usage, select on sequences to steward_app, steward_system;
    create table schema_migrations (name text primary key, checksum text not null, applied_at timestamptz not null default now());
    revoke all on schema_migrations from steward_app, steward_system;
    grant select on schema_migrations to steward_system`;

function refuseSurprises(migrations: readonly Migration[], applied: ReadonlyMap<string, string>): void {
  const known = new Map(migrations.map((migration) => [migration.name, migration.checksum]));
  for (const [name, checksum] of applied) {
    const here = known.get(name);
    if (here === undefined) {
      throw new Misconfigured(
        `The database holds ${name}, which this version of Steward does not know. Start the newer version, or restore the backup made before it`,
      );
    }
    if (here !== checksum) {
      throw new Misconfigured(
        `migrations/${name} was changed after it was applied. Put the file back as it was, and make a new migration for the change`,
      );
    }
  }
}

async function applyOne(client: Client, migration: Migration): Promise<void> {
  await client.query('begin');
  try {
    await applySql(client, migration);
    await client.query('commit');
  } catch (cause) {
    await client.query('rollback');
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Misconfigured(`migrations/${migration.name} failed and was rolled back: ${reason}`, { cause });
  }
}

async function applySql(client: Client, migration: Migration): Promise<void> {
  await client.query(migration.sql);
  await client.query('insert into schema_migrations (name, checksum) values ($1, $2)', [migration.name, migration.checksum]);
}
