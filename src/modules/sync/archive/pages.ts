import { promisify } from 'node:util';
import { constants, gunzip, gzip } from 'node:zlib';
import { z } from 'zod';
import { arrayOf } from '#core/database/array-literal.ts';
import type { Statement, Transaction } from '#core/database/database.ts';
import { newId } from '#core/ids.ts';
import type { SourceRecord } from '#core/ports/source.ts';
import type { RunRow } from '../run-row.ts';
import type { Place } from './place.ts';

const packed = promisify(gzip);
/** A page is some ten thousand bytes: small windows, so that thousands of pages leave nothing behind in memory. */
export const pack = async (text: string): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await packed(text, { windowBits: 13, memLevel: 6 }));
const unpacked = promisify(gunzip);
/** A file of an earlier version may have a torn end: what is whole of it is read. */
export const unpack = async (bytes: Uint8Array) => (await unpacked(bytes, { finishFlush: constants.Z_SYNC_FLUSH })).toString('utf8');

/** A line of a file: a record as it came, or that it is no longer there. */
export const Line = z.object({
  external_id: z.string(),
  changed_at: z.string().nullish(),
  values: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
  gone: z.boolean().optional(),
});
export type Line = z.output<typeof Line>;

export interface KeptPage {
  readonly name: string;
  readonly connectionId: string | null;
  readonly bytes: number;
  readonly externalIds: readonly string[];
}

/** The same page of the same run has the same name: done anew, it lies in the place of the first try. The day is that of the run's beginning. */
const nameOf = (run: RunRow) =>
  `${run.companyId}/${run.sourceId}/${run.startedAt.toISOString().slice(0, 10)}/${run.id}-${String(run.pages + 1).padStart(6, '0')}.ndjson.gz`;

/** The day in a name, YYYY-MM-DD; null: no file of ours. */
export const dayOf = (name: string): string | null => /\/(\d{4}-\d{2}-\d{2})[-/]/.exec(name)?.[1] ?? null;
export const sourceOf = (name: string): string => name.split('/')[1] ?? '';

/** Before the page is committed: what is here is also there. Null: nothing came. */
export async function keepPage(
  place: Place,
  run: RunRow,
  records: readonly SourceRecord[],
  gone: readonly string[],
): Promise<KeptPage | null> {
  if (records.length === 0 && gone.length === 0) return null;
  const lines = [
    ...records.map(({ externalId, changedAt, values }) => JSON.stringify({ external_id: externalId, changed_at: changedAt, values })),
    ...gone.map((externalId) => JSON.stringify({ external_id: externalId, gone: true })),
  ];
  const bytes = await pack(`${lines.join('\n')}\n`);
  const name = nameOf(run);
  await place.files.put(name, bytes);
  return {
    name,
    connectionId: place.connectionId,
    bytes: bytes.length,
    externalIds: [...records.map(({ externalId }) => externalId), ...gone],
  };
}

const NOTE: Statement = {
  name: 'sync.archive.note',
  text: `insert into sync_archive_pages (id, company_id, source_id, run_id, connection_id, name, at, records, bytes, external_ids) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::text[])
         on conflict (company_id, name) do update set connection_id = excluded.connection_id, at = excluded.at, records = excluded.records, bytes = excluded.bytes, external_ids = excluded.external_ids`,
};

/** With the page's rows. */
export async function notePage(tx: Transaction, run: RunRow, kept: KeptPage, at: Date): Promise<void> {
  await tx.query(NOTE, [
    newId(), run.companyId, run.sourceId, run.id, kept.connectionId, kept.name, at, kept.externalIds.length, kept.bytes, arrayOf(kept.externalIds),
  ]); // prettier-ignore
}

/** The lines of a file; what a killed process tore is left out. Null: there is no such file. */
export async function linesOf(place: Place, name: string): Promise<Line[] | null> {
  const bytes = await place.files.get(name);
  if (bytes === null) return null;
  return (await unpack(bytes)).split('\n').flatMap((line) => readLine(line) ?? []);
}

export function readLine(line: string): Line | null {
  if (!line.endsWith('}')) return null;
  const parsed = Line.safeParse(JSON.parse(line));
  return parsed.success ? parsed.data : null;
}

export const recordOf = ({ external_id: externalId, changed_at: changedAt, values = {} }: Line): SourceRecord => ({
  externalId,
  changedAt: changedAt == null ? null : new Date(changedAt),
  values,
});
