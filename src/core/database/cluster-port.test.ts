import { chmod, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { queryAs } from '#testing/database.ts';
import { joinCluster, type Cluster } from './cluster.ts';
import { findPostmaster, isAlive } from './cluster/postmaster.ts';
import { migrate } from './migrate.ts';

// The way in on Windows, which has no Unix socket for the driver: here on whatever system the tests run.
let parent: string;
let home: string;
const joined: Cluster[] = [];

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'steward-port-'));
  await chmod(parent, 0o711);
  home = join(parent, 'home');
});
afterEach(async () => {
  for (const cluster of joined.splice(0)) await cluster.leave();
  const left = await findPostmaster(join(await directory(), 'data'));
  if (left !== undefined) process.kill(left.pid, 'SIGQUIT');
  await rm(await directory(), { recursive: true, force: true, maxRetries: 5 });
  await rm(parent, { recursive: true, force: true, maxRetries: 5 });
});

const directory = async (): Promise<string> => JSON.parse(await readFile(join(home, 'cluster.json'), 'utf8')).directory;
const note = async (): Promise<{ port: number; secret: string }> => JSON.parse(await readFile(join(home, 'postgres.json'), 'utf8'));

async function join_(options: { port?: boolean; durable?: boolean; onLost?: (error: Error) => void } = { port: true }): Promise<Cluster> {
  const cluster = await joinCluster({ home, web: false, durable: false, ...options });
  joined.push(cluster);
  return cluster;
}
async function leave(cluster: Cluster): Promise<void> {
  joined.splice(joined.indexOf(cluster), 1);
  await cluster.leave();
}
async function postmaster(): Promise<number> {
  const found = await findPostmaster(join(await directory(), 'data'));
  if (found === undefined) throw new Error('no PostgreSQL runs here');
  return found.pid;
}

test('it listens on a port of this machine alone, asks everybody for a password, and stops with the last process', async () => {
  const first = await join_();
  const second = await join_({}); // reads from the home how it is reached
  expect(second.target).toEqual(first.target);
  expect(first.target).toMatchObject({ host: '127.0.0.1', port: (await note()).port });
  await migrate(first.target);
  const settings = await readFile(join(await directory(), 'data/postgresql.conf'), 'utf8');
  expect(settings).toContain("listen_addresses = '127.0.0.1'");
  expect(settings).toContain("unix_socket_directories = ''");
  expect((await stat(join(home, 'postgres.json'))).mode & 0o077).toBe(0);
  for (const [user, password] of [
    ['postgres', undefined],
    ['postgres', 'postgres'],
    ['steward_system', first.target.passwords.app],
  ] as const) {
    const stranger = new Client({ host: '127.0.0.1', port: first.target.port, database: 'steward', user, password });
    await expect(stranger.connect()).rejects.toThrow(/password|SASL/);
    await stranger.end().catch(() => undefined);
  }
  const pid = await postmaster();
  await leave(first);
  expect(isAlive(pid)).toBe(true);
  await leave(second);
  expect(isAlive(pid)).toBe(false);
});

test('killed, it comes back on its port; what was committed is there', async () => {
  const lost: Error[] = [];
  const cluster = await join_({ port: true, durable: true, onLost: (error) => lost.push(error) });
  await migrate(cluster.target);
  await queryAs(cluster.target, 'system', `insert into companies (id, name) values ('019a0000-0000-7000-8000-000000000001', 'Acme')`);
  const pid = await postmaster();
  process.kill(pid, 'SIGKILL');
  let names: unknown = null;
  for (let tries = 0; tries < 600 && names === null; tries++) {
    await sleep(100);
    names = await queryAs(cluster.target, 'system', 'select name from companies').catch(() => null);
  }
  expect(names).toEqual([{ name: 'Acme' }]);
  expect(await postmaster()).not.toBe(pid);
  expect(lost).toEqual([]);
});

test('a port that another program has taken meanwhile is given up for a free one, and no password is shown to that program', async () => {
  await leave(await join_());
  const { port } = await note();
  let heard = '';
  const other = createServer((socket) => socket.on('data', (bytes) => (heard += bytes.toString('latin1'))));
  await new Promise<void>((done) => other.listen(port, '127.0.0.1', done));
  try {
    const again = await join_();
    expect(again.target.port).not.toBe(port);
    expect((await note()).port).toBe(again.target.port);
    expect(heard).toBe('');
  } finally {
    other.close();
  }
});
