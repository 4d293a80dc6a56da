import type { Statement, Transaction } from '#core/database/database.ts';
import { syncTriggers } from '#core/engine/install.ts';
import type { WorkflowDefinition } from '#core/engine/types.ts';
import { NotFound } from '#core/errors.ts';

const ACTIVE: Statement = { name: 'workflows.is_active', text: `select active from workflows where company_id = $1 and name = $2` };
const SWITCH: Statement = {
  name: 'workflows.switch',
  text: `update workflows w set active = $3, updated_at = date_trunc('milliseconds', $4::timestamptz) from workflow_versions v
          where w.company_id = $1 and w.name = $2 and v.workflow_id = w.id and v.version = w.version returning w.id, v.definition`,
};

/** Do its triggers start runs? False when there is no such workflow. */
export async function isWorkflowActive(tx: Transaction, companyId: string, name: string): Promise<boolean> {
  const [row] = await tx.query<{ active: boolean }>(ACTIVE, [companyId, name]);
  return row?.active ?? false;
}

/** Runs under way go on when it is switched off. @throws NotFound */
export async function setWorkflowActive(tx: Transaction, companyId: string, name: string, active: boolean, now: Date): Promise<void> {
  const [row] = await tx.query<{ id: string; definition: WorkflowDefinition }>(SWITCH, [companyId, name, active, now]);
  if (row === undefined) throw new NotFound(`There is no workflow named ${name}`);
  await syncTriggers(tx, [row.id], row.definition, now);
}
