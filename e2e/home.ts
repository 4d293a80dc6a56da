import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { joinCluster } from '#core/database/cluster.ts';
import { migrate } from '#core/database/migrate.ts';

/** What the program notes of its PostgreSQL. */
const Recorded = z.object({ directory: z.string(), uid: z.number().nullable(), reach: z.string() });
const recordOf = (home: string) => path.join(home, 'cluster.json');
const readRecord = (home: string) => Recorded.parse(JSON.parse(readFileSync(recordOf(home), 'utf8')));

/**
 * A data directory whose PostgreSQL is made and migrated, and nothing else: what the first start of each browser test would do again.
 * @returns where it is; null where a copy would not do (Windows, or root below a directory that others cannot enter)
 */
export async function makeHome(): Promise<string | null> {
  if (process.platform === 'win32') return null;
  const home = mkdtempSync(path.join(tmpdir(), 'steward-home-'));
  const cluster = await joinCluster({ home, web: false, durable: false });
  await migrate(cluster.target).finally(() => cluster.leave());
  const { directory } = readRecord(home);
  if (path.dirname(directory) !== home) {
    for (const gone of [home, directory]) rmSync(gone, { recursive: true, force: true });
    return null;
  }
  // No test ends in a power failure, which is all that these are for.
  appendFileSync(path.join(directory, 'data', 'postgresql.auto.conf'), 'fsync = off\nfull_page_writes = off\n');
  return home;
}

/** The same in a directory that holds nothing yet. The files stay whose they are: PostgreSQL does not run as root. */
export function copyHome(from: string, home: string): void {
  const record = readRecord(from);
  const directory = path.join(home, path.basename(record.directory));
  chmodSync(home, statSync(from).mode); // PostgreSQL's user passes through it
  execFileSync('cp', ['-pPR', record.directory, directory]);
  writeFileSync(recordOf(home), JSON.stringify({ ...record, directory }), { mode: 0o600 });
}
