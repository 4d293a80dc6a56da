import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stamp, summaryOf, type Snapshot } from './snapshot.ts';

const KEEP_DAYS = 30;
const DRAFT = /\.json\.(\d+)\.part$/;
const SNAPSHOT = /^sales_pipeline_(\d{4})(\d\d)(\d\d)_(\d\d)(\d\d)(\d\d)\.json$/;

export interface DailyPlace {
  /** `output/` */
  readonly directory: string;
  /** Of the snapshots. */
  readonly cache: string;
}

/** Whole or not at all: a reader never sees half a file. */
async function write(path: string, value: unknown): Promise<void> {
  const draft = `${path}.${process.pid}.part`;
  await writeFile(draft, `${JSON.stringify(value, null, 2)}\n`);
  await rename(draft, path);
}

/** sales_pipeline.json, a dated copy of it, daily_summary.json; snapshots older than 30 days go. Answers the paths. */
export async function writeDaily({ directory, cache }: DailyPlace, snapshot: Snapshot, at: Date) {
  await mkdir(directory, { recursive: true });
  await mkdir(cache, { recursive: true });
  const digits = at.toISOString().replaceAll(/[-:]/g, '');
  const paths = {
    pipeline: join(directory, 'sales_pipeline.json'),
    snapshot: join(cache, `sales_pipeline_${digits.slice(0, 8)}_${digits.slice(9, 15)}.json`),
    summary: join(directory, 'daily_summary.json'),
  };
  await write(paths.snapshot, snapshot);
  await write(paths.pipeline, snapshot);
  await write(paths.summary, summaryOf(snapshot));
  await Promise.all([directory, cache].map(cleanDrafts));
  return { ...paths, removed: await cleanCache(cache, at) };
}

/** Drafts of processes that were killed while they wrote. */
async function cleanDrafts(directory: string): Promise<void> {
  const left = (await readdir(directory)).filter((name) => {
    const found = DRAFT.exec(name);
    return found !== null && !lives(Number(found[1]));
  });
  await Promise.all(left.map((name) => rm(join(directory, name), { force: true })));
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // It is somebody else's process, but it lives.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** By the date in the name: what a file system says of its age does not survive a copy. */
async function cleanCache(cache: string, at: Date): Promise<number> {
  const old = (await readdir(cache)).filter((name) => {
    const found = SNAPSHOT.exec(name);
    if (found === null) return false;
    const [year, month, day, hour, minute, second] = found.slice(1).map(Number);
    const taken = Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second);
    return taken < at.getTime() - KEEP_DAYS * 86_400_000;
  });
  await Promise.all(old.map((name) => rm(join(cache, name), { force: true })));
  return old.length;
}

/** The last snapshot stays as it was, and says that it is no longer of today and why. Answers false where there was none. */
export async function markStale({ directory }: DailyPlace, reason: string, at: Date): Promise<boolean> {
  const mark = async (name: string, put: (value: Record<string, unknown>, more: object) => object) => {
    const path = join(directory, name);
    let value: unknown;
    try {
      value = JSON.parse(await readFile(path, 'utf8'));
    } catch {
      return false; // none yet, or not ours
    }
    if (typeof value !== 'object' || value === null) return false;
    await write(path, put({ ...value }, { stale: true, stale_since: stamp(at), stale_reason: reason }));
    return true;
  };
  const marked = await mark('sales_pipeline.json', (value, more) => ({ ...value, ...more }));
  await mark('daily_summary.json', (value, more) => {
    const { sales_pipeline_summary: before, ...rest } = value;
    return { ...rest, sales_pipeline_summary: { ...(typeof before === 'object' ? before : {}), ...more } };
  });
  return marked;
}
