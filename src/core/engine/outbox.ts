import type { Statement, Transaction } from '#core/database/database.ts';
import { recordset } from '#core/database/recordset.ts';
import { newId } from '#core/ids.ts';
import type { DomainEvent, Facts } from './types.ts';

/** An event off the outbox. */
export interface OutboxEvent extends DomainEvent {
  readonly id: string;
  readonly at: Date;
  readonly payload: Facts;
  /** Runs were started, stopped and woken already; only handlers are left. */
  readonly routed: boolean;
  readonly handled: readonly string[];
  readonly attempts: number;
}

interface OutboxRow {
  id: string;
  company_id: string;
  name: string;
  subject_type: string;
  subject_id: string;
  person_id: string | null;
  payload: Facts;
  at: Date;
  handled: string[];
  routed: boolean;
  attempts: number;
}

const ONE: Statement = {
  name: 'engine.emit_one',
  text: `insert into outbox (id, company_id, name, subject_type, subject_id, person_id, payload, at, due_at) values ($1, $2, $3, $4, $5, $6, $7, $8::timestamptz, $8::timestamptz)`,
};
const MANY: Statement = {
  name: 'engine.emit_many',
  text: `insert into outbox (id, company_id, name, subject_type, subject_id, person_id, payload, at, due_at, handled, routed, attempts, error, failed_at)
         select id, company_id, name, subject_type, subject_id, person_id, payload, at, due_at, handled, routed, attempts, error, failed_at
           from json_to_recordset($1::json) as x (id uuid, company_id uuid, name text, subject_type text, subject_id uuid, person_id uuid, payload jsonb,
             at timestamptz, due_at timestamptz, handled text[], routed boolean, attempts integer, error text, failed_at timestamptz)`,
};
// Taken by deletion: what fails is put back in the same transaction. Order by id is order of time.
const TAKE: Statement = {
  name: 'engine.outbox_take',
  text: `with taken as (
           delete from outbox where id = any (array(
             select id from outbox where failed_at is null and due_at <= $1 order by id limit $2 for update skip locked))
           returning id, company_id, name, subject_type, subject_id, person_id, payload, at, handled, routed, attempts)
         select * from taken order by id`,
};

const DELETED = `taken as (
           delete from outbox where id = any (array(select id from mine))
           returning id, company_id, name, subject_type, subject_id, person_id, payload, at, handled, routed, attempts)
         select * from taken order by id`;
// The oldest of each company of `k`, the same number of each. Bounds instead of an equality, and the company in the order: only the index by company
// gives that. With an equality the planner, who knows the backlog's company alone, walks the backlog to find ten of another: a million rows, 360 ms.
const OF_EACH = `select e.id from k cross join lateral (
             select o.id from outbox o where o.company_id >= k.company_id and o.company_id <= k.company_id and o.failed_at is null and o.due_at <= $1
              order by o.company_id, o.id limit greatest(1, $2::int / greatest(1, (select count(*)::int from k))) for update skip locked) e
            order by e.id limit $2`;
const TAKE_OF: Statement = {
  name: 'engine.outbox_take_of',
  text: `with k as materialized (select unnest($3::uuid[]) as company_id), mine as (${OF_EACH}), ${DELETED}`,
};
// One step of the index for each company with events, whatever its backlog.
const TAKE_BESIDE: Statement = {
  name: 'engine.outbox_take_beside',
  text: `with recursive c as (
           (select company_id from outbox where failed_at is null order by company_id limit 1)
           union all
           select (select o.company_id from outbox o where o.failed_at is null and o.company_id > c.company_id order by o.company_id limit 1)
             from c where c.company_id is not null),
         k as materialized (select company_id from c where company_id is not null and company_id <> all ($3::uuid[]) limit 2000),
         mine as (${OF_EACH}), ${DELETED}`,
};

