import { setInteractionStatus } from '#modules/people/public.ts';
import { DELIVERIES, type DeliveryEvent } from '#core/connector/webhook.ts';
import type { Statement, Transaction } from '#core/database/database.ts';
import type { DomainEvent } from '#core/engine/types.ts';
import { newId } from '#core/ids.ts';
import type { Runtime } from '#core/runtime.ts';
import { messagesNamed } from '../inbound/thread.ts';
import type { Channel } from '../tables.ts';
import { optOut } from '../opt-out.ts';
import { suppress } from '../suppress.ts';

/** Where events came in. */
export interface Place {
  readonly companyId: string;
  readonly connectionId: string;
  readonly connector: string;
}

/** Events are kept this long, so that a copy of an old request changes nothing; vendors repeat theirs for days at most. */
const KEPT_DAYS = 90;

const RECORD: Statement = {
  name: 'vendor_events.record',
  text: `insert into vendor_events (id, company_id, connection_id, event_key, what, message_id, happened_at, received_at)
         select x.id, $2, $3, x.event_key, x.what, m.id, x.happened_at, $4
           from json_to_recordset($1::json) as x (id uuid, event_key text, what text, message_id uuid, happened_at timestamptz)
           join messages m on m.id = x.message_id and m.company_id = $2 and m.direction = 'outbound'
         on conflict (connection_id, event_key) do nothing returning event_key as key`,
};
const FORGET: Statement = {
  name: 'vendor_events.forget',
  text: `delete from vendor_events where id = any (array(select id from vendor_events where connection_id = $1 and company_id = $2 and received_at < $3 limit 500))`,
};
const DOUBTFUL: Statement = {
  name: 'vendor_events.doubtful',
  text: `select e.id from messages m join effects e on e.id = m.effect_id and e.state = 'in_doubt'
          where m.company_id = $1 and e.company_id = $1 and m.id = any ($2::uuid[]) and m.state = 'in_doubt'`,
};
const rank = (column: string) => `coalesce(array_position(array['${DELIVERIES.join("', '")}'], ${column}), 0)`;
/** Forward only: a state that is outdone stays as it is, whatever order events come in. */
const MOVE: Statement = {
  name: 'vendor_events.move',
  text: `with entry as (
      select * from json_to_recordset($1::json) as x (message_id uuid, delivery text, delivery_at timestamptz, reason text, opened_at timestamptz, clicked_at timestamptz)
    ), was as (
      select m.id, m.state, ${rank('x.delivery')} > ${rank('m.delivery')} as moves
        from messages m join entry x on x.message_id = m.id where m.company_id = $2 order by m.id for update of m
    )
    update messages m set
        delivery = case when w.moves then x.delivery else m.delivery end,
        delivery_at = case when w.moves then x.delivery_at else m.delivery_at end,
        opened_at = least(m.opened_at, x.opened_at), clicked_at = least(m.clicked_at, x.clicked_at),
        state = case when w.moves and x.delivery in ('refused', 'bounced') and m.state = 'sent' then 'refused' else m.state end,
        state_reason = case when w.moves and x.delivery in ('refused', 'bounced', 'complained') then x.reason else m.state_reason end,
        updated_at = $3
      from entry x join was w on w.id = x.message_id where m.id = x.message_id and m.company_id = $2
    returning m.id, m.person_id as "personId", m.lead_id as "leadId", m.run_id as "runId", m.to_email as "toEmail", m.channel, m.to_phone as "toPhone", w.moves, x.delivery, x.reason`,
};

interface Moved {
  readonly id: string;
  readonly personId: string | null;
  readonly leadId: string | null;
  readonly runId: string | null;
  readonly toEmail: string;
  readonly channel: Channel;
  readonly toPhone: string | null;
  readonly moves: boolean;
  readonly delivery: DeliveryEvent['what'] | null;
  readonly reason: string | null;
}

type Ours = Omit<DeliveryEvent, 'at'> & { readonly id: string; readonly at: Date };

/**
 * What a vendor told of our messages, in the caller's transaction: their state, the timeline, suppressions and events. An event that was taken in
 * before is left out, one about no message of this company, too. Answers how many were new.
 */
