import type { Statement } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';
import { MALFORMED, MISSING, OUTLIER } from './flags.ts';
import type { SourceRow } from './source.ts';

/** Nobody touched it there for so long. */
const STALE_DAYS = 365;

/** One pass over the links of a source. Duplicates: further records of one person or organisation. */
const COUNT: Statement = {
  name: 'sync.quality.keep',
  text: `insert into sync_quality (company_id, source_id, day, rows, missing, malformed, stale, duplicate, outlier)
    select $1, $2, $3::date, count(*), count(*) filter (where flags & ${MISSING} <> 0), count(*) filter (where flags & ${MALFORMED} <> 0),
           count(*) filter (where changed_at < $4), count(person_id) filter (where interaction_id is null) - count(distinct person_id) filter (where interaction_id is null) + count(organisation_id) - count(distinct organisation_id),
           count(*) filter (where flags & ${OUTLIER} <> 0)
      from sync_links where company_id = $1 and source_id = $2 and (note is null or note = 'refused')
    on conflict (source_id, day) do update set rows = excluded.rows, missing = excluded.missing, malformed = excluded.malformed, stale = excluded.stale,
      duplicate = excluded.duplicate, outlier = excluded.outlier
    where (sync_quality.rows, sync_quality.missing, sync_quality.malformed, sync_quality.stale, sync_quality.duplicate, sync_quality.outlier)
       is distinct from (excluded.rows, excluded.missing, excluded.malformed, excluded.stale, excluded.duplicate, excluded.outlier)`,
};

/** How good the rows of a source are today. */
export async function keepQuality(runtime: Runtime, source: SourceRow): Promise<void> {
  const now = runtime.clock.now();
  const stale = new Date(now.getTime() - STALE_DAYS * 86_400_000);
  await runtime.database.write(source.companyId, (tx) =>
    tx.query(COUNT, [source.companyId, source.id, now.toISOString().slice(0, 10), stale]),
  );
}
