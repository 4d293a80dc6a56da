import { execFileSync, spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Postmaster {
  readonly pid: number;
  /** `starting`, `ready`, `stopping` …: the last line of postmaster.pid. */
  readonly status: string;
}

/** The PostgreSQL that runs on this data directory, by its own lock file; undefined when none is alive. */
export async function findPostmaster(data: string): Promise<Postmaster | undefined> {
  const lines = (await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0 || !(await isPostgres(pid))) return undefined;
  return { pid, status: lines[7]?.trim() ?? 'starting' };
}

/**
 * After a crash the pid in the lock file may have gone to another program, as happens at once in a container. PostgreSQL would then
 * refuse to start. A pid that is surely dead takes its place; the rest of the file stays, so that PostgreSQL still
 * notices backends of the old server that hold its shared memory.
 */
export async function disownStalePid(data: string): Promise<void> {
  const file = join(data, 'postmaster.pid');
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined || (await findPostmaster(data)) !== undefined) return;
  const dead = spawnSync(process.execPath, ['--version']).pid;
  await writeFile(file, text.replace(/^\d+/, String(dead)));
}

async function isPostgres(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  if (process.platform === 'linux') return (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')).startsWith('postgres');
  if (process.platform === 'win32')
    return execFileSync('tasklist', ['/fi', `PID eq ${pid}`, '/nh'], { encoding: 'utf8' }).includes('postgres');
  return execFileSync('ps', ['-p', String(pid), '-o', 'comm='], { encoding: 'utf8' }).includes('postgres');
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