export async function applyDeliveries(tx: Transaction, runtime: Runtime, place: Place, events: readonly DeliveryEvent[]): Promise<number> {
  const { companyId } = place;
  const now = runtime.clock.now();
  const fresh = await record(tx, runtime, place, events);
  if (fresh.length === 0) return 0;
  // It was delivered, bounced, opened: so it did go out, and nobody need decide.
  const doubtful = await tx.query<{ id: string }>(DOUBTFUL, [companyId, [...new Set(fresh.map(({ id }) => id))]]);
  for (const { id } of doubtful) await runtime.effects.decide(tx, id, 'happened');
  const moved = await tx.query<Moved>(MOVE, [
    JSON.stringify([...Map.groupBy(fresh, ({ id }) => id)].map(([id, own]) => newest(id, own))),
    companyId,
    now,
  ]);
  const changed = moved.filter(({ moves }) => moves);
  await setInteractionStatus(
    tx,
    changed.flatMap(({ id, delivery }) =>
      delivery === null || delivery === 'deferred' ? [] : [{ companyId, messageId: id, status: delivery }],
    ),
  );
  const permanent = new Set(fresh.filter((event) => event.what === 'bounced' && event.permanent).map(({ id }) => id));
  const lists = changed.flatMap(({ id, delivery, toEmail, toPhone, channel, personId, reason }) => {
    if (delivery !== 'complained' && !(delivery === 'bounced' && permanent.has(id))) return [];
    const why = delivery === 'complained' ? 'complaint' : 'bounce';
    return [
      {
        companyId,
        address: channel === 'sms' ? (toPhone ?? '') : toEmail,
        channel,
        reason: why,
        source: place.connector,
        note: reason?.slice(0, 500) ?? null,
        personId,
      } as const,
    ];
  });
  await suppress(tx, runtime, lists);
  const out = new Set(fresh.filter(({ what }) => what === 'unsubscribed' || what === 'complained').map(({ id }) => id));
  // Each is a person's own word; they are few.
  for (const { id, personId, toEmail, toPhone, channel } of moved.filter((one) => out.has(one.id))) {
    if (personId === null) continue;
    await optOut(tx, runtime, {
      companyId,
      personId,
      address: channel === 'sms' ? toPhone : toEmail,
      channel,
      source: place.connector,
      evidence: { message_id: id, told_by: place.connector },
    });
  }
  await runtime.engine.emit(tx, [
    ...changed.flatMap((row) => moveEvent(companyId, row, permanent)),
    ...openEvents(companyId, moved, fresh),
  ]);
  return fresh.length;
}

async function record(
  tx: Transaction,
  runtime: Runtime,
  { companyId, connectionId }: Place,
  events: readonly DeliveryEvent[],
): Promise<Ours[]> {
  const now = runtime.clock.now();
  const ours = events.flatMap((event): Ours[] => {
    const [id] = messagesNamed(runtime, [event.messageId]);
    return id === undefined ? [] : [{ ...event, id, at: event.at ?? now }];
  });
  if (ours.length === 0) return [];
  const rows = ours.map(({ id, key, what, at }) => ({ id: newId(), event_key: key.slice(0, 200), what, message_id: id, happened_at: at }));
  const written = new Set(
    (await tx.query<{ key: string }>(RECORD, [JSON.stringify(rows), companyId, connectionId, now])).map(({ key }) => key),
  );
  await tx.query(FORGET, [connectionId, companyId, new Date(now.getTime() - KEPT_DAYS * 86_400_000)]);
  // A batch may hold the same event twice: the first counts.
  return ours.filter(({ key }) => written.delete(key.slice(0, 200)));
}

/** What a batch says of one message, in one row: the furthest state, the first opening. */
function newest(id: string, events: readonly Ours[]) {
  const place = ({ what }: Ours) => DELIVERIES.findIndex((one) => one === what);
  const furthest = events.filter((event) => place(event) >= 0).toSorted((a, b) => place(b) - place(a))[0];
  const first = (what: DeliveryEvent['what']) =>
    events.filter((event) => event.what === what).toSorted((a, b) => a.at.getTime() - b.at.getTime())[0]?.at ?? null;
  const words: Readonly<Record<string, string>> = {
    bounced: 'Bounced',
    refused: 'Not sent by the vendor',
    complained: 'They complained about it',
  };
  const said = words[furthest?.what ?? ''];
  return {
    message_id: id,
    delivery: furthest?.what ?? null,
    delivery_at: furthest?.at ?? null,
    reason: said === undefined ? null : `${said}${furthest?.reason ? `: ${furthest.reason.replaceAll('\u0000', '')}` : ''}`.slice(0, 500),
    opened_at: first('opened'),
    clicked_at: first('clicked'),
  };
}

const EVENT_OF: Readonly<Record<string, string>> = {
  delivered: 'message.delivered',
  bounced: 'message.bounced',
  refused: 'message.refused',
  complained: 'message.complained',
};

function moveEvent(companyId: string, row: Moved, permanent: ReadonlySet<string>): DomainEvent[] {
  const name = EVENT_OF[row.delivery ?? ''];
  if (name === undefined) return [];
  return [about(companyId, row, name, { reason: row.reason, ...(name === 'message.bounced' ? { hard: permanent.has(row.id) } : {}) })];
}

function openEvents(companyId: string, rows: readonly Moved[], fresh: readonly Ours[]): DomainEvent[] {
  const opened = new Set(fresh.filter(({ what }) => what === 'opened').map(({ id }) => id));
  return rows.filter(({ id }) => opened.has(id)).map((row) => about(companyId, row, 'message.opened', {}));
}

function about(companyId: string, row: Moved, name: string, more: DomainEvent['payload']): DomainEvent {
  return {
    name,
    companyId,
    subject: { type: 'message', id: row.id },
    ...(row.personId === null ? {} : { personId: row.personId }),
    payload: { message_id: row.id, lead_id: row.leadId, run_id: row.runId, ...more },
  };
}
