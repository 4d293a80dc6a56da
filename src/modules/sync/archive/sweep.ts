import { arrayOf } from '#core/database/array-literal.ts';
import type { Statement } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';
import { addressHashes, erasedSince } from '#modules/people/public.ts';
import { addressesIn } from './erased.ts';
import { dayOf, pack, readLine, sourceOf, unpack } from './pages.ts';
import { allPlaces, archiveRow, type Place } from './place.ts';

/** Files of a source that is gone are kept as long as those of a new one. */
const DAYS = 30;
const DAY_MS = 86_400_000;
/** An erasure may have been written down a little after its moment. */
const OVERLAP_MS = 600_000;

const KEPT: Statement = { name: 'sync.archive.days', text: `select id, archive_days as days from sync_sources where company_id = $1` };
const ERASED: Statement = {
  name: 'sync.erased',
  text: `select source_id as "sourceId", external_id as "externalId" from sync_links where company_id = $1 and note = 'erased' and hash <> 'scrubbed'`,
};
const SCRUBBED: Statement = {
  name: 'sync.scrubbed',
  text: `update sync_links set hash = 'scrubbed' where company_id = $1 and note = 'erased' and hash <> 'scrubbed'
          and (source_id, external_id) in (select e.source_id, e.external_id from jsonb_to_recordset($2::jsonb) as e(source_id uuid, external_id text))`,
};
const FORGET: Statement = {
  name: 'sync.archive.forget',
  text: 'delete from sync_archive_pages where company_id = $1 and name = any($2::text[])',
};
const LESS: Statement = {
  name: 'sync.archive.less',
  text: `update sync_archive_pages set external_ids = $3::text[], records = cardinality($3::text[]), bytes = $4 where company_id = $1 and name = $2`,
};
const DONE: Statement = {
  name: 'sync.archive.swept',
  text: `insert into sync_archives (company_id, erased_to, error) values ($1, $2, $3)
         on conflict (company_id) do update set erased_to = coalesce(excluded.erased_to, sync_archives.erased_to), error = excluded.error`,
};

/** Who must be in no file: records by source, and keyed hashes of addresses. */
interface Gone {
  readonly records: ReadonlyMap<string, ReadonlySet<string>>;
  readonly hashes: ReadonlySet<string>;
}

/**
 * Of one company, wherever it keeps them: files that are older than their source keeps them go, and so does what they hold of people who were erased. What could not be
 * reached is tried again the next time, and stands in `sync_archives.error` until then.
 */
export async function sweepArchive(runtime: Runtime, companyId: string): Promise<void> {
  const { database, clock } = runtime;
  const now = clock.now();
  const state = await database.read(companyId, async (tx) => {
    const row = await archiveRow(tx, companyId);
    const since = row.erasedTo === null ? null : new Date(row.erasedTo.getTime() - OVERLAP_MS);
    return {
      row,
      sources: await tx.query<{ id: string; days: number }>(KEPT, [companyId]),
      links: await tx.query<{ sourceId: string; externalId: string }>(ERASED, [companyId]),
      hashes: await erasedSince(tx, companyId, since),
    };
  });
  const records = new Map<string, Set<string>>();
  for (const { sourceId, externalId } of state.links) records.set(sourceId, (records.get(sourceId) ?? new Set()).add(externalId));
  const gone: Gone | null = records.size === 0 && state.hashes.size === 0 ? null : { records, hashes: state.hashes };
  const days = new Map(state.sources.map(({ id, days: kept }) => [id, kept]));
  let error: string | null = null;
  try {
    for (const place of await allPlaces(runtime, companyId, state.row)) await sweepPlace(runtime, companyId, place, days, gone, now);
    const rows = state.links.map(({ sourceId, externalId }) => ({ source_id: sourceId, external_id: externalId }));
    if (rows.length > 0) await database.write(companyId, (tx) => tx.query(SCRUBBED, [companyId, JSON.stringify(rows)]));
  } catch (caught) {
    error = caught instanceof Error ? caught.message.slice(0, 500) : String(caught);
    runtime.log.warn({ err: caught, companyId }, 'the archive of sources could not be looked after; it is tried again in an hour');
  }
  if (gone === null && error === state.row.error) return;
  await database.write(companyId, (tx) => tx.query(DONE, [companyId, error === null ? now : null, error]));
}

async function sweepPlace(
  runtime: Runtime,
  companyId: string,
  place: Place,
  days: ReadonlyMap<string, number>,
  gone: Gone | null,
  now: Date,
): Promise<void> {
  for (let after: string | null = null; ;) {
    const { files, next } = await place.files.list(`${companyId}/`, after);
    const old = files.filter(({ name }) => isOld(name, days.get(sourceOf(name)) ?? DAYS, now)).map(({ name }) => name);
    for (const name of old) await place.files.remove(name);
    if (old.length > 0) await runtime.database.write(companyId, (tx) => tx.query(FORGET, [companyId, arrayOf(old)]));
    const left = new Set(old);
    if (gone !== null) for (const { name } of files) if (!left.has(name)) await scrub(runtime, companyId, place, name, gone);
    if (next === null) return;
    after = next;
  }
}

function isOld(name: string, days: number, now: Date): boolean {
  const day = dayOf(name);
  // Something else lies in this folder: it is not ours to delete.
  if (day === null) return false;
  return days === 0 || day < new Date(now.getTime() - days * DAY_MS).toISOString().slice(0, 10);
}

/** The same file without them. */
async function scrub(runtime: Runtime, companyId: string, place: Place, name: string, gone: Gone): Promise<void> {
  if (dayOf(name) === null) return;
  const bytes = await place.files.get(name);
  if (bytes === null) return;
  const lines = (await unpack(bytes)).split('\n').filter((line) => line !== '');
  const ids = gone.records.get(sourceOf(name));
  const kept = lines.filter((line) => {
    const id = readLine(line)?.external_id;
    return !(id !== undefined && ids?.has(id) === true) && !speaksOf(runtime, line, gone.hashes);
  });
  if (kept.length === lines.length) return;
  if (kept.length === 0) {
    await place.files.remove(name);
    await runtime.database.write(companyId, (tx) => tx.query(FORGET, [companyId, arrayOf([name])]));
    return;
  }
  const smaller = await pack(`${kept.join('\n')}\n`);
  await place.files.put(name, smaller);
  const left = kept.flatMap((line) => readLine(line)?.external_id ?? []);
  await runtime.database.write(companyId, (tx) => tx.query(LESS, [companyId, name, arrayOf(left), smaller.length]));
}

function speaksOf(runtime: Runtime, line: string, hashes: ReadonlySet<string>): boolean {
  if (hashes.size === 0) return false;
  return addressesIn(line).some((address) => addressHashes(runtime.secrets, address).some((hash) => hashes.has(hash)));
}
