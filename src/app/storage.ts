import { join } from 'node:path';
import { systemClock } from '#core/clock.ts';
import type { Config } from '#core/config.ts';
import { backup } from '#core/database/backup.ts';
import { joinCluster } from '#core/database/cluster.ts';
import type { Database } from '#core/database/database.ts';
import { openExternal } from '#core/database/external.ts';
import { migrate } from '#core/database/migrate.ts';
import { openDatabase } from '#core/database/open.ts';
import { openSystemDatabase, type OpenSystemDatabase } from '#core/database/system.ts';
import type { DatabaseTarget } from '#core/database/target.ts';
import { placeOf } from '#core/instance/place.ts';
import { openHome } from '#core/instance/seat.ts';
import type { Seat } from '#core/instance/standing.ts';
import { loadKeys } from '#core/key-file.ts';
import type { Log } from '#core/log.ts';
import { openSecrets, type Secrets } from '#core/secrets.ts';

/** A process's way to the data: keys and an up-to-date database. */
export interface Storage {
  readonly secrets: Secrets;
  readonly target: DatabaseTarget;
  readonly database: Database;
  readonly system: OpenSystemDatabase;
  /** Who this process is at the database. */
  readonly seat: Seat;
  /** Into the data directory's `backups`; answers the new directory. `reason` becomes part of its name. */
  backup(reason: string): Promise<string>;
  /** Closes the pools; the last process of a home to do so stops the embedded PostgreSQL. */
  close(): Promise<void>;
}

export interface StorageOptions {
  /** Whether this process serves the web: one on an embedded database. */
  readonly web: boolean;
  readonly log: Log;
  /** Told when the embedded database is lost for good. */
  readonly onLost: (error: Error) => void;
}

/**
 * Joins the embedded PostgreSQL, or logs in at DATABASE_URL; then migrates, with a backup of what is there first.
 * @throws Misconfigured with the next step
 */
export async function openStorage(config: Config, { web, log, onLost }: StorageOptions): Promise<Storage> {
  const keys = await loadKeys(config.home, config.STEWARD_SECRET);
  const secrets = openSecrets(keys);
  const { target, leave } = await locate(config, { web, log, onLost }, keys);
  const takeBackup = (reason: string) => backup(target, { into: join(config.home, 'backups'), reason, clock: systemClock });
  try {
    const applied = await migrate(target, {
      async beforeChange([first]) {
        const directory = await takeBackup(`before-${first?.replace('.sql', '') ?? ''}`);
        log.info({ directory }, 'backed up before migrating');
      },
    });
    if (applied.length > 0) log.info({ applied }, 'migrated the database');
  } catch (error) {
    await leave();
    throw error;
  }
  const database = openDatabase(target, log);
  const system = openSystemDatabase(target, log);
  const named = config.STEWARD_INSTANCE;
  const seat = {
    home: await openHome(config.home, named),
    place: await placeOf(system, config.DATABASE_URL === undefined ? null : target),
    directory: named === undefined ? config.home : null,
  };
  return {
    secrets,
    target,
    database,
    system,
    seat,
    backup: takeBackup,
    async close() {
      await Promise.allSettled([database.close(), system.close()]);
      await leave();
    },
  };
}

async function locate(
  config: Config,
  options: StorageOptions,
  keys: readonly string[],
): Promise<{ target: DatabaseTarget; leave(): Promise<void> }> {
  if (config.DATABASE_URL === undefined) return joinCluster({ home: config.home, port: config.STEWARD_POSTGRES === 'port', ...options });
  const target = await openExternal(
    config.DATABASE_URL,
    keys.map((key) => openSecrets([key])),
  );
  return { target, leave: async () => undefined };
}
