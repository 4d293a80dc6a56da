import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { AppError, Conflict, Misconfigured } from '../errors.ts';
import { Tally, verifyBackup, type BackupManifest, type BackupTable } from './backup-manifest.ts';
import { rowsOf } from './backup.ts';
import { clearSchema } from './clear-schema.ts';
import { isPassing } from './faults.ts';
import { migrateWithin, refuseUnknown } from './migrate.ts';
import { migrateQueue } from './queue-schema.ts';
import { becomeCopy, catchUpSequences, checkLinks, refuseOtherQueue, takeForeignKeys } from './loading.ts';
import { adoptReplay } from './replay-file.ts';
import { clientConfig, type DatabaseTarget } from './target.ts';

export interface RestoreOptions {
  /** The list of opt-outs and erasures beside the backup becomes part of this home's: the next start applies it before any work. */
  readonly home?: string;
  /** What the database holds may go. */
  readonly replace?: boolean;
  /** Told before each table. */
  readonly progress?: (table: BackupTable) => void;
}

/**
 * A backup into a database, at the schema it was taken with, in one transaction: a process that dies in the middle leaves what was there before.
 * Every table is read back and compared row by row. The database then carries a new instance id, remembers the old one, and is held.
 * Migrations newer than the backup run at the next start.
 * @throws Misconfigured when the backup is damaged or of another version, Conflict when the database holds companies or others work on it
 */
export async function restore(target: DatabaseTarget, directory: string, options: RestoreOptions = {}): Promise<BackupManifest> {
  const manifest = await verifyBackup(directory);
  await refuseUnknown(manifest.migrations);
  const client = new Client({ ...clientConfig(target, 'owner', 'steward restore'), statement_timeout: 0 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    if (options.replace !== true) await refuseUnlessEmpty(client);
    await migrateQueue(client);
    await refuseOtherQueue(client, manifest);
    await client.query(`begin; set local lock_timeout = '20s'; set local synchronize_seqscans = off; set local row_security = off`);
    await clearSchema(client);
    await migrateWithin(client, manifest.migrations);
    await load(client, directory, manifest.tables, options.progress);
    await compare(client, manifest.tables);
    await becomeCopy(client, manifest);
    await client.query('commit');
    if (options.home !== undefined) await adoptReplay(directory, options.home);
    return manifest;
  } catch (error) {
    if (isPassing(error) && !(error instanceof AppError))
      throw new Conflict('Others are at work on this database. Stop every Steward that uses it, then restore again; nothing was changed', {
        cause: error,
      });
    throw error;
  } finally {
    await client.end(); // an open transaction goes with it
  }
}

async function refuseUnlessEmpty(client: Client): Promise<void> {
  const { rows } = await client.query<{ present: boolean }>(`select to_regclass('public.companies') is not null as present`);
  if (rows[0]?.present !== true) return;
  const { rowCount } = await client.query('select 1 from companies limit 1');
  if (rowCount !== 0)
    throw new Conflict(
      'A backup is restored into an empty database, and this one holds companies. Start with a new STEWARD_HOME or an empty database, or say --replace to lose what is here',
    );
}

async function load(
  client: Client,
  directory: string,
  tables: readonly BackupTable[],
  progress: (table: BackupTable) => void = () => undefined,
): Promise<void> {
  const names = tables.map((table) => nameOf(client, table));
  const foreignKeys = await takeForeignKeys(client);
  for (const name of names) await client.query(`alter table ${name} disable trigger user`);
  await client.query(`truncate ${names.join(', ')}`); // rows that migrations put there
  for (const table of tables) {
    progress(table);
    const columns = table.columns.map((column) => client.escapeIdentifier(column)).join(', ');
    const into = client.query(copyFrom(`copy ${nameOf(client, table)} (${columns}) from stdin`));
    await pipeline(createReadStream(join(directory, table.file)), createGunzip(), into);
    if (into.rowCount !== table.rows) throw new Misconfigured(`${table.file} holds ${table.rows} rows, but ${into.rowCount} arrived`);
  }
  for (const name of names) await client.query(`alter table ${name} enable trigger user`);
  for (const key of foreignKeys) await client.query(key.make);
  await checkLinks(client);
  await catchUpSequences(client);
}

const nameOf = (client: Client, table: BackupTable) => `${client.escapeIdentifier(table.schema)}.${client.escapeIdentifier(table.name)}`;

/** What stands in the database now is, row by row, what stood in the other one. Backups that carry no hashes of rows were compared as files. */
async function compare(client: Client, tables: readonly BackupTable[]): Promise<void> {
  for (const table of tables) {
    const tally = new Tally();
    await pipeline(rowsOf(client, table), tally, new Writable({ write: (_chunk, _encoding, done) => done() }));
    if (tally.rows !== table.rows || tally.rowsHash() !== (table.rowsHash ?? tally.rowsHash()))
      throw new Misconfigured(`The rows of ${table.name} are not those of the backup. Nothing was changed; please report this`);
  }
}
