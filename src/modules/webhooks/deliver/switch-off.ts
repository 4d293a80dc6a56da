import type { Statement, Transaction } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';
import { keyOf, type Begun } from './pump.ts';

const OFF: Statement = {
  name: 'webhooks.off',
  text: `update webhook_endpoints set active = false, disabled_at = $3::timestamptz, disabled_reason = $4, updated_at = date_trunc('milliseconds', $3::timestamptz)
          where company_id = $1 and id = $2`,
};
const GIVE_UP: Statement = {
  name: 'webhooks.give_up',
  text: `update webhook_deliveries set state = 'failed', error = coalesce(error, $3), next_at = null, updated_at = $4::timestamptz
          where company_id = $1 and endpoint_id = $2 and state in ('queued', 'sending', 'retrying') returning id, company_id, endpoint_id, message_id, round`,
};

/** Nothing leaves for it any more; what was waiting stands as failed, to be sent when it is on again and somebody asks for it. */
export async function switchOff(
  tx: Transaction,
  runtime: Runtime,
  endpoint: { readonly companyId: string; readonly id: string },
  reason: string | null,
  now: Date,
): Promise<void> {
  const says = 'The endpoint was switched off';
  await tx.query(OFF, [endpoint.companyId, endpoint.id, now, reason]);
  await withdraw(tx, runtime, endpoint, await tx.query<Begun>(GIVE_UP, [endpoint.companyId, endpoint.id, says, now]), says);
}

/** Takes deliveries out of the ledger that were not handed over yet. */
export async function withdraw(
  tx: Transaction,
  runtime: Runtime,
  endpoint: { readonly companyId: string },
  rows: readonly Begun[],
  reason: string,
): Promise<void> {
  if (rows.length > 0) await runtime.effects.withdraw(tx, endpoint.companyId, rows.map(keyOf), reason);
}
