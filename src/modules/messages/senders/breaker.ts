import type { Statement, Transaction } from '#core/database/database.ts';
import type { EventHandler } from '#core/engine/types.ts';
import { nowAndThen, type Stop } from '#core/now-and-then.ts';
import type { Runtime } from '#core/runtime.ts';
import { assess, RECENT, WINDOW_DAYS, worse, type Counted, type Health } from './health.ts';

const OF_MESSAGES: Statement = {
  name: 'senders.of_messages',
  text: `select distinct sender_id as id from messages where id = any($1::uuid[]) and company_id = any($2::uuid[]) and sender_id is not null`,
};
const SLOWED: Statement = {
  name: 'senders.slowed',
  text: `select id from senders where health = 'slowed' and state <> 'retired' order by id`,
};
/** Index messages_sender_left, both times. Those handed over and not yet answered for are counted when they are. */
const COUNT: Statement = {
  name: 'senders.feedback',
  text: `select s.id, s.company_id as "companyId", s.address, s.health, f.sent, f.complaints, r.recent, r.bounces from senders s
           cross join lateral (select greatest(s.counted_from, $2::timestamptz - interval '${WINDOW_DAYS} days') as at) since
           cross join lateral (
             select count(*)::int as sent, count(*) filter (where m.delivery = 'complained')::int as complaints from messages m
              where m.sender_id = s.id and coalesce(m.sent_at, m.delivery_at) >= since.at and m.direction = 'outbound' and m.state in ('sent', 'refused')) f
           cross join lateral (
             select count(*)::int as recent, count(*) filter (where x.delivery = 'bounced')::int as bounces from (
               select m.delivery from messages m where m.sender_id = s.id and coalesce(m.sent_at, m.delivery_at) >= since.at and m.direction = 'outbound'
                  and m.state in ('sent', 'refused') order by coalesce(m.sent_at, m.delivery_at) desc limit ${RECENT}) x) r
          where s.id = any($1::uuid[])`,
};
/** Whoever comes second finds it done. */
const SET: Statement = {
  name: 'senders.set_health',
  text: `update senders s set health = x.health, health_at = $2, health_because = x.because, updated_at = $2
           from json_to_recordset($1::json) as x (id uuid, was text, health text, because jsonb) where s.id = x.id and s.health = x.was returning s.id`,
};

interface Row extends Counted {
  readonly id: string;
  readonly companyId: string;
  readonly address: string;
  readonly health: Health;
}

/**
 * Counts what came back of these senders' mail, and slows or stops them. A slowed one recovers by itself once the numbers are good again; a stopped one
 * waits for a person. Any number of processes may do so at once.
 */
export async function judgeSenders(tx: Transaction, runtime: Runtime, senderIds: readonly string[]): Promise<void> {
  if (senderIds.length === 0) return;
  const now = runtime.clock.now();
  const rows = await tx.query<Row>(COUNT, [senderIds, now]);
  const changes = rows.flatMap((row) => {
    const { health, because } = assess({ sent: row.sent, complaints: row.complaints, recent: row.recent, bounces: row.bounces });
    const changed = worse(health, row.health) || (row.health === 'slowed' && health === 'well');
    return changed ? [{ row, health, because }] : [];
  });
  if (changes.length === 0) return;
  const done = new Set(
    (
      await tx.query<{ id: string }>(SET, [
        JSON.stringify(
          changes.map(({ row, health, because }) => ({ id: row.id, was: row.health, health, because: health === 'well' ? null : because })),
        ),
        now,
      ])
    ).map(({ id }) => id),
  );
  await tell(
    tx,
    runtime,
    changes.filter(({ row }) => done.has(row.id)).map(({ row, health, because }) => ({ ...row, now: health, says: because.says })),
  );
}

/** Webhooks and workflows hear of it by an event; the admins by the alert `sender_health`, for as long as it lasts. */
async function tell(
  tx: Transaction,
  runtime: Runtime,
  told: readonly (Row & { readonly now: Health; readonly says: string })[],
): Promise<void> {
  await runtime.engine.emit(
    tx,
    told.map(({ id, companyId, address, now, says }) => ({
      name: `sender.${now === 'well' ? 'recovered' : now}`,
      companyId,
      subject: { type: 'sender', id },
      payload: { sender_id: id, address, says },
    })),
  );
}

/** A mail came back, or was complained about. */
const feedback = (event: string): EventHandler => ({
  event,
  name: `sender health after ${event}`,
  async handle(tx, events, runtime) {
    const messageIds = events.flatMap(({ subject }) => (subject.type === 'message' ? [subject.id] : []));
    const companies = [...new Set(events.map(({ companyId }) => companyId))];
    const rows = await tx.query<{ id: string }>(OF_MESSAGES, [messageIds, companies]);
    await judgeSenders(
      tx,
      runtime,
      rows.map(({ id }) => id),
    );
  },
});
export const onFeedback: readonly EventHandler[] = [feedback('message.bounced'), feedback('message.complained')];

/** In real time. */
const LOOK_MS = 15 * 60_000;

/** Slowed senders recover when what was bad has left the window: nothing tells of that but the time. */
export async function tendSenders(runtime: Runtime): Promise<void> {
  await runtime.system.write(async (tx) => {
    const rows = await tx.query<{ id: string }>(SLOWED, []);
    await judgeSenders(
      tx,
      runtime,
      rows.map(({ id }) => id),
    );
  });
}

export function watchSenders(runtime: Runtime): Stop {
  return nowAndThen({ log: runtime.log, everyMs: LOOK_MS, what: 'look how senders are doing', round: () => tendSenders(runtime) });
}
