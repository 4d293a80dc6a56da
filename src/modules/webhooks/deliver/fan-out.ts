import type { Statement, Transaction } from '#core/database/database.ts';
import type { DomainEvent, EventHandler } from '#core/engine/types.ts';
import { newId } from '#core/ids.ts';
import type { Runtime } from '#core/runtime.ts';
import { snakeKeys } from '../body.ts';
import { isOutgoing } from '../event-types.ts';
import { pump, reserveDeliveries, type Begun } from './pump.ts';

const ENDPOINTS: Statement = {
  name: 'webhooks.endpoints_of',
  text: `select id, company_id, event_types from webhook_endpoints where company_id = any ($1::uuid[]) and active`,
};
const MESSAGES: Statement = {
  name: 'webhooks.add_messages',
  text: `insert into webhook_messages (id, company_id, type, body, created_at)
         select id, company_id, type, body, created_at from json_to_recordset($1::json) as x (id uuid, company_id uuid, type text, body text, created_at timestamptz)
         on conflict (id) do nothing`,
};
const DELIVERIES: Statement = {
  name: 'webhooks.add_deliveries',
  text: `insert into webhook_deliveries (id, company_id, endpoint_id, message_id, type, state, created_at, updated_at)
         select id, company_id, endpoint_id, message_id, type, 'queued', $2::timestamptz, $2::timestamptz
           from json_to_recordset($1::json) as x (id uuid, company_id uuid, endpoint_id uuid, message_id uuid, type text)
         on conflict (endpoint_id, message_id) do nothing`,
};

export interface NewMessage {
  readonly id: string;
  readonly companyId: string;
  readonly type: string;
  readonly body: string;
  readonly at: Date;
  readonly endpointIds: readonly string[];
}

/** Messages and a queued delivery for each endpoint. Their ids rise in the order given: that is the order in which they leave. */
export async function addMessages(tx: Transaction, messages: readonly NewMessage[], now: Date): Promise<void> {
  const wanted = messages.filter((message) => message.endpointIds.length > 0);
  if (wanted.length === 0) return;
  const rows = wanted.map(({ id, companyId, type, body, at }) => ({ id, company_id: companyId, type, body, created_at: at }));
  await tx.query(MESSAGES, [JSON.stringify(rows)]);
  const deliveries = wanted.flatMap(({ id, companyId, type, endpointIds }) =>
    endpointIds.map((endpointId) => ({ id: newId(), company_id: companyId, endpoint_id: endpointId, message_id: id, type })),
  );
  await tx.query(DELIVERIES, [JSON.stringify(deliveries), now]);
}

/** The body of Standard Webhooks: what, when, about what. Fields as the API names them. */
export function bodyOf(event: DomainEvent & { readonly id: string; readonly at: Date }): string {
  return JSON.stringify({
    type: event.name,
    timestamp: event.at.toISOString(),
    data: {
      event_id: event.id,
      subject: event.subject,
      person_id: event.personId ?? null,
      ...snakeKeys(event.payload ?? {}),
    },
  });
}

/** Everything that happens, to whom it may concern; in the transaction that takes it off the outbox, set-based. */
export const tellEndpoints: EventHandler = {
  event: '*',
  name: 'webhooks',
  async handle(tx, events, runtime) {
    const outgoing = events.filter(isOutgoing);
    if (outgoing.length === 0) return;
    const endpoints = await tx.query<{ id: string; company_id: string; event_types: readonly string[] }>(ENDPOINTS, [
      [...new Set(outgoing.map((event) => event.companyId))],
    ]);
    if (endpoints.length === 0) return;
    const byCompany = Map.groupBy(endpoints, (row) => row.company_id);
    const messages = outgoing.map((event): NewMessage => ({
      id: event.id,
      companyId: event.companyId,
      type: event.name,
      at: event.at,
      body: bodyOf(event),
      endpointIds: (byCompany.get(event.companyId) ?? [])
        .filter((row) => row.event_types.length === 0 || row.event_types.includes(event.name))
        .map((row) => row.id),
    }));
    await addMessages(tx, messages, runtime.clock.now());
    await pump(
      tx,
      runtime,
      messages.flatMap((message) => message.endpointIds),
    );
  },
};

const AT_ONCE: Statement = {
  name: 'webhooks.at_once',
  text: `update webhook_deliveries set state = 'sending' where company_id = $1 and endpoint_id = $2 and message_id = $3 and state = 'queued'
         returning id, company_id, endpoint_id, message_id, round`,
};

/** A message for one endpoint that no event made; it goes at once, past whatever waits. Answers its id. */
export async function addPing(
  tx: Transaction,
  runtime: Runtime,
  endpoint: { readonly id: string; readonly companyId: string },
): Promise<string> {
  const now = runtime.clock.now();
  const id = newId();
  const body = JSON.stringify({
    type: 'webhook.ping',
    timestamp: now.toISOString(),
    data: { webhook_id: endpoint.id, says: 'Your endpoint is set up. Nothing happened; this is a test.' },
  });
  await addMessages(tx, [{ id, companyId: endpoint.companyId, type: 'webhook.ping', body, at: now, endpointIds: [endpoint.id] }], now);
  const begun = await tx.query<Begun>(AT_ONCE, [endpoint.companyId, endpoint.id, id]);
  await reserveDeliveries(tx, runtime, begun);
  return id;
}
