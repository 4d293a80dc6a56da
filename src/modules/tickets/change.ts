import type { Transaction } from '#core/database/database.ts';
import type { DomainEvent, Facts } from '#core/engine/types.ts';
import type { Runtime } from '#core/runtime.ts';
import { notify } from '#modules/notifications/public.ts';
import { addEntries } from './entries.ts';
import { takeAlarms, windClocks } from './sla/clocks.ts';
import { loadSupport } from './sla/rules.ts';
import { tellPages } from './tell.ts';
import { holdTickets, saveTickets, TicketNotFound, type TicketRow } from './ticket.ts';

/** Who does it: a user, or null for a workflow, a mail, the clock. */
interface Changed {
  readonly companyId: string;
  readonly ids: readonly string[];
  readonly by: string | null;
  /** Changes a held ticket in place. */
  readonly change: (ticket: TicketRow, at: Date) => void;
  /** Leaves no line on the ticket: what is done stands there already. */
  readonly quiet?: true;
}

/**
 * The one way in which tickets change: holds them, tells what their clocks had to tell up to now, changes them, winds their clocks, writes them back, and says what
 * became of each: a line on the ticket, events, a notice to whom it was given. A few statements for any number.
 */
export async function changeTickets(
  tx: Transaction,
  runtime: Runtime,
  { companyId, ids, by, change, quiet }: Changed,
): Promise<TicketRow[]> {
  const at = runtime.clock.now();
  const rows = await holdTickets(tx, companyId, [...new Set(ids)]);
  if (rows.length === 0) return [];
  const { rules } = await loadSupport(tx, companyId);
  const events: DomainEvent[] = [];
  const lines: Parameters<typeof addEntries>[2][number][] = [];
  const given: TicketRow[] = [];
  for (const ticket of rows) {
    events.push(...takeAlarms(ticket, rules, at).map(({ what, target, dueAt }) => alarmEvent(ticket, what, target, dueAt)));
    const before = { ...ticket };
    change(ticket, at);
    windClocks(ticket, rules, at);
    ticket.updatedAt = at;
    events.push(...eventsOf(before, ticket));
    const changed = lineOf(before, ticket);
    if (changed !== null && quiet !== true) lines.push({ ticketId: ticket.id, kind: 'change', change: changed, authorId: by });
    if (ticket.assigneeId !== null && ticket.assigneeId !== before.assigneeId && ticket.assigneeId !== by) given.push(ticket);
  }
  await saveTickets(tx, companyId, rows);
  await addEntries(tx, companyId, lines, at);
  if (events.length > 0) await runtime.engine.emit(tx, events);
  await notify(
    tx,
    runtime,
    given.map((ticket) => ({
      companyId,
      userId: ticket.assigneeId ?? '',
      personId: ticket.personId,
      kind: 'ticket_assigned' as const,
      title: `Yours now: #${ticket.number} ${ticket.subject}`.trim(),
      link: `/tickets/${ticket.id}`,
      key: `ticket_assigned:${ticket.id}:${at.getTime()}`,
    })),
  );
  await tellPages(tx, companyId);
  return rows;
}

/** The same for one. @throws TicketNotFound */
export async function changeTicket(
  tx: Transaction,
  runtime: Runtime,
  { id, ...changed }: Omit<Changed, 'ids'> & { readonly id: string },
): Promise<TicketRow> {
  const [row] = await changeTickets(tx, runtime, { ...changed, ids: [id] });
  if (row === undefined) throw new TicketNotFound('There is no such ticket; list them with GET /api/tickets');
  return row;
}

/** An event about a ticket. */
export function eventOf({ companyId, id, personId }: TicketRow, name: string, payload: Facts = {}): DomainEvent {
  return { name, companyId, subject: { type: 'ticket', id }, personId, payload };
}

function alarmEvent(ticket: TicketRow, what: 'soon' | 'broken', target: string, dueAt: Date): DomainEvent {
  return eventOf(ticket, what === 'soon' ? 'ticket.target_soon' : 'ticket.target_broken', {
    number: ticket.number,
    target,
    due_at: dueAt.toISOString(),
    priority: ticket.priority,
    assignee_id: ticket.assigneeId,
  });
}

function eventsOf(before: TicketRow, after: TicketRow): DomainEvent[] {
  const about = { number: after.number, priority: after.priority };
  const events: DomainEvent[] = [];
  if (before.state !== after.state) {
    events.push(eventOf(after, 'ticket.state_changed', { ...about, from: before.state, to: after.state }));
    if (after.state === 'solved') events.push(eventOf(after, 'ticket.solved', about));
    if (after.state === 'closed') events.push(eventOf(after, 'ticket.closed', about));
    if (before.state === 'solved' && after.state !== 'closed') events.push(eventOf(after, 'ticket.reopened', about));
  }
  if (before.assigneeId !== after.assigneeId) events.push(eventOf(after, 'ticket.assigned', { ...about, assignee_id: after.assigneeId }));
  if (before.waitingSince === null && after.waitingSince !== null) events.push(eventOf(after, 'ticket.waiting', about));
  if (before.waitingSince !== null && after.waitingSince === null && after.lastAt > before.lastAt)
    events.push(eventOf(after, 'ticket.answered', about));
  return events;
}

/** What of it a person would want to read on the ticket: from and to by name. */
function lineOf(before: TicketRow, after: TicketRow): Facts | null {
  const line: Facts = {};
  if (before.state !== after.state) line['state'] = [before.state, after.state];
  if (before.priority !== after.priority) line['priority'] = [before.priority, after.priority];
  if (before.assigneeId !== after.assigneeId) line['assignee_id'] = [before.assigneeId, after.assigneeId];
  if (before.subject !== after.subject) line['subject'] = [before.subject, after.subject];
  if (before.tags.join() !== after.tags.join()) line['tags'] = [before.tags, after.tags];
  return Object.keys(line).length === 0 ? null : line;
}
