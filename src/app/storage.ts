import type { Config } from '#core/config.ts';
import type { Database } from '#core/database/database.ts';
import { migrate } from '#core/database/migrate.ts';
import { openDatabase } from '#core/database/open.ts';
import { openSystemDatabase, type OpenSystemDatabase } from '#core/database/system.ts';
import type { DatabaseTarget } from '#core/database/target.ts';
import { placeOf } from '#core/instance/place.ts';
import { openHome } from '#core/instance/seat.ts';
import type { Seat } from '#core/instance/standing.ts';
import { loadKeys } from '#core/key-file.ts';
import { openBackups, type KeptBackups } from './backups.ts';
import { locate, type StorageOptions } from './locate.ts';
import { restoreAsked } from './restore-asked.ts';
import { openSecrets, type Secrets } from '#core/secrets.ts';

/** A process's way to the data: keys and an up-to-date database. */
export interface Storage {
  readonly secrets: Secrets;
  readonly target: DatabaseTarget;
  readonly database: Database;
  readonly system: OpenSystemDatabase;
  /** Who this process is at the database. */
  readonly seat: Seat;
  readonly backups: KeptBackups;
  /** Closes the pools; the last process of a home to do so stops the embedded PostgreSQL. */
  close(): Promise<void>;
}

/**
 * Joins the embedded PostgreSQL, or logs in at DATABASE_URL; then migrates, with a backup of what is there first.
 * @throws Misconfigured with the next step
 */
export async function openStorage(config: Config, { web, log, onLost }: StorageOptions): Promise<Storage> {
  const keys = await loadKeys(config.home, config.STEWARD_SECRET);
  const secrets = openSecrets(keys);
  const { target, leave } = await locate(config, { web, log, onLost }, keys);
  const named = config.STEWARD_INSTANCE;
  const home = await openHome(config.home, named);
  const backups = openBackups({ config, target, log, from: home.says });
  try {
    if (web) await restoreAsked(target, config.home, log);
    const applied = await migrate(target, {
      async beforeChange([first]) {
        const directory = await backups.take(`before-${first?.replace('.sql', '') ?? ''}`, null);
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
  const seat = {
    home,
    place: await placeOf(system, config.DATABASE_URL === undefined ? null : target),
    directory: named === undefined ? config.home : null,
  };
  return {
    secrets,
    target,
    database,
    system,
    seat,
    backups,
    async close() {
      await Promise.allSettled([database.close(), system.close()]);
      await leave();
    },
  };
}
