import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { queryAs } from '#testing/database.ts';
import { joinCluster, type Cluster } from './cluster.ts';
import { findPostmaster, isAlive } from './cluster/postmaster.ts';
import { migrate } from './migrate.ts';
import { openSystemDatabase } from './system.ts';

let parent: string;
let home: string;
const joined: Cluster[] = [];
const children: ChildProcess[] = [];

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'steward-cluster-'));
  await chmod(parent, 0o711);
  home = join(parent, 'home');
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const cluster of joined.splice(0)) await cluster.leave();
  const { directory } = JSON.parse(await readFile(join(home, 'cluster.json'), 'utf8')) as { directory: string };
  const left = await findPostmaster(join(directory, 'data'));
  if (left !== undefined) process.kill(left.pid, 'SIGQUIT');
  await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  await rm(parent, { recursive: true, force: true, maxRetries: 5 });
});

async function join_(options: { web: boolean; at?: string } = { web: false }): Promise<Cluster> {
  const cluster = await joinCluster({ home: options.at ?? home, web: options.web, durable: false });
  joined.push(cluster);
  return cluster;
}

async function leave(cluster: Cluster): Promise<void> {
  joined.splice(joined.indexOf(cluster), 1);
  await cluster.leave();
}

async function postmaster(): Promise<number> {
  const { directory } = JSON.parse(await readFile(join(home, 'cluster.json'), 'utf8')) as { directory: string };
  const found = await findPostmaster(join(directory, 'data'));
  if (found === undefined) throw new Error('no PostgreSQL runs here');
  return found.pid;
}

/** Another process of the same home, to be killed. */
async function otherProcess(web: boolean): Promise<ChildProcess> {
  const code = `import { joinCluster } from ${JSON.stringify(join(import.meta.dirname, 'cluster.ts'))};
    await joinCluster({ home: ${JSON.stringify(home)}, web: ${web}, durable: false });
    console.log('joined'); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  await once(child.stdout, 'data');
  return child;
}

async function killed(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

async function until(what: () => Promise<boolean> | boolean): Promise<void> {
  for (let tries = 0; tries < 1_200; tries++) {
    if (await what()) return;
    await sleep(50);
  }
  throw new Error('waited 60 s in vain');
}

test('the last process to leave stops PostgreSQL, and what was committed is there next time', async () => {
  const first = await join_({ web: true });
  const second = await join_({ web: false });
  const pid = await postmaster();
  await migrate(first.target);
  await queryAs(first.target, 'system', `insert into companies (id, name) values ('019a0000-0000-7000-8000-000000000001', 'Acme')`);
  await leave(first);
  expect(isAlive(pid)).toBe(true);
  await leave(second);
  expect(isAlive(pid)).toBe(false);
  const again = await join_();
  expect(await queryAs(again.target, 'system', 'select name from companies')).toEqual([{ name: 'Acme' }]);
});

test('a second web process of the same home is refused and told what to do; workers are not', async () => {
  await join_({ web: true });
  await expect(join_({ web: true })).rejects.toThrow(
    /Another Steward serves this data directory already \(steward web process \d+\)[^]*ROLE=worker/,
  );
  await join_({ web: false });
});

test('several processes that start on an empty home at once agree on one PostgreSQL', async () => {
  const [others] = await Promise.all([Promise.all([join_({ web: true }), join_(), join_()]), otherProcess(false)]);
  const servers = await Promise.all(
    others.map(({ target }) => queryAs<{ id: string }>(target, 'owner', 'select system_identifier::text as id from pg_control_system()')),
  );
  expect(new Set(servers.map(([row]) => row?.id)).size).toBe(1);
});

test('PostgreSQL that outlived a killed Steward is adopted', async () => {
  await killed(await otherProcess(true));
  const pid = await postmaster();
  const next = await join_({ web: true });
  expect(await postmaster()).toBe(pid);
  await leave(next);
  expect(isAlive(pid)).toBe(false);
});

test('after both were killed, the next start recovers', async () => {
  const child = await otherProcess(true);
  const pid = await postmaster();
  process.kill(pid, 'SIGKILL');
  await killed(child);
  const next = await join_({ web: true });
  expect(await postmaster()).not.toBe(pid);
  expect(await queryAs(next.target, 'owner', 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('PostgreSQL killed under running processes comes back, and their pools with it', async () => {
  const web = await join_({ web: true });
  const worker = await join_({ web: false });
  const system = openSystemDatabase(worker.target);
  const ask = () => system.read((tx) => tx.query<{ one: number }>({ name: 'probe', text: 'select 1 as one' }, []));
  await ask();
  const pid = await postmaster();
  process.kill(pid, 'SIGKILL');
  await until(() =>
    postmaster().then(
      (now) => now !== pid,
      () => false,
    ),
  );
  await until(() =>
    ask().then(
      () => true,
      () => false,
    ),
  );
  await expect(join_({ web: true })).rejects.toThrow('Another Steward serves');
  await system.close();
  await leave(web);
});

test('workers go on when the process that started PostgreSQL is killed, and bring it back by themselves', async () => {
  const owner = await otherProcess(true);
  const worker = await join_({ web: false });
  await killed(owner);
  process.kill(await postmaster(), 'SIGKILL');
  await until(() =>
    queryAs(worker.target, 'owner', 'select 1').then(
      () => true,
      () => false,
    ),
  );
  await join_({ web: true });
});

test('a lock file whose process number went to another program does not keep PostgreSQL from starting', async () => {
  await leave(await join_());
  const { directory } = JSON.parse(await readFile(join(home, 'cluster.json'), 'utf8')) as { directory: string };
  await writeFile(
    join(directory, 'data/postmaster.pid'),
    `${process.pid}\n${join(directory, 'data')}\n1700000000\n5432\n/nowhere\n\n  1 1\nready\n`,
  );
  const next = await join_();
  expect(await queryAs(next.target, 'owner', 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('a home too deep for a socket gets a short directory that nobody else can enter', async () => {
  home = join(parent, 'a-directory-with-a-long-name'.repeat(4));
  await mkdir(home, { recursive: true });
  const deep = await join_();
  expect(Buffer.byteLength(deep.target.host)).toBeLessThan(92);
  expect(await queryAs(deep.target, 'owner', 'select 1 as one')).toEqual([{ one: 1 }]);
  await rm(deep.target.host, { recursive: true, force: true });
});

test.runIf(process.getuid?.() === 0)(
  'as root, under a directory that others cannot enter, the cluster moves to a private one',
  async () => {
    await chmod(parent, 0o700);
    const cluster = await join_();
    const { directory, uid } = JSON.parse(await readFile(join(home, 'cluster.json'), 'utf8')) as { directory: string; uid: number };
    expect(directory).toMatch(/^\/var\/lib\/steward\/[0-9a-f]{12}$/);
    expect(uid).toBeGreaterThan(1000);
    expect(await queryAs(cluster.target, 'owner', 'select 1 as one')).toEqual([{ one: 1 }]);
  },
);

test('there is no TCP, and the socket is for its owner alone', async () => {
  const { target } = await join_();
  expect(
    await queryAs(target, 'owner', `select current_setting('listen_addresses') as tcp, current_setting('unix_socket_permissions') as mode`),
  ).toEqual([{ tcp: '', mode: '0700' }]);
});
