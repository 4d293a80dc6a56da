import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { COMPILE_CACHE, SMALL_HEAP } from '../scripts/prepare.mjs';

const MAIN = fileURLToPath(new URL('../src/app/main.ts', import.meta.url));
/** How long it may take to be ready: on a new home, and on one with data, which is backed up before it is migrated. */
const FRESH_MS = 60_000;
const KEPT_MS = 30 * 60_000;
export const ADMIN = { email: 'bench@acme.test', password: 'correct horse battery staple' };

/** Steward as users run it (options as in scripts/prepare.mjs): a process of its own on an embedded database with fsync on. */
export interface StewardProcess {
  readonly url: string;
  readonly home: string;
  readonly child: ChildProcess;
  token(): Promise<string>;
  stop(): Promise<void>;
}

export async function startSteward(env: Readonly<Record<string, string>> = {}, home?: string): Promise<StewardProcess> {
  const directory = home ?? (await mkdtemp(join(tmpdir(), 'steward-bench-')));
  const child = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      ...SMALL_HEAP,
      ...(process.env['BENCH_PROFILE'] === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${process.env['BENCH_PROFILE']}`]),
      MAIN,
    ],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env,
        STEWARD_HOME: directory,
        PORT: '0',
        LOG_LEVEL: 'error',
        MALLOC_ARENA_MAX: COMPILE_CACHE.MALLOC_ARENA_MAX,
        RATE_LIMIT_PER_MINUTE: '100000000',
        STEWARD_ADMIN_EMAIL: ADMIN.email,
        STEWARD_ADMIN_PASSWORD: ADMIN.password,
        ...env,
      },
    },
  );
  const url = await operatorUrl(directory, child, home === undefined ? FRESH_MS : KEPT_MS);
  return {
    url,
    home: directory,
    child,
    async token() {
      const reply = await fetch(`${url}/token`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ username: ADMIN.email, password: ADMIN.password }),
      });
      const answer: unknown = await reply.json();
      if (typeof answer !== 'object' || answer === null || !('access_token' in answer))
        throw new Error(`no token: ${reply.status} ${JSON.stringify(answer)}`);
      return String(answer.access_token);
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM');
        await once(child, 'exit');
      }
      if (home === undefined) await rm(directory, { recursive: true, force: true });
    },
  };
}

async function operatorUrl(home: string, child: ChildProcess, patienceMs: number): Promise<string> {
  const began = performance.now();
  let said = false;
  while (performance.now() - began < patienceMs) {
    if (child.exitCode !== null) throw new Error(`Steward ended with ${child.exitCode} before it was ready`);
    try {
      const { url, pid }: { url: string; pid: number } = JSON.parse(await readFile(join(home, 'operator.json'), 'utf8'));
      if (pid === child.pid && (await fetch(`${url}/api/system/health`)).ok) return url;
    } catch {
      // not there yet
    }
    if (!said && performance.now() - began > FRESH_MS) {
      said = true;
      process.stderr.write('Steward is not ready yet: its database may be backed up before it is migrated\n');
    }
    await sleep(20);
  }
  throw new Error(`Steward was not ready within ${patienceMs / 1_000} s`);
}
