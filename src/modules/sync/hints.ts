import { arrayOf } from '#core/database/array-literal.ts';
import type { Statement, Transaction } from '#core/database/database.ts';

const KEEP: Statement = {
  name: 'sync.hints.keep',
  text: `insert into sync_hints (company_id, source_id, external_id, at)
    select s.company_id, s.id, h.external_id, $3 from jsonb_to_recordset($2::jsonb) as h(connection_id uuid, object text, external_id text)
      join sync_sources s on s.company_id = $1 and s.connection_id = h.connection_id and s.object = h.object and s.state = 'active'
    on conflict do nothing`,
};

interface Hint {
  readonly connectionId: string;
  readonly object: string;
  readonly externalId: string;
}

/** The vendor says that these have changed. A hint is only ever a reason to ask. */
export async function keepHints(tx: Transaction, companyId: string, hints: readonly Hint[], at: Date): Promise<void> {
  const rows = hints.map(({ connectionId, object, externalId }) => ({
    connection_id: connectionId,
    object,
    external_id: externalId.slice(0, 200),
  }));
  await tx.query(KEEP, [companyId, JSON.stringify(rows), at]);
}

const SOME: Statement = {
  name: 'sync.hints.some',
  text: `select external_id as id from sync_hints where company_id = $1 and source_id = $2 order by at, external_id limit $3`,
};

export async function hintedIds(tx: Transaction, companyId: string, sourceId: string, limit: number): Promise<string[]> {
  return (await tx.query<{ id: string }>(SOME, [companyId, sourceId, limit])).map(({ id }) => id);
}

const DROP: Statement = {
  name: 'sync.hints.drop',
  text: `delete from sync_hints where company_id = $1 and source_id = $2 and ($3::text[] is null or external_id = any($3::text[]))`,
};

export async function dropHints(tx: Transaction, companyId: string, sourceId: string, ids: readonly string[] | null): Promise<void> {
  await tx.query(DROP, [companyId, sourceId, ids === null ? null : arrayOf(ids)]);
}
