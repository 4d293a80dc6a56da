import { arrayOf } from '#core/database/array-literal.ts';
import type { Statement, Transaction } from '#core/database/database.ts';
import { newId } from '#core/ids.ts';
import type { Refusal } from './row.ts';

const KEEP: Statement = {
  name: 'sync.refusals.keep',
  text: `insert into sync_refusals (id, company_id, source_id, external_id, field, reason, value, raw, changed_at, refused_at)
    select e.id, $1, $2, e.external_id, e.field, e.reason, e.value, e.raw, e.changed_at, $4
      from jsonb_to_recordset($3::jsonb) as e(id uuid, external_id text, field text, reason text, value text, raw jsonb, changed_at timestamptz)
    on conflict (source_id, external_id) do update set field = excluded.field, reason = excluded.reason, value = excluded.value, raw = excluded.raw,
      changed_at = excluded.changed_at, refused_at = excluded.refused_at`,
};
const CLEAR: Statement = {
  name: 'sync.refusals.clear',
  text: 'delete from sync_refusals where company_id = $1 and source_id = $2 and external_id = any($3::text[])',
};

export async function keepRefusals(
  tx: Transaction,
  companyId: string,
  sourceId: string,
  refusals: readonly Refusal[],
  at: Date,
): Promise<void> {
  if (refusals.length === 0) return;
  const rows = refusals.map(({ externalId, field, reason, value, raw, changedAt }) => ({
    id: newId(),
    external_id: externalId,
    field,
    reason,
    value,
    raw,
    changed_at: changedAt,
  }));
  await tx.query(KEEP, [companyId, sourceId, JSON.stringify(rows), at]);
}

/** They were taken. */
export async function clearRefusals(tx: Transaction, companyId: string, sourceId: string, externalIds: readonly string[]): Promise<void> {
  if (externalIds.length > 0) await tx.query(CLEAR, [companyId, sourceId, arrayOf(externalIds)]);
}
