import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findPostmaster } from '#core/database/cluster/postmaster.ts';
import { COMPILE_CACHE } from '../scripts/prepare.mjs';
import { root } from './program.ts';

/** The real program: started, asked to stop, killed, started twice, started wrongly. */
interface Started {
  readonly child: ChildProcess;
  readonly url: string;
  readonly said: () => string;
}

let home: string;
let children: ChildProcess[];
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'steward-start-'));
  children = [];
});
afterEach(async () => {
  for (const child of children) if (child.exitCode === null && child.signalCode === null) await stopped(child, 'SIGTERM');
  const left = await findPostmaster(join(home, 'postgres/data'));
  if (left !== undefined) process.kill(left.pid, 'SIGQUIT');
  await rm(home, { recursive: true, force: true, maxRetries: 10 });
});

function run(environment: Record<string, string> = {}): { child: ChildProcess; said: () => string } {
  const env = { PATH: process.env['PATH'], STEWARD_HOME: home, PORT: '0', LOG_LEVEL: 'warn', ...COMPILE_CACHE, ...environment };
  const child = spawn(process.execPath, [join(root, 'src/app/main.ts')], { cwd: tmpdir(), env, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return { child, said: () => text };
}

async function start(environment: Record<string, string> = {}): Promise<Started> {
  const { child, said } = run(environment);
  const up = new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', () => {
      const url = /Steward is ready: (\S+)\n/.exec(said())?.[1] ?? /Steward works/.exec(said())?.[0];
      if (url !== undefined) resolve(url);
    });
    child.once('exit', () => reject(new Error(`The program ended before it was ready:\n${said()}`)));
  });
  return { child, said, url: await up };
}

async function stopped(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
  return child.exitCode;
}

async function ended(program: { child: ChildProcess; said: () => string }): Promise<{ code: number | null; said: string }> {
  if (program.child.exitCode === null) await once(program.child, 'close');
  return { code: program.child.exitCode, said: program.said() };
}

const health = async (url: string) => (await fetch(`${url}/api/system/health`)).status;
const postgres = () => findPostmaster(join(home, 'postgres/data'));

test('starts on an empty directory, prints a set-up link once, and SIGTERM leaves nothing running', async () => {
  const first = await start();
  expect(await health(first.url)).toBe(200);
  await expect.poll(first.said).toMatch(/Set it up here[^]*\/setup\?token=\S+/);
  const operator = join(home, 'operator.json');
  expect((await stat(operator)).mode & 0o777).toBe(0o600);
  expect(JSON.parse(await readFile(operator, 'utf8'))).toMatchObject({ url: first.url, pid: first.child.pid });
  expect(await stopped(first.child, 'SIGTERM')).toBe(0);
  expect(await postgres()).toBeUndefined();
  expect(existsSync(operator)).toBe(false);

  const admin = { STEWARD_ADMIN_EMAIL: 'ada@acme.test', STEWARD_ADMIN_PASSWORD: 'correct horse battery staple' };
  const second = await start(admin);
  const signIn = await fetch(`${second.url}/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: admin.STEWARD_ADMIN_EMAIL, password: admin.STEWARD_ADMIN_PASSWORD }),
  });
  expect(signIn.status).toBe(200);
  expect(second.said()).not.toContain('/setup?token=');
});

test('one web process a home: a second one says so and ends; workers join, and go on without it', async () => {
  const web = await start({ ROLE: 'web' });
  const second = await ended(run());
  expect(second.code).not.toBe(0);
  expect(second.said).toMatch(/Another Steward serves this data directory already/);
  expect(await health(web.url)).toBe(200);
  const worker = await start({ ROLE: 'worker' });
  await stopped(web.child, 'SIGKILL');
  const next = await start({ ROLE: 'web' });
  expect(await health(next.url)).toBe(200);
  expect(worker.child.exitCode).toBeNull();
});

test('killed, with or without its PostgreSQL, it starts again on the same data', async () => {
  const first = await start({ STEWARD_ADMIN_EMAIL: 'ada@acme.test', STEWARD_ADMIN_PASSWORD: 'correct horse battery staple' });
  await stopped(first.child, 'SIGKILL');
  const second = await start();
  const server = await postgres();
  await stopped(second.child, 'SIGKILL');
  if (server !== undefined) process.kill(server.pid, 'SIGKILL');
  const third = await start();
  expect(await health(third.url)).toBe(200);
  // All that it ever said has come when it is gone.
  const gone = once(third.child, 'close');
  third.child.kill('SIGTERM');
  await gone;
  expect(third.said(), 'the company made at first is still there').not.toContain('/setup?token=');
});

test('PostgreSQL killed under a running server comes back by itself', async () => {
  const web = await start();
  const before = await postgres();
  if (before !== undefined) process.kill(before.pid, 'SIGKILL');
  await expect.poll(async () => (await postgres())?.pid).not.toBe(before?.pid);
  await expect.poll(() => fetch(`${web.url}/api/system/health`).then((answer) => answer.status)).toBe(200);
  expect(web.child.exitCode).toBeNull();
});

test('what is set wrongly is named, and nothing is started', async () => {
  const wrong = await ended(run({ PORT: 'many', SENDING: 'yes' }));
  expect(wrong).toMatchObject({ code: 1, said: expect.stringMatching(/PORT[^]*SENDING/) });
  expect(existsSync(join(home, 'cluster.json'))).toBe(false);
  const database = await ended(run({ DATABASE_URL: 'postgres://nobody:hunter2@127.0.0.1:1/none' }));
  expect(database).toMatchObject({ code: 1, said: expect.stringContaining('DATABASE_URL does not work') });
  expect(database.said).not.toContain('hunter2');
});

test('a port that is taken is named, with the next step', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const refused = await ended(run({ PORT: String(port) }));
  other.close();
  expect(refused).toMatchObject({ code: 1, said: expect.stringContaining(`Port ${port} is taken`) });
  expect(await postgres(), 'PostgreSQL is stopped again').toBeUndefined();
});

test('a damaged key file stops the start before the database is touched', async () => {
  await writeFile(join(home, 'secret.key'), 'too short\n', { mode: 0o600 });
  const refused = await ended(run());
  expect(refused).toMatchObject({ code: 1, said: expect.stringContaining('STEWARD_SECRET is shorter than 16') });
  expect(existsSync(join(home, 'cluster.json'))).toBe(false);
});
