import { beginWaiting, endWaiting } from './sla/clocks.ts';
import type { TicketState } from './tables.ts';
import { TicketClosed, type TicketRow } from './ticket.ts';

/** @throws TicketClosed */
export function requireOpen(ticket: TicketRow): void {
  if (ticket.mergedIntoId !== null) throw new TicketClosed(`Ticket #${ticket.number} was merged; go on in the one that it became part of`);
  if (ticket.state === 'closed') throw new TicketClosed(`Ticket #${ticket.number} is closed; a new message of theirs opens the next one`);
}

/** Any state follows any other, but for closed, which is the end. @throws TicketClosed */
export function setState(ticket: TicketRow, to: TicketState, at: Date): void {
  if (ticket.state === to) return;
  requireOpen(ticket);
  if (to === 'solved' || to === 'closed') {
    ticket.solvedAt ??= at;
    // Solved without a word: nobody owes an answer any more, and none was given.
    ticket.waitingSince = null;
    ticket.responseUsedMs = 0;
  } else if (ticket.state === 'solved') {
    ticket.solvedAt = null;
    ticket.reopened += 1;
  }
  ticket.closedAt = to === 'closed' ? at : null;
  ticket.state = to;
}

/** They wrote again, on whatever way: it is our turn, from now, whatever the ticket waited for. */
export function theyWrote(ticket: TicketRow, at: Date): void {
  setState(ticket, 'open', at);
  beginWaiting(ticket, at);
  ticket.lastAt = at;
}

/** Somebody of ours answered. */
export function weAnswered(ticket: TicketRow, at: Date): void {
  endWaiting(ticket, at);
  ticket.lastAt = at;
}
