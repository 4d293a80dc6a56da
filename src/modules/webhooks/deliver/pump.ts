import type { Statement, Transaction } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';

export const KIND = 'webhook';

// In one order, so that two pumps never wait for each other crosswise; the count below must see what the other one began.
const LOCK: Statement = {
  name: 'webhooks.pump_lock',
  text: `select id from webhook_endpoints where id = any ($1::uuid[]) and active and (cool_until is null or cool_until <= $2::timestamptz) order by id for update`,
};
/** The oldest that wait, as many as the endpoint has room for; one that fails is tried with one. */
const BEGIN: Statement = {
  name: 'webhooks.pump',
  text: `with next as (
           select d.id from webhook_endpoints e
             cross join lateral (select count(*)::int as n from webhook_deliveries s where s.endpoint_id = e.id and s.state = 'sending') begun
             cross join lateral (
               select x.id from webhook_deliveries x where x.endpoint_id = e.id and x.state = 'queued' order by x.id
                limit greatest(0, case when e.failures > 0 then 1 else e.concurrency end - begun.n)) d
            where e.id = any ($1::uuid[]))
         update webhook_deliveries d set state = 'sending', updated_at = $2::timestamptz from next where d.id = next.id
         returning d.id, d.company_id, d.endpoint_id, d.message_id, d.round`,
};

export interface Begun {
  readonly id: string;
  readonly company_id: string;
  readonly endpoint_id: string;
  readonly message_id: string;
  readonly round: number;
}

export const keyOf = (row: Pick<Begun, 'message_id' | 'endpoint_id' | 'round'>): string =>
  `webhook:msg_${row.message_id}:${row.endpoint_id}:${row.round}`;

/** Puts deliveries into the ledger, under the id that the receiver knows them by: a second call with it is harmless. */
export async function reserveDeliveries(tx: Transaction, runtime: Runtime, rows: readonly Begun[]): Promise<void> {
  await runtime.effects.reserve(
    tx,
    rows
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
      .map((row) => ({
        companyId: row.company_id,
        kind: KIND,
        key: keyOf(row),
        subject: { type: 'webhook_endpoint', id: row.endpoint_id },
        payload: { delivery_id: row.id },
      })),
  );
}

/**
 * Begins what these endpoints have room for. A backlog waits as rows of its own, never in the ledger: an endpoint that is dead or slow holds a
 * few calls at most, and the others do not notice.
 */
export async function pump(tx: Transaction, runtime: Runtime, endpointIds: readonly string[]): Promise<number> {
  if (endpointIds.length === 0) return 0;
  const now = runtime.clock.now();
  const open = await tx.query<{ id: string }>(LOCK, [[...new Set(endpointIds)], now]);
  if (open.length === 0) return 0;
  const begun = await tx.query<Begun>(BEGIN, [open.map((row) => row.id), now]);
  if (begun.length > 0) await reserveDeliveries(tx, runtime, begun);
  return begun.length;
}

const WAITING: Statement = {
  name: 'webhooks.waiting',
  text: `select e.id from webhook_endpoints e where e.active and (e.cool_until is null or e.cool_until <= $1::timestamptz)
            and exists (select from webhook_deliveries d where d.endpoint_id = e.id and d.state = 'queued') limit 1000`,
};

/** Endpoints whose time to be tried again has come. */
export async function pumpWaiting(runtime: Runtime): Promise<number> {
  return runtime.system.write(async (tx) => {
    const rows = await tx.query<{ id: string }>(WAITING, [runtime.clock.now()]);
    return pump(
      tx,
      runtime,
      rows.map((row) => row.id),
    );
  });
}
