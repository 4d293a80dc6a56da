import type { Statement, Transaction } from '#core/database/database.ts';
import type { Facts } from '#core/engine/types.ts';
import { fromWire, type WorkflowRow } from '../definitions.ts';

/** What a person is working on; it may have faults. */
export interface DraftRow {
  readonly definition: Facts;
  readonly base_version: number;
  readonly updated_by: string | null;
  readonly updated_at: Date;
}

const GET: Statement = {
  name: 'workflows.draft',
  text: `select definition, base_version, updated_by, updated_at from workflow_drafts where company_id = $1 and workflow_id = $2`,
};
const PUT: Statement = {
  name: 'workflows.put_draft',
  text: `insert into workflow_drafts (workflow_id, company_id, definition, base_version, updated_by, updated_at)
         values ($2, $1, $3, $4, $5, date_trunc('milliseconds', $6::timestamptz))
         on conflict (workflow_id) do update set definition = excluded.definition, updated_by = excluded.updated_by,
           -- never the same stamp twice: it is what If-Match compares
           updated_at = greatest(excluded.updated_at, workflow_drafts.updated_at + interval '1 millisecond')
         returning definition, base_version, updated_by, updated_at`,
};
const DROP: Statement = { name: 'workflows.drop_draft', text: `delete from workflow_drafts where company_id = $1 and workflow_id = $2` };

export async function draftOf(tx: Transaction, companyId: string, workflowId: string): Promise<DraftRow | null> {
  const [row] = await tx.query<DraftRow>(GET, [companyId, workflowId]);
  return row ?? null;
}

/** Stores it as it is, faults and all; only the one name that the API writes differently is brought to ours. */
export async function putDraft(
  tx: Transaction,
  workflow: Pick<WorkflowRow, 'id' | 'company_id' | 'version'>,
  definition: Facts,
  userId: string | null,
  now: Date,
): Promise<DraftRow> {
  const stored = JSON.stringify(fromWire(definition));
  const [row] = await tx.query<DraftRow>(PUT, [workflow.company_id, workflow.id, stored, workflow.version, userId, now]);
  if (row === undefined) throw new Error('the draft was not stored');
  return row;
}

export async function dropDraft(tx: Transaction, companyId: string, workflowId: string): Promise<void> {
  await tx.query(DROP, [companyId, workflowId]);
}

export function presentDraft(row: DraftRow) {
  return { definition: row.definition, baseVersion: row.base_version, updatedAt: row.updated_at, updatedBy: row.updated_by };
}
