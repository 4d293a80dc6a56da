import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Backups, Drilled } from '#core/backups.ts';
import { systemClock, type Clock } from '#core/clock.ts';
import type { Config } from '#core/config.ts';
import { backup } from '#core/database/backup.ts';
import { freeBytes, listBackups, note, removeStored, storedAt, verifyStored } from '#core/database/backup-store.ts';
import { joinCluster } from '#core/database/cluster.ts';
import { migrate } from '#core/database/migrate.ts';
import { restore } from '#core/database/restore.ts';
import type { DatabaseTarget } from '#core/database/target.ts';
import { Conflict, Unavailable } from '#core/errors.ts';
import type { Log } from '#core/log.ts';
import { askForRestore } from './restore-asked.ts';

export interface BackupsInput {
  readonly config: Config;
  readonly target: DatabaseTarget;
  readonly log: Log;
  /** Host and data directory. */
  readonly from: string;
  /** Names backups by the time. */
  readonly clock?: Clock;
}

/** Starts this process anew; set by the one that serves the web. */
export interface KeptBackups extends Backups {
  startAnew: (() => void) | null;
}

export function openBackups({ config, target, log, from, clock = systemClock }: BackupsInput): KeptBackups {
  const own = join(config.home, 'backups');
  const whereOf = (into: string | null) => into ?? own;
  let drilling = false;
  const backups: KeptBackups = {
    startAnew: null,
    take: (reason, into) => backup(target, { into: whereOf(into), reason, clock, from }),
    list: (into) => listBackups(whereOf(into)),
    verify: (name, into) => verifyStored(whereOf(into), name, clock),
    async drill(name, into) {
      if (drilling) throw new Conflict('Another drill is going on; wait for its end');
      drilling = true;
      try {
        return await drill(config.home, await storedAt(whereOf(into), name), log);
      } finally {
        drilling = false;
      }
    },
    remove: (name, into) => removeStored(whereOf(into), name),
    async room(into) {
      // Nothing may have been written there yet.
      const directory = whereOf(into);
      return freeBytes(existsSync(directory) ? directory : dirname(directory));
    },
    async restore(name, into) {
      const directory = await storedAt(whereOf(into), name);
      if (backups.startAnew === null)
        throw new Unavailable('Only a running server restores over its own database. Here: steward restore --replace');
      await askForRestore(config.home, directory);
      backups.startAnew();
    },
  };
  return backups;
}

/** A PostgreSQL of its own in the data directory, for as long as it takes. What an earlier, killed drill left is cleared first. */
async function drill(home: string, directory: string, log: Log): Promise<Drilled> {
  const scratch = join(home, 'drill');
  const began = performance.now();
  const open = () => joinCluster({ home: scratch, web: false, durable: false, log });
  if (existsSync(scratch)) await clear(open, scratch);
  await mkdir(scratch, { mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
  const cluster = await open();
  try {
    const manifest = await restore(cluster.target, directory);
    await migrate(cluster.target);
    await note(directory, { drilledAt: systemClock.now().toISOString(), error: null });
    const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
    return { rows, tables: manifest.tables.length, ms: Math.round(performance.now() - began) };
  } catch (error) {
    await note(directory, { error: `It can’t be restored: ${error instanceof Error ? error.message : String(error)}` });
    throw error;
  } finally {
    await cluster.leave();
    await rm(scratch, { recursive: true, force: true });
  }
}

async function clear(open: () => ReturnType<typeof joinCluster>, scratch: string): Promise<void> {
  // Its server may still run: the last to leave stops it.
  await open()
    .then((cluster) => cluster.leave())
    .catch(() => undefined);
  await rm(scratch, { recursive: true, force: true });
}
