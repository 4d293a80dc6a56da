import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Unavailable } from '#core/errors.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const READY_WITHIN_MS = 60_000;

/** A Steward that is there to be killed: the real thing, as `npm start` runs it. */
export interface Victim {
  readonly url: string;
  readonly child: ChildProcess;
  /** As the local operator, in the first company unless told otherwise: GET, or with a body POST. Answers the parsed JSON. */
  ask(path: string, body?: object, more?: Asking): Promise<unknown>;
  alive(): boolean;
}

export interface Asking {
  readonly method?: 'PUT';
  /** Id of another company. */
  readonly company?: string;
  /** A user's, in the place of the operator's. */
  readonly token?: string;
  /** Makes a POST one, however often it is sent. */
  readonly idempotencyKey?: string;
}

/** @param company the first one, as soon as there may be others; null: there is no choice yet */
export async function startVictim(
  home: string,
  env: Readonly<Record<string, string>>,
  company: () => string | null = () => null,
): Promise<Victim> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN], {
    cwd: home,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...env, STEWARD_HOME: home },
  });
  const alive = () => child.exitCode === null && child.signalCode === null;
  for (let waited = 0; waited < READY_WITHIN_MS && alive(); waited += 20) {
    const door = await operatorDoor(home, child.pid);
    if (door !== null && (await answers(`${door.url}/api/system/health`)))
      return {
        url: door.url,
        child,
        alive,
        ask: (path, body, more) => ask(door, path, body, { ...more, company: more?.company ?? company() }),
      };
    await sleep(20);
  }
  if (alive()) child.kill('SIGKILL');
  throw new Unavailable(`Steward was not ready within ${READY_WITHIN_MS / 1000} s (exit ${child.exitCode ?? child.signalCode})`);
}

/** A process that only works, beside the one that also serves the web. */
export async function startWorker(home: string, env: Readonly<Record<string, string>>): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN], {
    cwd: home,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...env, STEWARD_HOME: home, ROLE: 'worker' },
  });
  const works = await Promise.race([once(child.stdout, 'data').then(() => true), once(child, 'exit').then(() => false)]);
  child.stdout.resume();
  if (!works) throw new Unavailable(`A worker ended before it worked (exit ${child.exitCode ?? child.signalCode})`);
  return child;
}

interface Door {
  readonly url: string;
  readonly token: string;
}

async function operatorDoor(home: string, pid: number | undefined): Promise<Door | null> {
  try {
    const found: Door & { pid: number } = JSON.parse(await readFile(join(home, 'operator.json'), 'utf8'));
    return found.pid === pid ? found : null;
  } catch {
    return null; // not written yet
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

async function ask(
  door: Door,
  path: string,
  body: object | undefined,
  { method, company, token, idempotencyKey }: Omit<Asking, 'company'> & { readonly company: string | null },
): Promise<unknown> {
  const reply = await fetch(`${door.url}${path}`, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      authorization: `Bearer ${token ?? door.token}`,
      ...(company === null || token !== undefined ? {} : { 'x-steward-company': company }),
      ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!reply.ok) throw new Unavailable(`${path} answered ${reply.status}: ${await reply.text()}`);
  return reply.json();
}

/** SIGKILL, and wait until the system has taken the process away. */
export async function killProcess(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}

const TRIES = 60;

/** What fails because the database is on its way back is asked again, for half a minute. */
export async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (tries >= TRIES) throw error;
      await sleep(500);
    }
  }
}

/** SIGKILL to the PostgreSQL of this home. False when there was none to kill. */
export async function killPostgres(home: string): Promise<boolean> {
  try {
    const { directory }: { directory: string } = JSON.parse(await readFile(join(home, 'cluster.json'), 'utf8'));
    const pid = Number((await readFile(join(directory, 'data', 'postmaster.pid'), 'utf8')).split('\n')[0]);
    process.kill(pid, 'SIGKILL');
    return true;
  } catch {
    return false;
  }
}
