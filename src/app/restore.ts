import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { Client } from 'pg';
import type { Config } from '#core/config.ts';
import type { BackupManifest, BackupTable } from '#core/database/backup-manifest.ts';
import { restore } from '#core/database/restore.ts';
import { clientConfig, type DatabaseTarget } from '#core/database/target.ts';
import { Misconfigured } from '#core/errors.ts';
import { loadKeys } from '#core/key-file.ts';
import type { Log } from '#core/log.ts';
import { openSecrets, type Secrets } from '#core/secrets.ts';
import { locate } from './locate.ts';

export interface RestoreAnswer {
  readonly restored: string;
  readonly takenAt: string;
  readonly from: string | null;
  readonly tables: number;
  readonly rows: number;
  /** Connections that these keys can't open: their credentials have to be entered anew. */
  readonly unreadableConnections: number;
  readonly held: true;
  readonly next: string;
}

/** The directory of a backup, or its manifest.json. @throws Misconfigured */
export async function backupDirectory(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new Misconfigured(`There is no ${path}. Name the directory of a backup: ls STEWARD_HOME/backups`);
  if (found.isDirectory()) return path;
  if (basename(path) === 'manifest.json') return dirname(path);
  throw new Misconfigured(`${path} is no backup. Name the directory that holds its manifest.json`);
}

/** For the command: into the home or DATABASE_URL that this configuration names. Nothing else may be at work there. */
export async function restoreInto(
  config: Config,
  log: Log,
  path: string,
  options: { readonly replace: boolean; readonly progress: (table: BackupTable) => void },
): Promise<RestoreAnswer> {
  const directory = await backupDirectory(path);
  const keys = await loadKeys(config.home, config.STEWARD_SECRET);
  const { target, leave } = await locate(
    config,
    { web: true, log, onLost: (error) => log.error({ err: error }, 'the database is lost') },
    keys,
  );
  try {
    const manifest = await restore(target, directory, { home: config.home, ...options });
    return await answerOf(target, openSecrets(keys), directory, manifest);
  } finally {
    await leave();
  }
}

async function answerOf(target: DatabaseTarget, secrets: Secrets, directory: string, manifest: BackupManifest): Promise<RestoreAnswer> {
  const client = new Client(clientConfig(target, 'system', 'steward restore'));
  await client.connect();
  try {
    const { rows } = await client.query<{ sealed: string }>('select sealed_credentials as sealed from connections');
    const unreadable = rows.filter(({ sealed }) => !secrets.knows(sealed)).length;
    return {
      restored: directory,
      takenAt: manifest.createdAt,
      from: manifest.from ?? null,
      tables: manifest.tables.length,
      rows: manifest.tables.reduce((sum, table) => sum + table.rows, 0),
      unreadableConnections: unreadable,
      held: true,
      next:
        unreadable === 0
          ? 'Start Steward: it is held and shows what would fire. Release it with: steward release'
          : `${unreadable} of ${rows.length} connections were sealed with another key. Give the STEWARD_SECRET or the secret.key of where the backup was taken, or enter their credentials anew. Then start Steward: it is held until: steward release`,
    };
  } finally {
    await client.end();
  }
}
