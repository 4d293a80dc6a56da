import type { Statement, Transaction } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';

const OK: Statement = {
  name: 'connections.ok',
  text: `update connections set state = 'ok', error = null, account = coalesce($3, account), last_verified_at = $4 where id = $1 and company_id = $2`,
};
const REJECTED: Statement = {
  name: 'connections.rejected',
  text: `update connections set state = 'rejected', error = $3 where id = $1 and company_id = $2`,
};
const TROUBLE: Statement = { name: 'connections.trouble', text: `update connections set error = $3 where id = $1 and company_id = $2` };
const PROGRESS: Statement = {
  name: 'connections.progress',
  text: `update connections set cursor = $3, last_activity_at = $4, state = 'ok', error = null where id = $1 and company_id = $2`,
};

/** The vendor took the credentials: what waited for them may go. */
export async function markVerified(
  tx: Transaction,
  runtime: Runtime,
  companyId: string,
  id: string,
  account: string | null,
): Promise<void> {
  await tx.query(OK, [id, companyId, account, runtime.clock.now()]);
  await runtime.effects.release(tx, id);
}

/** The vendor no longer takes the credentials. What needs this connection waits until a person mends it. */
export async function markRejected(tx: Transaction, companyId: string, id: string, error: string): Promise<void> {
  await tx.query(REJECTED, [id, companyId, error.slice(0, 500)]);
}

/** Out of reach for now; shown to people, changes nothing. */
export async function markTrouble(tx: Transaction, companyId: string, id: string, error: string): Promise<void> {
  await tx.query(TROUBLE, [id, companyId, error.slice(0, 500)]);
}

const ACTIVITY: Statement = {
  name: 'connections.activity',
  text: `update connections set last_activity_at = $3 where id = $1 and company_id = $2`,
};

/** The vendor told us something. */
export async function markActivity(tx: Transaction, runtime: Runtime, companyId: string, id: string): Promise<void> {
  await tx.query(ACTIVITY, [id, companyId, runtime.clock.now()]);
}

/** Where reading of a mailbox stands now. In the transaction that stored what was read. */
export async function moveCursor(tx: Transaction, runtime: Runtime, companyId: string, id: string, cursor: string): Promise<void> {
  await tx.query(PROGRESS, [id, companyId, cursor, runtime.clock.now()]);
}
