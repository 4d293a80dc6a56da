import { z } from 'zod';
import { NotFound } from '#core/errors.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { requireUser } from '#modules/people/public.ts';
import { changeTicket } from '../change.ts';
import { addEntries } from '../entries.ts';
import { requireOpen, setState, theyWrote } from '../state.ts';
import { tellPages } from '../tell.ts';
import { Priority, requireTicket, State, Tags, Ticket, TicketClosed, ticketId, TicketNotFound } from '../ticket.ts';

const userOf = (ctx: Ctx): string | null => ('userId' in ctx.principal ? ctx.principal.userId : null);

export const updateTicket = operation({
  name: 'tickets.update',
  summary: 'Change a ticket: its state, priority, subject, tags, or who works on it',
  http: 'PATCH /api/tickets/{ticket_id}',
  cli: 'tickets update',
  access: 'write',
  input: z.object({
    ticketId: ticketId(),
    state: State.optional().describe('pending: it waits for the customer, and its clocks rest; closed is the end'),
    priority: Priority.optional(),
    subject: z.string().trim().min(1).max(500).optional(),
    assigneeId: z.uuid().nullish().describe('Who works on it, and is told; null: nobody'),
    tags: Tags.optional(),
  }),
  output: Ticket,
  errors: [TicketNotFound, TicketClosed, NotFound],
  async run(ctx, { ticketId: id, ...to }) {
    ctx.expectVersion(await requireTicket(ctx, id));
    await requireUser(ctx, ctx.companyId, to.assigneeId);
    await changeTicket(ctx, ctx.runtime, {
      companyId: ctx.companyId,
      id,
      by: userOf(ctx),
      change(ticket, at) {
        if (to.state !== ticket.state) requireOpen(ticket);
        if (to.priority !== undefined) ticket.priority = to.priority;
        if (to.subject !== undefined) ticket.subject = to.subject;
        if (to.assigneeId !== undefined) ticket.assigneeId = to.assigneeId;
        if (to.tags !== undefined) ticket.tags = [...new Set(to.tags)];
        if (to.state !== undefined) setState(ticket, to.state, at);
      },
    });
    ctx.subject('ticket', id);
    ctx.afterCommit(() => ctx.runtime.engine.nudge());
    return requireTicket(ctx, id);
  },
});

export const noteOnTicket = operation({
  name: 'tickets.note',
  summary: 'Write an internal note on a ticket: nobody outside sees it',
  http: 'POST /api/tickets/{ticket_id}/notes',
  cli: 'tickets note',
  access: 'write',
  input: z.object({ ticketId: ticketId(), text: z.string().trim().min(1).max(50_000) }),
  output: Ticket,
  errors: [TicketNotFound],
  async run(ctx, input) {
    await requireTicket(ctx, input.ticketId);
    const entry = { ticketId: input.ticketId, kind: 'note' as const, text: input.text, authorId: userOf(ctx) };
    await addEntries(ctx, ctx.companyId, [entry], ctx.clock.now());
    await tellPages(ctx, ctx.companyId);
    ctx.subject('ticket', input.ticketId);
    return requireTicket(ctx, input.ticketId);
  },
});

/** What they say on any other way than mail (a portal, a form, the phone) counts like a mail: it opens the ticket and starts its clock. */
export const addTheirWords = operation({
  name: 'tickets.add_words',
  summary: 'Note what the customer said by phone, on a page or in another system; it counts like a mail of theirs',
  http: 'POST /api/tickets/{ticket_id}/words',
  cli: 'tickets add-words',
  access: 'write',
  status: 201,
  input: z.object({ ticketId: ticketId(), text: z.string().trim().min(1).max(50_000) }),
  output: Ticket,
  errors: [TicketNotFound, TicketClosed],
  async run(ctx, input) {
    await requireTicket(ctx, input.ticketId);
    await addEntries(
      ctx,
      ctx.companyId,
      [{ ticketId: input.ticketId, kind: 'web', inbound: true, text: input.text, authorId: userOf(ctx) }],
      ctx.clock.now(),
    );
    await changeTicket(ctx, ctx.runtime, {
      companyId: ctx.companyId,
      id: input.ticketId,
      by: userOf(ctx),
      change: (ticket, at) => {
        requireOpen(ticket);
        theyWrote(ticket, at);
      },
    });
    ctx.subject('ticket', input.ticketId);
    ctx.afterCommit(() => ctx.runtime.engine.nudge());
    return requireTicket(ctx, input.ticketId);
  },
});
