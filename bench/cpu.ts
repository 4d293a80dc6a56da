import { readdir, readFile } from 'node:fs/promises';

/** Clock ticks a second in /proc; 100 on every Linux that Node runs on. */
const TICKS = 100;

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
  /** Seconds of CPU, own and of children that have ended. */
  readonly seconds: number;
}

async function processes(): Promise<Process[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (fields.length < 15) return null;
      return {
        pid: Number(pid),
        parent: Number(fields[1]),
        name: stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')')),
        seconds: [11, 12, 13, 14].reduce((sum, i) => sum + Number(fields[i]), 0) / TICKS,
      };
    }),
  );
  return found.filter((one) => one !== null);
}

/** Seconds of CPU that a process and all below it have used so far: a figure that a busy machine does not bend. */
export async function cpuSeconds(pid: number): Promise<number> {
  const { node, postgres } = await cpuShares(pid);
  return node + postgres;
}

/** The same, PostgreSQL's apart. */
export async function cpuShares(pid: number): Promise<{ readonly node: number; readonly postgres: number }> {
  const all = await processes();
  const below = new Set([pid]);
  for (let grown = true; grown;) {
    grown = false;
    for (const one of all) {
      if (below.has(one.parent) && !below.has(one.pid)) {
        below.add(one.pid);
        grown = true;
      }
    }
  }
  const of = (postgres: boolean) =>
    all.filter((one) => below.has(one.pid) && (one.name === 'postgres') === postgres).reduce((sum, one) => sum + one.seconds, 0);
  return { node: of(false), postgres: of(true) };
}
