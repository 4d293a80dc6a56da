import type { Statement, Transaction } from '#core/database/database.ts';
import { LEAD_NURTURING } from './names.ts';

const IS_ON: Statement = { name: 'nurturing.is_on', text: `select active from workflows where company_id = $1 and name = $2` };
const SWITCH: Statement = {
  name: 'nurturing.switch',
  text: `update workflows set active = $3, updated_at = $4 where company_id = $1 and name = $2 and active <> $3`,
};

/** Are new leads of this company enrolled? */
export async function isOn(tx: Transaction, companyId: string): Promise<boolean> {
  const [row] = await tx.query<{ active: boolean }>(IS_ON, [companyId, LEAD_NURTURING]);
  return row?.active ?? false;
}

/** Off: nobody new is enrolled; who is in the sequence stays in it. */
export async function switchTo(tx: Transaction, companyId: string, active: boolean, now: Date): Promise<void> {
  await tx.query(SWITCH, [companyId, LEAD_NURTURING, active, now]);
}
