import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { Conflict, InvalidInput } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { changeTicket, eventOf } from '../change.ts';
import { addEntries } from '../entries.ts';
import { beginWaiting } from '../sla/clocks.ts';
import { requireOpen, setState } from '../state.ts';
import type { TicketState } from '../tables.ts';
import { holdTickets, requireTicket, Ticket, TicketClosed, ticketId, TicketNotFound, type TicketRow } from '../ticket.ts';

/** This ticket is not merged, or what it was merged into was merged since. */
export class TicketMergeStays extends Conflict {
  override readonly code = 'ticket_merge_stays';
}

const MOVE: Statement = {
  name: 'tickets.merge.move',
  text: `update ticket_entries set ticket_id = $3 where company_id = $1 and ticket_id = $2 and kind <> 'change' returning id`,
};
const BACK: Statement = {
  name: 'tickets.merge.back',
  text: `update ticket_entries set ticket_id = $3 where company_id = $1 and ticket_id = $2 and id = any ($4::uuid[])`,
};
const NOTE: Statement = {
  name: 'tickets.merge.note',
  text: `insert into ticket_merges (id, company_id, ticket_id, into_id, entry_ids, before, merged_by, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
};
const STANDING: Statement = {
  name: 'tickets.merge.standing',
  text: `select id, into_id as "intoId", entry_ids as "entryIds", before from ticket_merges where company_id = $1 and ticket_id = $2 and undone_at is null`,
};
const UNDONE: Statement = {
  name: 'tickets.merge.undone',
  text: 'update ticket_merges set undone_at = $3 where company_id = $1 and id = $2',
};
/** Since when somebody waits by what stands on a ticket: the first word of theirs after the last answer of ours. */
const WAITS: Statement = {
  name: 'tickets.waits_since',
  text: `select min(e.created_at) as at from ticket_entries e where e.company_id = $1 and e.ticket_id = $2 and e.inbound and not e.auto
            and e.created_at > coalesce((select max(o.created_at) from ticket_entries o left join messages m on m.id = o.message_id
               where o.ticket_id = $2 and o.inbound = false and not o.auto and m.state is distinct from 'blocked'), '-infinity')`,
};

const userOf = (ctx: Ctx): string | null => ('userId' in ctx.principal ? ctx.principal.userId : null);

/** What of a row an undo gives back. */
interface Before {
  readonly state: TicketState;
  readonly solvedAt: string | null;
  readonly closedAt: string | null;
  readonly waitingSince: string | null;
  readonly responseUsedMs: number;
  readonly responseSince: string | null;
  readonly resolutionUsedMs: number;
  readonly resolutionSince: string | null;
}

export const mergeTickets = operation({
  name: 'tickets.merge',
  summary:
    'Put a ticket into another one about the same matter: what was said stands there from now, and further mail goes there. It can be taken back',
  http: 'POST /api/tickets/{ticket_id}/merge',
  cli: 'tickets merge',
  access: 'write',
  status: 200,
  input: z.object({ ticketId: ticketId(), intoTicketId: z.uuid().describe('The ticket that stays') }),
  output: Ticket,
  errors: [TicketNotFound, TicketClosed],
  async run(ctx, input) {
    const { companyId } = ctx;
    const at = ctx.clock.now();
    if (input.ticketId === input.intoTicketId)
      throw new InvalidInput('A ticket cannot be merged into itself', {
        fields: [{ path: 'into_ticket_id', message: 'is the same ticket' }],
      });
    const held = new Map((await holdTickets(ctx, companyId, [input.ticketId, input.intoTicketId])).map((row) => [row.id, row]));
    const [from, into] = [held.get(input.ticketId), held.get(input.intoTicketId)];
    if (from === undefined || into === undefined) throw new TicketNotFound('There is no such ticket; list them with GET /api/tickets');
    requireOpen(into);
    if (from.mergedIntoId !== null) throw new TicketClosed(`Ticket #${from.number} was merged already`);
    const moved = (await ctx.query<{ id: string }>(MOVE, [companyId, from.id, into.id])).map((row) => row.id);
    await ctx.query(NOTE, [newId(), companyId, from.id, into.id, moved, JSON.stringify(from), userOf(ctx), at]);
    await changeTicket(ctx, ctx.runtime, {
      companyId,
      id: from.id,
      by: userOf(ctx),
      quiet: true,
      change(ticket) {
        ticket.mergedIntoId = into.id;
        Object.assign(ticket, { state: 'closed', closedAt: at, waitingSince: null } satisfies Partial<TicketRow>);
      },
    });
    await settle(ctx, into.id, from);
    const by = userOf(ctx);
    await addEntries(
      ctx,
      companyId,
      [
        { ticketId: into.id, kind: 'change', change: { merged: [from.number, null] }, authorId: by },
        { ticketId: from.id, kind: 'change', change: { merged_into: [null, into.number] }, authorId: by },
      ],
      at,
    );
    ctx.emit(eventOf(into, 'ticket.merged', { number: into.number, merged_id: from.id, merged_number: from.number }));
    ctx.subject('ticket', into.id);
    return requireTicket(ctx, into.id);
  },
});

