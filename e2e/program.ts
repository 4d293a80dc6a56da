import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { COMPILE_CACHE } from '../scripts/prepare.mjs';
import { copyHome } from './home.ts';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** The web app as people get it: the production build of what is in the working tree, made anew when that changed. */
export function buildWeb(): void {
  execFileSync(process.execPath, ['--input-type=module', '--eval', `(await import('./scripts/prepare.mjs')).ensureBuilt()`], {
    cwd: root,
    env: { PATH: process.env['PATH'] ?? '', NODE_ENV: 'production' }, // the test runner's own NODE_ENV would build the slow, talkative React
    stdio: 'inherit',
  });
}

const setupLink = /https?:\/\/\S+\/setup\?token=\S+(?=\s)/;

export interface Program {
  /** `http://127.0.0.1:…` */
  readonly url: string;
  /** One-time link of the first company; null when there is one already. */
  readonly setupLink: string | null;
  readonly home: string;
  stop(): Promise<void>;
}

/**
 * The real program with the web app that was built (`buildWeb`), on a home of its own that goes with it: a new one, or a copy of `from`
 * (home.ts). @throws when it ends before it is ready; its last words are in the message
 */
export async function startProgram(environment: Readonly<Record<string, string>> = {}, from: string | null = null): Promise<Program> {
  const home = mkdtempSync(path.join(tmpdir(), 'steward-e2e-'));
  if (from !== null) copyHome(from, home);
  const child = spawn(process.execPath, ['src/app/main.ts'], {
    cwd: root,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '',
      ...COMPILE_CACHE,
      LOG_LEVEL: 'warn',
      STEWARD_DNS_SERVERS: '127.0.0.1:1', // nobody: no test asks the world
      PORT: '0',
      STEWARD_HOME: home,
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let said = '';
  const wanted = environment['STEWARD_ADMIN_EMAIL'] === undefined;
  const url = await new Promise<string>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      said += chunk.toString();
      const ready = /Steward is ready: (\S+)/.exec(said)?.[1];
      // The set-up link comes after it, once the database has been asked whether there is a company.
      if (ready !== undefined && (!wanted || setupLink.test(said))) resolve(ready);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('close', () => reject(new Error(`The program ended before it was ready:\n${said.slice(-3_000)}`)));
  });
  return {
    url,
    setupLink: setupLink.exec(said)?.[0] ?? null,
    home,
    async stop() {
      child.kill('SIGTERM');
      await gone;
      rmSync(home, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}