/**
 * The same as part of a larger statement: events out of rows of `source`, which has event_id, company_id, event_name, subject_type,
 * subject_id, person_id and payload. $2 is the moment. For what settles effects: the worker looks for events after each round of them.
 */
export const emitFrom = (source: string): string =>
  `insert into outbox (id, company_id, name, subject_type, subject_id, person_id, payload, at, due_at)
   select event_id, company_id, event_name, subject_type, subject_id, person_id, payload, $2::timestamptz, $2::timestamptz from ${source}`;

/** Puts events on the outbox, in the transaction that made them true. Answers their ids. */
export async function emit(tx: Transaction, events: readonly DomainEvent[], at: Date): Promise<readonly string[]> {
  const [first] = events;
  if (first === undefined) return [];
  if (events.length === 1) {
    const id = newId();
    await tx.query(ONE, [
      id,
      first.companyId,
      first.name,
      first.subject.type,
      first.subject.id,
      first.personId ?? null,
      JSON.stringify(first.payload ?? {}),
      at,
    ]);
    return [id];
  }
  const rows = events.map((event) => ({
    ...rowOf(event),
    id: newId(),
    at,
    due_at: at,
    handled: [],
    routed: false,
    attempts: 0,
    error: null,
    failed_at: null,
  }));
  await tx.query(MANY, [recordset(rows)]);
  return rows.map((row) => row.id);
}

function rowOf(event: DomainEvent) {
  return {
    company_id: event.companyId,
    name: event.name,
    subject_type: event.subject.type,
    subject_id: event.subject.id,
    person_id: event.personId ?? null,
    payload: event.payload ?? {},
  };
}

/** Whose events or runs: of these companies alone, or of all beside them; as many of each. */
export interface Whose {
  readonly of?: readonly string[];
  readonly beside?: readonly string[];
}

export async function take(tx: Transaction, now: Date, limit: number, whose?: Whose): Promise<OutboxEvent[]> {
  return (await taken(tx, now, limit, whose)).map((row) => ({
    id: row.id,
    companyId: row.company_id,
    name: row.name,
    subject: { type: row.subject_type, id: row.subject_id },
    ...(row.person_id === null ? {} : { personId: row.person_id }),
    payload: row.payload,
    at: row.at,
    routed: row.routed,
    handled: row.handled,
    attempts: row.attempts,
  }));
}

function taken(tx: Transaction, now: Date, limit: number, whose: Whose = {}): Promise<OutboxRow[]> {
  if (whose.of !== undefined) return tx.query<OutboxRow>(TAKE_OF, [now, limit, whose.of]);
  if (whose.beside !== undefined) return tx.query<OutboxRow>(TAKE_BESIDE, [now, limit, whose.beside]);
  return tx.query<OutboxRow>(TAKE, [now, limit]);
}

/** Tries before an event is parked for a person to look at. */
const MOST_ATTEMPTS = 10;

export interface FailedEvent {
  readonly event: OutboxEvent;
  /** Handlers that are through with it. */
  readonly handled: readonly string[];
  readonly error: string;
  /** Runs were not started, stopped and woken yet. Default: they were. */
  readonly unrouted?: boolean;
}

/** Back on the outbox: tried again after 5 s, 10 s, 20 s … up to an hour, then parked with its error. */
export async function putBack(tx: Transaction, failed: readonly FailedEvent[], now: Date): Promise<void> {
  if (failed.length === 0) return;
  const rows = failed.map(({ event, handled, error, unrouted }) => {
    const attempts = event.attempts + 1;
    const delayMs = Math.min(5_000 * 2 ** event.attempts, 3_600_000);
    const parked = attempts >= MOST_ATTEMPTS;
    return {
      ...rowOf(event),
      id: event.id,
      at: event.at,
      due_at: new Date(now.getTime() + delayMs),
      handled,
      routed: unrouted !== true,
      attempts,
      error,
      failed_at: parked ? now : null,
    };
  });
  await tx.query(MANY, [recordset(rows)]);
}