/** The ticket goes on with what stands on it now: who waits, waits since the first of both. */
async function settle(ctx: Ctx, id: string, from: TicketRow | null): Promise<void> {
  const [waits] = await ctx.query<{ at: Date | null }>(WAITS, [ctx.companyId, id]);
  await changeTicket(ctx, ctx.runtime, {
    companyId: ctx.companyId,
    id,
    by: userOf(ctx),
    change(ticket, at) {
      const since = waits?.at ?? null;
      if (since === null)
        Object.assign(ticket, { waitingSince: null, responseSince: null, responseUsedMs: 0 } satisfies Partial<TicketRow>);
      else if (ticket.waitingSince === null || since < ticket.waitingSince) {
        if (ticket.state !== 'open' && ticket.waitingSince === null) setState(ticket, 'open', at);
        ticket.waitingSince = null;
        beginWaiting(ticket, since);
        ticket.responseUsedMs = from?.responseUsedMs ?? 0;
        ticket.responseSince = from?.responseSince ?? since;
      }
      if (from?.firstRespondedAt != null && (ticket.firstRespondedAt === null || from.firstRespondedAt < ticket.firstRespondedAt))
        ticket.firstRespondedAt = from.firstRespondedAt;
    },
  });
}

export const unmergeTicket = operation({
  name: 'tickets.unmerge',
  summary: 'Take a merge back: the ticket stands by itself again, with what was said on it',
  http: 'POST /api/tickets/{ticket_id}/unmerge',
  cli: 'tickets unmerge',
  access: 'write',
  status: 200,
  input: z.object({ ticketId: ticketId().describe('The ticket that was merged into another one') }),
  output: Ticket,
  errors: [TicketNotFound, TicketMergeStays],
  async run(ctx, { ticketId: id }) {
    const { companyId } = ctx;
    await requireTicket(ctx, id);
    const [merge] = await ctx.query<{ id: string; intoId: string; entryIds: string[]; before: Before }>(STANDING, [companyId, id]);
    if (merge === undefined) throw new TicketMergeStays('This ticket is not merged into another one');
    const held = new Map((await holdTickets(ctx, companyId, [id, merge.intoId])).map((row) => [row.id, row]));
    const into = held.get(merge.intoId);
    if (into === undefined || into.mergedIntoId !== null)
      throw new TicketMergeStays('The ticket that it became part of was merged itself since; take that back first');
    await ctx.query(BACK, [companyId, into.id, id, merge.entryIds]);
    await ctx.query(UNDONE, [companyId, merge.id, ctx.clock.now()]);
    const moment = (text: string | null) => (text === null ? null : new Date(text));
    const { before } = merge;
    await changeTicket(ctx, ctx.runtime, {
      companyId,
      id,
      by: userOf(ctx),
      quiet: true,
      change(ticket) {
        Object.assign(ticket, {
          mergedIntoId: null,
          state: before.state,
          solvedAt: moment(before.solvedAt),
          closedAt: moment(before.closedAt),
          waitingSince: moment(before.waitingSince),
          responseUsedMs: before.responseUsedMs,
          responseSince: moment(before.responseSince),
          resolutionUsedMs: before.resolutionUsedMs,
          resolutionSince: moment(before.resolutionSince),
        } satisfies Partial<TicketRow>);
      },
    });
    await settle(ctx, into.id, null);
    const by = userOf(ctx);
    const line = (ticketId: string) => ({
      ticketId,
      kind: 'change' as const,
      change: { unmerged: [null, ticketId === id ? into.number : (held.get(id)?.number ?? 0)] },
      authorId: by,
    });
    await addEntries(ctx, companyId, [line(id), line(into.id)], ctx.clock.now());
    ctx.subject('ticket', id);
    ctx.afterCommit(() => ctx.runtime.engine.nudge());
    return requireTicket(ctx, id);
  },
});
