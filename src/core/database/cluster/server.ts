import { execFile, spawn } from 'node:child_process';
import { chownSync, readdirSync } from 'node:fs';
import { chown, mkdtemp, open, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Misconfigured } from '../../errors.ts';
import { childEnvironment } from '../../config-child.ts';
import { identity, postgresBinaries } from './binaries.ts';
import { PORT_RULES, type Door } from './door.ts';
import type { Layout } from './layout.ts';
import { disownStalePids, findPostmaster, isAlive } from './postmaster.ts';
import { nobodyIds } from './reach.ts';

/** The cluster's superuser; only start-up logs in as it. */
export const SUPERUSER = 'postgres';
const LOG_LIMIT_BYTES = 10_000_000;
const START_LIMIT_S = 60;

/** Makes the cluster if there is none. Atomic: a killed attempt leaves nothing that looks like a cluster. */
export async function createCluster(layout: Layout, bin: string, door: Door): Promise<void> {
  if (await exists(join(layout.data, 'PG_VERSION'))) return;
  // initdb wants its user to have a name, which the spare uid has not: `nobody` runs it and the files change hands after.
  const runner = layout.uid === null ? undefined : nobodyIds();
  const scratch = await mkdtemp(join(layout.directory, 'new-'));
  try {
    if (runner !== undefined) await chown(scratch, runner.uid, runner.gid);
    const draft = join(scratch, 'data');
    if (door.superuser !== undefined) {
      const passwordFile = join(scratch, 'password');
      await writeFile(passwordFile, door.superuser, { mode: 0o600 });
      if (runner !== undefined) await chown(passwordFile, runner.uid, runner.gid);
      await initdb(bin, draft, ['--auth=scram-sha-256', `--pwfile=${passwordFile}`], runner ?? {});
      await writeFile(join(draft, 'pg_hba.conf'), PORT_RULES);
    } else {
      // Who may enter the socket's 0700 directory may log in; there is no TCP.
      await initdb(bin, draft, ['--auth=trust'], runner ?? {});
    }
    if (layout.uid !== null) giveTree(draft, layout.uid);
    await rename(draft, layout.data).catch(async (error: unknown) => {
      if (!(await exists(join(layout.data, 'PG_VERSION')))) throw error; // another process was first
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function initdb(bin: string, data: string, how: readonly string[], runner: { uid?: number; gid?: number }): Promise<void> {
  // Builtin C.UTF-8: the same order on every machine and in every release, so an upgraded libc never corrupts an index.
  const locale = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'];
  const auth = [...how, '--no-instructions', `--username=${SUPERUSER}`];
  try {
    await promisify(execFile)(join(bin, 'initdb'), ['-D', data, ...locale, ...auth], { cwd: '/', env: { LC_ALL: 'C' }, ...runner });
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    throw new Misconfigured(`PostgreSQL could not make its data directory ${data}: ${said}`, { cause: error });
  }
}

/** chown -R. */
function giveTree(directory: string, uid: number): void {
  chownSync(directory, uid, uid);
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) giveTree(path, uid);
    else chownSync(path, uid, uid);
  }
}

export interface ServerOptions {
  readonly door: Door;
  /** false only for tests: after a power failure the data would be lost. */
  readonly durable: boolean;
}

/** Small on purpose: the whole of Steward fits in 300 MB. A company that outgrows this brings its own server. */
function settings({ reach }: Layout, { door, durable }: ServerOptions): Record<string, string | number> {
  const values: Record<string, string | number> = {
    ...(reach === 'socket'
      ? { listen_addresses: '', unix_socket_directories: door.host, unix_socket_permissions: '0700' }
      : { listen_addresses: door.host, unix_socket_directories: '' }),
    port: door.port,
    max_connections: 80,
    shared_buffers: '96MB',
    work_mem: '8MB',
    maintenance_work_mem: '64MB',
    effective_cache_size: '512MB',
    random_page_cost: 1.1,
    wal_level: 'minimal',
    max_wal_senders: 0,
    max_logical_replication_workers: 0,
    max_wal_size: '1GB',
    io_method: 'sync', // no standing I/O processes
    jit: 'off',
    autovacuum_naptime: '5s', // a first import must not be read with the plans of an empty table for long
    log_min_messages: 'warning',
    log_line_prefix: '%m [%p] %u ',
    log_checkpoints: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
  };
  // Test files share one server, some with several processes each.
  if (!durable) Object.assign(values, { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: 300 });
  return values;
}

/** A PostgreSQL that this process started. It outlives a killed Steward; the next start finds and adopts it. */
export interface StartedServer {
  /** Settles when it has gone, for whatever reason. */
  readonly gone: Promise<void>;
}

/** Starts PostgreSQL and returns at once: whether it is ready shows by connecting. Its own lock file keeps a second one out. */
export async function startServer(layout: Layout, bin: string, options: ServerOptions): Promise<StartedServer> {
  const pids = join(layout.data, 'postmaster.pid');
  await keepLogSmall(layout.log);
  if (layout.reach === 'port') {
    await disownStalePids(pids);
    return startByControl(layout, bin, options);
  }
  await disownStalePids(pids, join(options.door.host, `.s.PGSQL.${options.door.port}.lock`));
  const log = await open(layout.log, 'a', 0o600);
  try {
    // In a session of its own: Ctrl-C in the terminal reaches Steward, which drains before it stops PostgreSQL.
    const child = spawn(
      join(bin, 'postgres'),
      ['-D', layout.data, ...Object.entries(settings(layout, options)).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      {
        cwd: '/',
        env: { LC_ALL: 'C', TZ: 'UTC' },
        detached: true,
        stdio: ['ignore', log.fd, log.fd],
        ...identity(layout),
      },
    );
    const gone = new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
      child.once('error', () => resolve());
    });
    child.unref();
    return { gone };
  } finally {
    await log.close();
  }
}

/**
 * By pg_ctl, with the settings in a file: on Windows it alone takes an administrator's rights away, which PostgreSQL refuses to run with,
 * and no signal reaches a process there.
 */
async function startByControl(layout: Layout, bin: string, options: ServerOptions): Promise<StartedServer> {
  const lines = Object.entries(settings(layout, options)).map(([name, value]) => `${name} = '${String(value).replaceAll("'", "''")}'`);
  const file = join(layout.data, 'postgresql.conf');
  await writeFile(file, `# Written by Steward at each start.\n${lines.join('\n')}\n`, { mode: 0o600 });
  await (await open(layout.log, 'a', 0o600)).close();
  if (layout.uid !== null) for (const own of [file, layout.log]) await chown(own, layout.uid, layout.uid);
  const control = spawn(join(bin, 'pg_ctl'), ['start', '-D', layout.data, '-l', layout.log, '-w', '-t', String(START_LIMIT_S)], {
    cwd: layout.directory,
    env: controlEnvironment(),
    detached: true,
    windowsHide: true,
    stdio: 'ignore',
    ...identity(layout),
  });
  control.unref();
  const started = new Promise<boolean>((resolve) => {
    control.once('exit', (code) => resolve(code === 0));
    control.once('error', () => resolve(false));
  });
  return { gone: started.then((runs) => (runs ? untilGone(layout) : undefined)) };
}

async function untilGone(layout: Layout): Promise<void> {
  while ((await findPostmaster(layout.data)) !== undefined) await sleep(1_000, undefined, { ref: false });
}

/** Windows programs need to know where Windows is. */
function controlEnvironment(): Record<string, string> {
  return { ...(process.platform === 'win32' ? childEnvironment() : {}), LC_ALL: 'C', TZ: 'UTC' };
}

/** Fast shutdown; immediate when that takes longer than `patienceMs`. Resolves once the process is gone. */
export async function stopServer(layout: Layout, patienceMs = 20_000): Promise<void> {
  const running = await findPostmaster(layout.data);
  if (running === undefined) return;
  if (layout.reach === 'port') {
    const bin = await postgresBinaries(layout);
    for (const mode of ['fast', 'immediate']) {
      const stop = ['stop', '-D', layout.data, '-m', mode, '-w', '-t', String(Math.ceil(patienceMs / 1_000))];
      const stopped = await promisify(execFile)(join(bin, 'pg_ctl'), stop, {
        cwd: layout.directory,
        env: controlEnvironment(),
        ...identity(layout),
      }).then(
        () => true,
        () => false,
      );
      if (stopped) return;
    }
    return;
  }
  signal(running.pid, 'SIGINT');
  if (await goneWithin(running.pid, patienceMs)) return;
  signal(running.pid, 'SIGQUIT');
  await goneWithin(running.pid, 10_000);
}

function signal(pid: number, name: 'SIGINT' | 'SIGQUIT'): void {
  try {
    process.kill(pid, name);
  } catch {
    // gone already
  }
}

async function goneWithin(pid: number, ms: number): Promise<boolean> {
  for (let waited = 0; waited < ms; waited += 20) {
    if (!isAlive(pid)) return true;
    await sleep(20);
  }
  return false;
}

async function keepLogSmall(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found !== undefined && found.size > LOG_LIMIT_BYTES) await truncate(file, 0);
}

/** The last lines that PostgreSQL wrote: why it did not start. */
export async function lastWords(layout: Layout): Promise<string> {
  const text = await readFile(layout.log, 'utf8').catch(() => '');
  return text.trim().split('\n').slice(-6).join('\n');
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
