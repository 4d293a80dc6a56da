import type { Statement, Transaction } from '#core/database/database.ts';
import type { DomainEvent } from '#core/engine/types.ts';
import { newId } from '#core/ids.ts';
import type { Runtime } from '#core/runtime.ts';
import { notify } from '#modules/notifications/public.ts';
import { eventOf } from './change.ts';
import { NEVER, windClocks } from './sla/clocks.ts';
import { loadSupport } from './sla/rules.ts';
import type { Priority, TicketSource } from './tables.ts';
import { tellPages } from './tell.ts';
import { saveTickets, type TicketRow } from './ticket.ts';

/** A ticket that is to be opened. */
export interface NewTicket {
  readonly personId: string;
  readonly subject: string;
  readonly source: TicketSource;
  readonly priority: Priority;
  readonly assigneeId?: string | null;
  readonly addressId?: string | null;
  readonly followsId?: string | null;
  readonly tags?: readonly string[];
  /** Makes it one, however often it is asked for. */
  readonly key?: string | null;
  /** They wait for an answer: they asked, and nobody of ours wrote it down as settled. */
  readonly waits: boolean;
  /** The user who wrote it down. */
  readonly by?: string | null;
}

const NUMBERS: Statement = {
  name: 'tickets.numbers',
  text: `insert into ticket_numbers as n (company_id, last) values ($1, $2) on conflict (company_id) do update set last = n.last + $2 returning last::float8 as last`,
};
const KNOWN: Statement = { name: 'tickets.keys', text: 'select id, key from tickets where company_id = $1 and key = any ($2::text[])' };
const INSERT: Statement = {
  name: 'tickets.insert',
  text: `insert into tickets (id, company_id, number, person_id, subject, source, key, address_id, created_by, created_at)
         select x.id, $1, x.number, x.person_id, x.subject, x.source, x.key, x.address_id, x.created_by, $3
           from jsonb_to_recordset($2::jsonb) as x(id uuid, number bigint, person_id uuid, subject text, source text, key text, address_id uuid, created_by uuid)`,
};

/**
 * Opens tickets, in the caller's transaction; one whose key was used is the one that is there. Answers their ids in the order asked for. The row of numbers is held
 * until the transaction ends, so that two who open one under the same key at once make one.
 */
export async function createTickets(tx: Transaction, runtime: Runtime, companyId: string, wanted: readonly NewTicket[]): Promise<string[]> {
  if (wanted.length === 0) return [];
  const at = runtime.clock.now();
  const [numbers] = await tx.query<{ last: number }>(NUMBERS, [companyId, wanted.length]);
  const keys = wanted.flatMap(({ key }) => key ?? []);
  const known = new Map(
    (keys.length === 0 ? [] : await tx.query<{ id: string; key: string }>(KNOWN, [companyId, keys])).map((row) => [row.key, row.id]),
  );
  const { rules } = await loadSupport(tx, companyId);
  const made: TicketRow[] = [];
  const inserts: object[] = [];
  let number = (numbers?.last ?? wanted.length) - wanted.length;
  const ids = wanted.map((ticket) => {
    const before = ticket.key == null ? undefined : known.get(ticket.key);
    if (before !== undefined) return before;
    const id = newId();
    if (ticket.key != null) known.set(ticket.key, id);
    number += 1;
    const row = rowOf(companyId, id, number, ticket, at);
    windClocks(row, rules, at);
    made.push(row);
    inserts.push({
      id,
      number,
      person_id: ticket.personId,
      subject: row.subject,
      source: ticket.source,
      key: ticket.key ?? null,
      address_id: ticket.addressId ?? null,
      created_by: ticket.by ?? null,
    });
    return id;
  });
  if (made.length === 0) return ids;
  await tx.query(INSERT, [companyId, JSON.stringify(inserts), at]);
  await saveTickets(tx, companyId, made);
  const about = (row: TicketRow) => ({
    number: row.number,
    priority: row.priority,
    source: row.source,
    subject: row.subject.slice(0, 500),
  });
  await runtime.engine.emit(
    tx,
    made.flatMap((row): DomainEvent[] => [
      eventOf(row, 'ticket.created', about(row)),
      ...(row.waitingSince === null ? [] : [eventOf(row, 'ticket.waiting', { number: row.number, priority: row.priority })]),
    ]),
  );
  await notify(
    tx,
    runtime,
    made.flatMap((row, place) => {
      const by = wanted[place]?.by;
      if (row.assigneeId === null || row.assigneeId === by) return [];
      return [
        {
          companyId,
          userId: row.assigneeId,
          personId: row.personId,
          kind: 'ticket_assigned' as const,
          title: `A new ticket of yours: #${row.number} ${row.subject}`.trim(),
          link: `/tickets/${row.id}`,
          key: `ticket_assigned:${row.id}:${at.getTime()}`,
        },
      ];
    }),
  );
  await tellPages(tx, companyId);
  return ids;
}

function rowOf(companyId: string, id: string, number: number, ticket: NewTicket, at: Date): TicketRow {
  return {
    id,
    companyId,
    number,
    personId: ticket.personId,
    subject: ticket.subject.replace(/\s+/g, ' ').trim().slice(0, 500),
    source: ticket.source,
    state: 'open',
    priority: ticket.priority,
    assigneeId: ticket.assigneeId ?? null,
    tags: [...new Set(ticket.tags ?? [])],
    addressId: ticket.addressId ?? null,
    followsId: ticket.followsId ?? null,
    mergedIntoId: null,
    waitingSince: ticket.waits ? at : null,
    firstRespondedAt: null,
    responseUsedMs: 0,
    responseSince: null,
    responseDueAt: null,
    responseTold: 0,
    resolutionUsedMs: 0,
    resolutionSince: null,
    resolutionDueAt: null,
    resolutionTold: 0,
    responseBroken: false,
    resolutionBroken: false,
    sortDueAt: NEVER,
    alarmAt: null,
    clockKey: '',
    reopened: 0,
    lastAt: at,
    solvedAt: null,
    closedAt: null,
    createdAt: at,
    updatedAt: at,
  };
}
