import { join } from 'node:path';
import { VendorRefused } from '#core/connector/errors.ts';
import type { Statement, Transaction } from '#core/database/database.ts';
import type { FilesPort } from '#core/ports/files.ts';
import type { Runtime } from '#core/runtime.ts';
import { connectionById, unlock } from '#modules/connections/public.ts';
import { localFiles } from './local.ts';

/** Where files of the archive lie. `connectionId` null: in the data directory. */
export interface Place {
  readonly connectionId: string | null;
  readonly files: FilesPort;
}

export interface ArchiveRow {
  readonly connectionId: string | null;
  readonly former: readonly string[];
  readonly erasedTo: Date | null;
  readonly error: string | null;
  readonly updatedAt: Date | null;
}

const ONE: Statement = {
  name: 'sync.archive.one',
  text: `select connection_id as "connectionId", former, erased_to as "erasedTo", error, updated_at as "updatedAt" from sync_archives where company_id = $1`,
};

export async function archiveRow(tx: Transaction, companyId: string): Promise<ArchiveRow> {
  const [row] = await tx.query<ArchiveRow>(ONE, [companyId]);
  return row ?? { connectionId: null, former: [], erasedTo: null, error: null, updatedAt: null };
}

/** Null where no data directory is at hand. */
const here = (runtime: Runtime): Place | null =>
  runtime.backups === null ? null : { connectionId: null, files: localFiles(join(runtime.config.home, 'archive')) };

/** @throws VendorRefused the connection is gone or keeps no files, CredentialsRejected */
async function overConnection(runtime: Runtime, companyId: string, connectionId: string, signal?: AbortSignal): Promise<Place> {
  const row = await runtime.database.read(companyId, (tx) => connectionById(tx, companyId, connectionId));
  if (row === undefined) throw new VendorRefused('The connection of the archive is gone; choose another place under Sources');
  const { connector, credentials, options } = await unlock(runtime, row);
  if (connector.files === undefined) throw new VendorRefused(`${connector.title} keeps no files; choose another place under Sources`);
  return { connectionId, files: connector.files(credentials, signal === undefined ? options : { ...options, signal }) };
}

/** Null: no data directory is at hand. @throws VendorRefused, CredentialsRejected */
export async function openPlace(
  runtime: Runtime,
  companyId: string,
  connectionId: string | null,
  signal?: AbortSignal,
): Promise<Place | null> {
  return connectionId === null ? here(runtime) : overConnection(runtime, companyId, connectionId, signal);
}

/** Where new pages go. */
export async function chosenPlace(runtime: Runtime, companyId: string, signal?: AbortSignal): Promise<Place | null> {
  const { connectionId } = await runtime.database.read(companyId, (tx) => archiveRow(tx, companyId));
  return openPlace(runtime, companyId, connectionId, signal);
}

/** Everywhere that something of this company may lie; connections that are gone are left out. */
export async function allPlaces(runtime: Runtime, companyId: string, row: ArchiveRow): Promise<Place[]> {
  const ids = [...new Set([row.connectionId, ...row.former])].filter((id) => id !== null);
  const there = await runtime.database.read(companyId, async (tx) => {
    const known = await Promise.all(ids.map((id) => connectionById(tx, companyId, id)));
    return known.filter((one) => one !== undefined).map(({ id }) => id);
  });
  const over = await Promise.all(there.map((id) => overConnection(runtime, companyId, id)));
  const local = here(runtime);
  return local === null ? over : [local, ...over];
}
