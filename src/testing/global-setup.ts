import { mkdtemp, rm } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, type ClientConfig } from 'pg';
import type { TestProject } from 'vitest/node';
import { joinCluster } from '#core/database/cluster.ts';
import { openExternal } from '#core/database/external.ts';
import { migrate } from '#core/database/migrate.ts';
import { grantsSql } from '#core/database/roles.ts';
import { openSecrets } from '#core/secrets.ts';
import type { TestServer } from './database.ts';

/**
 * One PostgreSQL for the whole run: an embedded one in a temporary home (without fsync), or the server that
 * STEWARD_TEST_DATABASE_URL names, whose user must be a superuser. Test files copy its template (database.ts).
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const url = process.env['STEWARD_TEST_DATABASE_URL'];
  const { server, stop } = url === undefined ? await embedded() : await external(url);
  project.provide('testServer', server);
  return stop;
}

interface Started {
  readonly server: TestServer;
  readonly stop: () => Promise<void>;
}

async function embedded(): Promise<Started> {
  const home = await mkdtemp(join(tmpdir(), 'steward-test-'));
  const cluster = await joinCluster({ home, web: false, durable: false });
  const stop = async () => {
    await cluster.leave();
    await rm(home, { recursive: true, force: true });
  };
  const admin = { host: cluster.target.host, port: cluster.target.port, user: 'postgres', password: undefined };
  // Not the cluster's own database: Steward keeps a connection to that, and a template must have none.
  const template = { ...cluster.target, database: 'steward_template' };
  try {
    await runSql({ ...admin, database: 'postgres' }, [`create database ${template.database}`]);
    await runSql({ ...admin, database: template.database }, grantsSql(template.database));
    await migrate(template);
  } catch (error) {
    await stop();
    throw error;
  }
  return { server: { template, admin }, stop };
}

async function runSql(login: ClientConfig, statements: readonly string[]): Promise<void> {
  const client = new Client(login);
  await client.connect();
  try {
    for (const sql of statements) await client.query(sql);
  } finally {
    await client.end();
  }
}

async function external(url: string): Promise<Started> {
  const admin = new Client({ connectionString: url });
  await admin.connect();
  const name = `steward_test_${randomBytes(4).toString('hex')}`;
  await admin.query(`create database ${name}`);
  const here = new URL(url);
  here.pathname = `/${name}`;
  // The roles are the server's: every run must derive the same passwords.
  const template = await openExternal(here.href, [openSecrets(['steward test server, no secret at all'])]);
  await migrate(template);
  return {
    server: { template, admin: { host: admin.host, port: admin.port, user: admin.user ?? '', password: admin.password } },
    async stop() {
      const { rows } = await admin.query<{ datname: string }>(`select datname from pg_database where datname like $1`, [`${name}%`]);
      for (const { datname } of rows) await admin.query(`drop database if exists ${datname} with (force)`);
      await admin.end();
    },
  };
}
