import { createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { Client } from 'pg';
import { to as copyTo, type CopyToStreamQuery } from 'pg-copy-streams';
import type { Clock } from '../clock.ts';
import { Unavailable } from '../errors.ts';
import { Tally, verifyBackup, type BackupManifest, type BackupTable } from './backup-manifest.ts';
import { identityOf, listTables } from './catalogue.ts';
import { clientConfig, type DatabaseTarget } from './target.ts';

export interface BackupOptions {
  /** The backup becomes a directory in here, named by the time. */
  readonly into: string;
  /** In its name and manifest: `manual`, `before-0030_engine`. */
  readonly reason: string;
  readonly clock: Clock;
  /** Host and data directory, for whoever restores it. */
  readonly from?: string;
}

/**
 * Everything in one consistent snapshot, as gzipped COPY text, read back and compared before it counts. Takes no locks that
 * stop work. Runs as steward_owner (there is no pg_dump beside the embedded server).
 * @returns the directory of the backup
 */
export async function backup(target: DatabaseTarget, options: BackupOptions): Promise<string> {
  const createdAt = options.clock.now().toISOString();
  const directory = join(
    options.into,
    `${createdAt.replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15)}-${options.reason.replaceAll(/[^\w-]+/g, '-')}`,
  );
  const draft = `${directory}.partial`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true, mode: 0o700 });
  try {
    await write(target, draft, createdAt, options);
    await verifyBackup(draft);
    await rename(draft, directory);
    return directory;
  } catch (error) {
    await rm(draft, { recursive: true, force: true }); // a full disk gets its room back; earlier backups stand untouched
    throw noRoom(error, options.into) ?? error;
  }
}

function noRoom(error: unknown, into: string): Unavailable | null {
  const full = error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
  return full
    ? new Unavailable(`There is no room for a backup in ${into}. Make room there; earlier backups are untouched`, { cause: error })
    : null;
}

async function write(target: DatabaseTarget, draft: string, createdAt: string, options: BackupOptions): Promise<void> {
  const client = new Client({ ...clientConfig(target, 'owner', 'steward backup'), statement_timeout: 0 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(
      'begin isolation level repeatable read read only; set local synchronize_seqscans = off; set local row_security = off',
    );
    const tables: BackupTable[] = [];
    for (const { schema, name, columns } of await listTables(client))
      tables.push(await copyOut(client, { schema, name, columns: columns.map((column) => column.name) }, draft));
    const manifest = {
      format: 1 as const,
      createdAt,
      reason: options.reason,
      ...(options.from === undefined ? {} : { from: options.from }),
      ...(await identityOf(client)),
      tables,
    };
    await client.query('commit');
    await finish(draft, manifest);
  } finally {
    await client.end();
  }
}

/** The rows of a table as COPY writes them. */
export function rowsOf(client: Client, table: Pick<BackupTable, 'schema' | 'name' | 'columns'>): CopyToStreamQuery {
  const columns = table.columns.map((column) => client.escapeIdentifier(column)).join(', ');
  const source = `${client.escapeIdentifier(table.schema)}.${client.escapeIdentifier(table.name)}`;
  return client.query(copyTo(`copy (select ${columns} from ${source}) to stdout`));
}

async function copyOut(client: Client, table: Pick<BackupTable, 'schema' | 'name' | 'columns'>, directory: string): Promise<BackupTable> {
  const file = `${table.schema}.${table.name}.copy.gz`;
  const tally = new Tally();
  const stream = rowsOf(client, table);
  await pipeline(stream, tally, createGzip({ level: 4 }), createWriteStream(join(directory, file), { mode: 0o600, flush: true }));
  return { ...table, rows: tally.rows, sha256: tally.sha256(), rowsHash: tally.rowsHash(), file };
}

async function finish(directory: string, manifest: BackupManifest): Promise<void> {
  await writeFile(join(directory, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600, flush: true });
  if (process.platform === 'win32') return;
  const handle = await open(directory, 'r');
  await handle.sync(); // the names, too, are on the disk
  await handle.close();
}
