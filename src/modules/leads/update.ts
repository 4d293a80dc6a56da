import type { Statement, Transaction } from '#core/database/database.ts';

const UPDATE: Statement = {
  name: 'leads.update',
  text: `update leads set
      source = case when $3::boolean then $4 else source end,
      notes = case when $5::boolean then $6 else notes end,
      owner_id = case when $7::boolean then $8::uuid else owner_id end,
      updated_at = $9
    where id = $1 and company_id = $2`,
};

export interface LeadChanges {
  readonly source?: string | null | undefined;
  readonly notes?: string | null | undefined;
  readonly ownerId?: string | null | undefined;
}

/** Undefined leaves as it is. The row's version moves on in any case: name and addresses are shown with it. */
export async function updateLeadRow(tx: Transaction, companyId: string, leadId: string, changes: LeadChanges, at: Date): Promise<void> {
  const { source, notes, ownerId } = changes;
  await tx.query(UPDATE, [
    leadId,
    companyId,
    source !== undefined,
    source ?? null,
    notes !== undefined,
    notes ?? null,
    ownerId !== undefined,
    ownerId ?? null,
    at,
  ]);
}

const DELETE: Statement = { name: 'leads.delete', text: 'delete from leads where id = $1 and company_id = $2' };

export async function deleteLeadRow(tx: Transaction, companyId: string, leadId: string): Promise<void> {
  await tx.query(DELETE, [leadId, companyId]);
}
