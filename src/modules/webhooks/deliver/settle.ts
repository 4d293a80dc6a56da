import type { Statement, Transaction } from '#core/database/database.ts';
import type { Effect, Outcome } from '#core/effects/types.ts';
import { newId } from '#core/ids.ts';
import type { Attempt } from './attempt.ts';

const ATTEMPTS: Statement = {
  name: 'webhooks.attempts',
  text: `insert into webhook_attempts (id, company_id, delivery_id, at, ms, status, error, request, response)
         select x.id, x.company_id, x.delivery_id, x.at, x.ms, x.status, x.error, x.request, x.response
           from json_to_recordset($1::json) as x (id uuid, company_id uuid, delivery_id uuid, at timestamptz, ms integer, status integer, error text, request jsonb, response jsonb)
           join webhook_deliveries d on d.id = x.delivery_id and d.company_id = x.company_id`,
};
const SETTLE: Statement = {
  name: 'webhooks.settle',
  text: `update webhook_deliveries d set state = x.state, attempts = d.attempts + x.counts, status = coalesce(x.status, d.status), error = x.error, next_at = null, updated_at = $2::timestamptz
           from json_to_recordset($1::json) as x (id uuid, company_id uuid, state text, status integer, error text, counts integer)
          where d.id = x.id and d.company_id = x.company_id and d.state in ('sending', 'retrying')`,
};
const WELL: Statement = {
  name: 'webhooks.well',
  text: `update webhook_endpoints set failures = 0, failing_since = null, cool_until = null, delivered_at = $2::timestamptz where id = any ($1::uuid[])`,
};
// Whoever writes both takes endpoints first, so that nobody waits crosswise.
const ENDPOINTS: Statement = {
  name: 'webhooks.settle_lock',
  text: `select id from webhook_endpoints where id = any ($1::uuid[]) order by id for update`,
};

export async function writeAttempts(tx: Transaction, attempts: readonly Attempt[]): Promise<void> {
  if (attempts.length === 0) return;
  const rows = attempts.map((made) => ({
    id: newId(),
    company_id: made.companyId,
    delivery_id: made.deliveryId,
    at: made.at,
    ms: made.ms,
    status: made.status,
    error: made.error,
    request: made.request,
    response: made.response,
  }));
  await tx.query(ATTEMPTS, [JSON.stringify(rows)]);
}

interface Ended {
  readonly effect: Effect;
  readonly outcome: Outcome;
  readonly made: Attempt | null;
}

/** What the ledger settled, in the log and on the endpoints; a failed attempt was written down when it failed. */
export async function writeSettled(tx: Transaction, ended: readonly Ended[], now: Date): Promise<void> {
  const rows = ended.map(({ effect, outcome, made }) => ({
    id: String(effect.payload['delivery_id']),
    company_id: effect.companyId,
    state: outcome.state === 'confirmed' ? 'delivered' : 'failed',
    status: made?.status ?? null,
    error: outcome.state === 'confirmed' ? null : outcome.reason,
    counts: outcome.state === 'confirmed' ? 1 : 0,
  }));
  await tx.query(ENDPOINTS, [[...new Set(ended.map(({ effect }) => effect.subject.id))]]);
  await tx.query(SETTLE, [JSON.stringify(rows), now]);
  await writeAttempts(
    tx,
    ended.flatMap(({ made }) => (made === null ? [] : [made])),
  );
  const well = ended.filter(({ outcome }) => outcome.state === 'confirmed').map(({ effect }) => effect.subject.id);
  if (well.length > 0) await tx.query(WELL, [[...new Set(well)], now]);
}
