import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

/** Beside the backups, outside each of them: whoever moves the folder to another machine takes the list along. */
const REPLAY_FILE = 'opt-outs.jsonl';

/** What a restored database must be told (opt-outs and erasures since the backup), one JSON line each, keyed hashes only. */
export function replayFile(home: string): string {
  return join(home, 'backups', REPLAY_FILE);
}

/** The list beside a backup becomes part of this home's own; the next start applies it. Nothing where there is none. */
export async function adoptReplay(backup: string, home: string): Promise<void> {
  const from = join(dirname(resolve(backup)), REPLAY_FILE);
  const to = replayFile(resolve(home));
  if (from === to) return;
  try {
    const lines = await readFile(from, 'utf8');
    await mkdir(dirname(to), { recursive: true, mode: 0o700 });
    await appendFile(to, `\n${lines}`, { mode: 0o600, flush: true });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}
