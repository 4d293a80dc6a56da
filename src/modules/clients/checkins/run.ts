import type { Statement, Transaction } from '#core/database/database.ts';
import type { DomainEvent } from '#core/engine/types.ts';
import { newId } from '#core/ids.ts';
import type { ReadSigns } from '#core/signs/types.ts';
import { createTasks } from '#modules/workflows/public.ts';
import { agendaOf, signsOf } from '../health/health.ts';
import { dayOf, nextAfter, type Rhythm } from './occurrence.ts';

interface DueRow extends Rhythm {
  readonly clientId: string;
  readonly companyId: string;
  readonly nextOn: string;
  readonly personId: string;
  readonly ownerId: string | null;
  readonly name: string;
  readonly today: string;
}

/** Plans of active clients whose day has come, locked: a second process waits, and finds them moved on. The day is the company's. */
const DUE: Statement = {
  name: 'checkins.due',
  text: `select k.client_id as "clientId", k.company_id as "companyId", k.unit, k.every, k.anchor_on::text as "anchorOn", k.next_on::text as "nextOn", c.person_id as "personId",
           c.owner_id as "ownerId", coalesce(nullif(p.full_name, ''), p.email, 'Client') as name, w.today as today
         from jsonb_to_recordset($1::jsonb) as w(company_id uuid, today text)
         join checkin_plans k on k.company_id = w.company_id and k.next_on <= w.today::date
         join clients c on c.id = k.client_id and c.status = 'active'
         join people p on p.id = c.person_id
         order by k.client_id limit 5000 for update of k`,
};
const ZONES: Statement = {
  name: 'checkins.zones',
  text: `select id, coalesce(settings ->> 'time_zone', 'UTC') as zone from companies where id = any ($1::uuid[])`,
};
const INSERT: Statement = {
  name: 'checkins.insert',
  text: `insert into checkins (id, company_id, client_id, due_on, agenda, created_at, updated_at)
         select e.id, e.company_id, e.client_id, e.due_on, e.agenda, $2, $2 from jsonb_to_recordset($1::jsonb) as e(id uuid, company_id uuid, client_id uuid, due_on date, agenda text)
         on conflict (client_id, due_on) do nothing returning id`,
};
const MOVE: Statement = {
  name: 'checkins.move_on',
  text: `update checkin_plans k set next_on = e.next_on, updated_at = $2 from jsonb_to_recordset($1::jsonb) as e(client_id uuid, next_on date) where k.client_id = e.client_id`,
};

export interface Made {
  readonly id: string;
  readonly clientId: string;
  readonly companyId: string;
  readonly personId: string;
  readonly dueOn: string;
  readonly name: string;
}

/**
 * One check-in with its agenda, and a task for whoever looks after the client, for each plan whose day has come; the plan goes on to the first day that is still to come.
 * However long nothing ran, a client gets one, for the day that was missed first.
 */
export async function runCheckins(
  tx: Transaction,
  readers: readonly ReadSigns[],
  companyIds: readonly string[],
  now: Date,
): Promise<{ made: Made[]; events: DomainEvent[] }> {
  const zones = await tx.query<{ id: string; zone: string }>(ZONES, [companyIds]);
  const days = zones.map(({ id, zone }) => ({ company_id: id, today: dayOf(now, zone) }));
  const due = await tx.query<DueRow>(DUE, [JSON.stringify(days)]);
  if (due.length === 0) return { made: [], events: [] };
  const signs = await signsOf(tx, readers, due, now);
  const rows = due.map((row) => ({
    id: newId(),
    company_id: row.companyId,
    client_id: row.clientId,
    due_on: row.nextOn,
    agenda: agendaOf(signs.get(row.clientId) ?? []),
    row,
  }));
  const inserted = new Set((await tx.query<{ id: string }>(INSERT, [JSON.stringify(rows), now])).map(({ id }) => id));
  await tx.query(MOVE, [JSON.stringify(due.map((row) => ({ client_id: row.clientId, next_on: nextAfter(row, row.today) }))), now]);
  const made = rows.filter(({ id }) => inserted.has(id)).map(({ id, agenda, row }): Made & { agenda: string; ownerId: string | null } => ({ ...row, id, dueOn: row.nextOn, agenda })); // prettier-ignore
  await createTasks(
    tx,
    made.map((one) => ({
      companyId: one.companyId,
      title: `Check in with ${one.name}`,
      body: one.agenda,
      kind: 'call',
      link: `/clients/${one.clientId}`,
      subject: { type: 'client', id: one.clientId },
      personId: one.personId,
      assigneeId: one.ownerId,
      dueAt: now,
      key: `checkin:${one.id}`,
    })),
  );
  const events = made.map(({ id, clientId, companyId, personId, dueOn }): DomainEvent => ({ name: 'checkin.due', companyId, subject: { type: 'client', id: clientId }, personId, payload: { checkin_id: id, due_on: dueOn } })); // prettier-ignore
  return { made, events };
}
