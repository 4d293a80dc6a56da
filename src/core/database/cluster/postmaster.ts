import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
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
 * After a crash the pid in a lock file may have gone to another program, as happens at once in a container, or to a process that
 * ended and that nobody waited for. PostgreSQL would then refuse to start. A pid that is surely dead takes its place; the rest
 * of the file stays, so that PostgreSQL still notices backends of the old server that hold its shared memory.
 */
export async function disownStalePids(...files: readonly string[]): Promise<void> {
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch(() => '');
    const pid = Number(text.split('\n')[0]);
    if (!(pid > 0) || !exists(pid) || (await isPostgres(pid))) continue; // PostgreSQL sees for itself that nobody is there
    await writeFile(file, text.replace(/^\d+/, String(spawnSync(process.execPath, ['--version']).pid)));
  }
}

/** Whether the system knows the number, be it of a process that ended. */
function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

async function isPostgres(pid: number): Promise<boolean> {
  if (!isAlive(pid)) return false;
  if (process.platform === 'linux') return (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')).startsWith('postgres');
  if (process.platform === 'win32')
    return execFileSync('tasklist', ['/fi', `PID eq ${pid}`, '/nh'], { encoding: 'utf8' }).includes('postgres');
  return spawnSync('ps', ['-p', String(pid), '-o', 'comm='], { encoding: 'utf8' }).stdout.includes('postgres');
}

/** Whether the process runs. One that ended but that nobody waited for does not (containers often have no init that would). */
export function isAlive(pid: number): boolean {
  if (!exists(pid)) return false;
  if (process.platform !== 'linux') return true;
  try {
    const afterName = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1);
    return afterName !== undefined && !/^[ZX]/.test(afterName);
  } catch {
    return false;
  }
}
