import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { SMALL_HEAP } from '../scripts/prepare.mjs';

const MAIN = fileURLToPath(new URL('../src/app/main.ts', import.meta.url));

/** A `ROLE=worker` process on the home of a running web process. Answers once it works. */
export async function startWorker(home: string): Promise<{ readonly pid: number; stop(): Promise<void> }> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...SMALL_HEAP, MAIN], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, STEWARD_HOME: home, ROLE: 'worker', LOG_LEVEL: 'error' },
  });
  await once(child.stdout, 'data');
  return {
    pid: child.pid ?? 0,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}
