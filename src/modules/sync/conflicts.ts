import type { Statement, Transaction } from '#core/database/database.ts';
import { newId } from '#core/ids.ts';

/** Both sides changed a field; `kept` says whose value stands. */
export interface FoundConflict {
  readonly externalId: string;
  readonly personId: string | null;
  readonly organisationId: string | null;
  readonly field: string;
  readonly ours: string | null;
  readonly theirs: string | null;
  readonly kept: 'ours' | 'theirs';
}

const KEEP: Statement = {
  name: 'sync.conflicts.keep',
  text: `insert into sync_conflicts (id, company_id, source_id, external_id, person_id, organisation_id, field, ours, theirs, kept, at)
    select e.id, $1, $2, e.external_id, e.person_id, e.organisation_id, e.field, e.ours, e.theirs, e.kept, $4
      from jsonb_to_recordset($3::jsonb) as e(id uuid, external_id text, person_id uuid, organisation_id uuid, field text, ours text, theirs text, kept text)
    on conflict (source_id, external_id, field) where decided_at is null do update set ours = excluded.ours, theirs = excluded.theirs, kept = excluded.kept, at = excluded.at`,
};

export async function keepConflicts(
  tx: Transaction,
  companyId: string,
  sourceId: string,
  found: readonly FoundConflict[],
  at: Date,
): Promise<void> {
  if (found.length === 0) return;
  const rows = found.map((one) => ({
    id: newId(),
    external_id: one.externalId,
    person_id: one.personId,
    organisation_id: one.organisationId,
    field: one.field,
    ours: one.ours,
    theirs: one.theirs,
    kept: one.kept,
  }));
  await tx.query(KEEP, [companyId, sourceId, JSON.stringify(rows), at]);
}
