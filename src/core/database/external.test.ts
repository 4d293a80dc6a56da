import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openSecrets } from '../secrets.ts';
import { joinCluster, type Cluster } from './cluster.ts';
import { openExternal } from './external.ts';
import { migrate } from './migrate.ts';
import { openDatabase } from './open.ts';
import { clientConfig } from './target.ts';

// A server that asks for passwords, as other people's servers do: roles belong to the whole server, so it cannot be the shared one.
const ours = openSecrets(['the secret of this installation']);
const other = openSecrets(['the secret of another installation']);
let home: string;
let cluster: Cluster;
let count = 0;
let database: string;
const url = (user = 'postgres', password = '') =>
  `postgres://${user}:${password}@/${database}?host=${encodeURIComponent(cluster.target.host)}`;

async function asSuperuser(sql: string, where = 'postgres'): Promise<void> {
  const client = new Client({ host: cluster.target.host, user: 'postgres', database: where });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'steward-external-'));
  cluster = await joinCluster({ home, web: false, durable: false });
  const { directory } = JSON.parse(await readFile(join(home, 'cluster.json'), 'utf8')) as { directory: string };
  await writeFile(join(directory, 'data/pg_hba.conf'), 'local all postgres trust\nlocal all all scram-sha-256\n');
  await asSuperuser('select pg_reload_conf()');
});
afterAll(async () => {
  await cluster.leave();
  await rm(home, { recursive: true, force: true });
});
beforeEach(async () => {
  const roles = 'steward_owner, steward_app, steward_system';
  if (database === undefined) await asSuperuser(`drop owned by ${roles}`, 'steward');
  else await asSuperuser(`drop database ${database}`);
  await asSuperuser(`drop role if exists ${roles}; drop role if exists keeper, guest`);
  database = `outside_${++count}`;
  await asSuperuser(`create database ${database}`);
});

test('a superuser’s URL prepares the server, and requests still cannot get past row-level security', async () => {
  const target = await openExternal(url(), [ours]);
  await migrate(target);
  const app = openDatabase(target);
  const [row] = await app.read('019a0000-0000-7000-8000-000000000001', (tx) =>
    tx.query<{ user: string; super: boolean; bypass: boolean }>(
      {
        name: 'probe',
        text: 'select current_user as user, rolsuper as super, rolbypassrls as bypass from pg_roles where rolname = current_user',
      },
      [],
    ),
  );
  await app.close();
  expect(row).toEqual({ user: 'steward_app', super: false, bypass: false });
  await openExternal(url('guest', 'wrong'), [ours]); // prepared once, the URL's own user is not needed any more
});

test('the owner of a database who may make roles is enough', async () => {
  await asSuperuser(`create role keeper login createrole password 'keeper'; alter database ${database} owner to keeper`);
  const target = await openExternal(url('keeper', 'keeper'), [ours]);
  expect(await migrate(target)).toContain('0001_base.sql');
});

test('a user who may not make roles is told the SQL that an administrator runs; with that done, it starts', async () => {
  await asSuperuser(`create role guest login password 'guest'`);
  const refused = await openExternal(url('guest', 'guest'), [ours]).catch((error: unknown) => String(error));
  const sql = String(refused).split('\n\n')[1] ?? '';
  expect(sql).toContain('CREATE ROLE steward_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS');
  expect(sql).not.toContain(ours.derive('database password of steward_app').toString('base64url'));
  await asSuperuser(sql, database);
  const target = await openExternal(url('guest', 'guest'), [ours]);
  expect(await migrate(target)).toContain('0001_base.sql');
});

test('roles of another installation are left alone; the way out is named and works', async () => {
  await openExternal(url(), [other]);
  const refused = await openExternal(url(), [ours]).catch((error: unknown) => String(error));
  expect(refused).toMatch(/steward_owner exists on this server with another password[^]*another STEWARD_SECRET/);
  await openExternal(url(), [other]); // nothing was changed
  await asSuperuser(String(refused).split('\n\n')[1] ?? '');
  await openExternal(url(), [ours]);
});

test('a rotated secret changes the passwords by itself', async () => {
  await openExternal(url(), [other]);
  const target = await openExternal(url('guest', 'wrong'), [ours, other]);
  const client = new Client(clientConfig(target, 'app', 'test'));
  await client.connect();
  await client.end();
  await expect(openExternal(url('guest', 'wrong'), [other])).rejects.toThrow('DATABASE_URL does not work');
});

test('an address that is none, names no database or reaches nobody says so without showing the password', async () => {
  await expect(openExternal('mysql://a:b@c/d', [ours])).rejects.toThrow('DATABASE_URL should look like postgres://');
  await expect(openExternal('postgres://a:hunter2@127.0.0.1:1/steward', [ours])).rejects.toThrow(
    /DATABASE_URL does not work: [^]*Check host/,
  );
  await expect(openExternal('postgres://a:hunter2@127.0.0.1:1/steward', [ours])).rejects.not.toThrow('hunter2');
});
