import { readFile } from 'node:fs/promises';

/** What a process holds in memory (RSS), in MB of a million bytes. */
export async function memoryMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return (Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? Number.NaN) * 1_024) / 1e6;
}
