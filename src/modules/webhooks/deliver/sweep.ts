import type { Statement } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';

/** The log is kept this long; what still waits or failed stays until then, too. */
const KEPT_DAYS = 30;
const MOST = 5_000;

// A message goes with its last delivery.
const SWEEP: Statement = {
  name: 'webhooks.sweep',
  text: `delete from webhook_messages where id = any (array(
           select m.id from webhook_messages m where m.created_at < $1::timestamptz - make_interval(days => $2)
              and not exists (select from webhook_deliveries d where d.message_id = m.id and d.state in ('queued', 'sending', 'retrying')) limit $3))`,
};

export async function sweepDeliveries(runtime: Runtime): Promise<void> {
  await runtime.system.write((tx) => tx.query(SWEEP, [runtime.clock.now(), KEPT_DAYS, MOST]));
}
