import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { restore } from '#core/database/restore.ts';
import type { DatabaseTarget } from '#core/database/target.ts';
import type { Log } from '#core/log.ts';

const Asked = z.object({ directory: z.string() });
const fileOf = (home: string) => join(home, 'restore.json');

/** To be done by the next start of the process that serves the web, before anything is opened. Whole or not at all. */
export async function askForRestore(home: string, directory: string): Promise<void> {
  const draft = `${fileOf(home)}.${process.pid}`;
  await writeFile(draft, JSON.stringify({ directory }), { mode: 0o600, flush: true });
  await rename(draft, fileOf(home));
}

/** What was asked for through the API. Cut off, it is begun anew by the next start: until it is done the database is as it was. */
export async function restoreAsked(target: DatabaseTarget, home: string, log: Log): Promise<void> {
  const text = await readFile(fileOf(home), 'utf8').catch(() => undefined);
  if (text === undefined) return;
  const { directory } = Asked.parse(JSON.parse(text));
  log.info({ directory }, 'restoring a backup');
  try {
    await restore(target, directory, { home, replace: true });
    log.info({ directory }, 'restored; this installation is held');
  } catch (error) {
    log.error({ err: error, directory }, 'the backup was not restored; the database is as it was');
  }
  await rm(fileOf(home), { force: true });
}
