import { arrayOf } from '#core/database/array-literal.ts';
import type { Statement } from '#core/database/database.ts';
import type { SourceRecord } from '#core/ports/source.ts';
import type { Runtime } from '#core/runtime.ts';
import { connectionById } from '#modules/connections/public.ts';
import { applyPage } from '../page.ts';
import { rowReader } from '../reader.ts';
import { moveRun, type RunRow } from '../run-row.ts';
import type { SourceRow } from '../source.ts';
import { linesOf, recordOf } from './pages.ts';
import { openPlace, type Place } from './place.ts';

/** Each record where it came last, and only if that was in the time that is meant: an old state never overtakes a newer one. */
const PAGES: Statement = {
  name: 'sync.archive.last',
  text: `with last as (select distinct on (e.id) e.id as record, p.id from sync_archive_pages p, unnest(p.external_ids) as e(id)
            where p.company_id = $1 and p.source_id = $2 and p.at < $5 order by e.id, p.at desc, p.id desc)
    select p.name, p.connection_id as "connectionId", array_agg(l.record) as ids from last l join sync_archive_pages p on p.id = l.id
     where p.company_id = $1 and p.at >= $3 and p.at < $4 group by p.id order by p.at, p.id`,
};
const GONE: Statement = {
  name: 'sync.archive.gone',
  text: `select external_id as id from sync_links where company_id = $1 and source_id = $2 and external_id = any($3::text[]) and note = 'gone'`,
};

/**
 * What came in then, by the mapping of now, as if it came in again; the vendor is not asked. Begun anew it does no harm: what is the same is not written. A field that was
 * not asked for then is left as it is. @throws VendorRefused, VendorUnavailable the place of the files
 */
export async function replayArchive(
  runtime: Runtime,
  source: SourceRow,
  begun: RunRow,
  holder: string,
  signal?: AbortSignal,
): Promise<RunRow> {
  const { database, clock } = runtime;
  const { companyId, archiveFrom, archiveTo } = begun;
  const { pages, connector } = await database.read(companyId, async (tx) => ({
    pages: await tx.query<{ name: string; connectionId: string | null; ids: string[] }>(PAGES, [
      companyId, source.id, archiveFrom, archiveTo, begun.startedAt,
    ]), // prettier-ignore
    connector: (await connectionById(tx, companyId, source.connectionId))?.connector ?? '',
  }));
  const total = pages.reduce((sum, { ids }) => sum + ids.length, 0);
  const places = new Map<string | null, Place | null>();
  let run = begun;
  for (const { name, connectionId, ids } of pages) {
    const place = places.get(connectionId) ?? (await openPlace(runtime, companyId, connectionId, signal));
    places.set(connectionId, place);
    const wanted = new Set(ids);
    const lines = place === null ? [] : ((await linesOf(place, name)) ?? []);
    const records = lines.filter((line) => line.gone !== true && wanted.has(line.external_id)).map(recordOf);
    run = await applyAgain(runtime, source, run, holder, { records, connector, total, at: clock.now() });
    signal?.throwIfAborted();
  }
  return run;
}

async function applyAgain(
  runtime: Runtime,
  source: SourceRow,
  run: RunRow,
  holder: string,
  {
    records,
    connector,
    total,
    at,
  }: { readonly records: readonly SourceRecord[]; readonly connector: string; readonly total: number; readonly at: Date },
): Promise<RunRow> {
  const { companyId } = run;
  const fields = new Set(records.flatMap(({ values }) => Object.keys(values)));
  const mapping = source.mapping.filter(({ from }) => fields.has(from));
  await runtime.database.write(companyId, async (tx) => {
    const ids = records.map(({ externalId }) => externalId);
    const gone = new Set((await tx.query<{ id: string }>(GONE, [companyId, source.id, arrayOf(ids)])).map(({ id }) => id));
    const read = await rowReader(tx, companyId, source.kind, mapping, at);
    const page = { source: { ...source, mapping }, connector, read, records: records.filter(({ externalId }) => !gone.has(externalId)), gone: [], at, tell: true };
    const counts = await applyPage(tx, runtime, page);
    await moveRun(tx, run, holder, at, { phase: 'changes', cursor: source.cursor, mark: source.mark, total, counts });
  }); // prettier-ignore
  return { ...run, pages: run.pages + 1 };
}
