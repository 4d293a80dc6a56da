import { z } from 'zod';
import { NotFound } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import { operation } from '#core/operation/operation.ts';
import { changeTicket } from '../change.ts';
import {
  applyMacro,
  checkMacro,
  Macro,
  MACRO_COLUMNS,
  MacroChanges,
  MacroNotFound,
  macroText,
  MacroTaken,
  readMacro,
  requireMacro,
} from '../macros.ts';
import { requireTicket, Ticket, TicketClosed, ticketId, TicketNotFound } from '../ticket.ts';

const macroId = () => z.uuid().describe('Id of the macro');
const fields = {
  title: z.string().trim().min(1).max(120),
  text: z.string().max(20_000).describe('Liquid, e.g. Hello {{ person.first_name }}'),
  changes: MacroChanges,
};

export const listMacros = operation({
  name: 'tickets.macros',
  summary: 'Macros: declared changes of a ticket and a text to answer with',
  http: 'GET /api/tickets/macros',
  cli: 'tickets macros',
  access: 'read',
  input: z.object({}),
  output: z.object({ items: z.array(Macro), nextCursor: z.null() }),
  async run(ctx) {
    const rows = await ctx.query<Macro>(
      {
        name: 'tickets.macros',
        text: `select ${MACRO_COLUMNS} from ticket_macros where company_id = $1 order by lower(title), id limit 500`,
      },
      [ctx.companyId],
    );
    return { items: rows.map(readMacro), nextCursor: null };
  },
});

export const createMacro = operation({
  name: 'tickets.create_macro',
  summary: 'Write a macro',
  http: 'POST /api/tickets/macros',
  cli: 'tickets macros create',
  access: 'write',
  role: 'manager',
  input: z.object({ title: fields.title, text: fields.text.default(''), changes: fields.changes.default({}) }),
  output: Macro,
  errors: [MacroTaken, NotFound],
  async run(ctx, input) {
    await checkMacro(ctx, ctx.companyId, input.changes);
    const [row] = await ctx.query<Macro>(
      {
        name: 'tickets.create_macro',
        text: `insert into ticket_macros (id, company_id, title, text, changes, created_at, updated_at) values ($1, $2, $3, $4, $5, $6, $6) on conflict do nothing returning ${MACRO_COLUMNS}`,
      },
      [newId(), ctx.companyId, input.title, input.text, JSON.stringify(input.changes), ctx.clock.now()],
    );
    if (row === undefined) throw new MacroTaken(`There is a macro “${input.title}” already`);
    return readMacro(row);
  },
});

export const updateMacro = operation({
  name: 'tickets.update_macro',
  summary: 'Change a macro',
  http: 'PATCH /api/tickets/macros/{macro_id}',
  cli: 'tickets macros update',
  access: 'write',
  role: 'manager',
  input: z.object({ macroId: macroId(), title: fields.title.optional(), text: fields.text.optional(), changes: fields.changes.optional() }),
  output: Macro,
  errors: [MacroNotFound, MacroTaken, NotFound],
  async run(ctx, { macroId: id, ...to }) {
    const before = await requireMacro(ctx, ctx.companyId, id);
    ctx.expectVersion(before);
    const after = { ...before, ...to, changes: to.changes ?? before.changes };
    await checkMacro(ctx, ctx.companyId, after.changes);
    const [taken] = await ctx.query(
      { name: 'tickets.macro_taken', text: 'select from ticket_macros where company_id = $1 and title = $2 and id <> $3' },
      [ctx.companyId, after.title, id],
    );
    if (taken !== undefined) throw new MacroTaken(`There is a macro “${after.title}” already`);
    await ctx.query(
      {
        name: 'tickets.update_macro',
        text: 'update ticket_macros set title = $3, text = $4, changes = $5, updated_at = $6 where company_id = $1 and id = $2',
      },
      [ctx.companyId, id, after.title, after.text, JSON.stringify(after.changes), ctx.clock.now()],
    );
    return requireMacro(ctx, ctx.companyId, id);
  },
});

export const deleteMacro = operation({
  name: 'tickets.delete_macro',
  summary: 'Delete a macro; what it did stays',
  http: 'DELETE /api/tickets/macros/{macro_id}',
  cli: 'tickets macros delete',
  access: 'write',
  role: 'manager',
  destructive: true,
  input: z.object({ macroId: macroId() }),
  output: z.object({}),
  errors: [MacroNotFound],
  async run(ctx, input) {
    await requireMacro(ctx, ctx.companyId, input.macroId);
    await ctx.query({ name: 'tickets.delete_macro', text: 'delete from ticket_macros where company_id = $1 and id = $2' }, [
      ctx.companyId,
      input.macroId,
    ]);
    ctx.subject('ticket_macro', input.macroId);
    return {};
  },
});

export const drawMacro = operation({
  name: 'tickets.draw_macro',
  summary: 'The answer that a macro would give on a ticket, and what it would change; nothing is sent or changed',
  http: 'GET /api/tickets/{ticket_id}/macros/{macro_id}',
  access: 'read',
  input: z.object({ ticketId: ticketId(), macroId: macroId() }),
  output: z.object({
    text: z.string(),
    changes: MacroChanges,
    problem: z.string().nullable().describe('A gap that somebody must fill before it is sent'),
  }),
  errors: [TicketNotFound, MacroNotFound],
  async run(ctx, input) {
    await requireTicket(ctx, input.ticketId);
    const macro = await requireMacro(ctx, ctx.companyId, input.macroId);
    return { ...(await macroText(ctx, ctx.companyId, input.ticketId, macro.text)), changes: macro.changes };
  },
});

export const applyMacroToTicket = operation({
  name: 'tickets.apply_macro',
  summary: 'Make the changes of a macro on a ticket; its text is not sent: tickets.reply with the macro does both',
  http: 'POST /api/tickets/{ticket_id}/macros/{macro_id}',
  cli: 'tickets apply-macro',
  access: 'write',
  status: 200,
  input: z.object({ ticketId: ticketId(), macroId: macroId() }),
  output: Ticket,
  errors: [TicketNotFound, MacroNotFound, TicketClosed],
  async run(ctx, input) {
    await requireTicket(ctx, input.ticketId);
    const macro = await requireMacro(ctx, ctx.companyId, input.macroId);
    await changeTicket(ctx, ctx.runtime, {
      companyId: ctx.companyId,
      id: input.ticketId,
      by: 'userId' in ctx.principal ? ctx.principal.userId : null,
      change: (ticket, at) => applyMacro(ticket, macro.changes, at),
    });
    ctx.subject('ticket', input.ticketId);
    ctx.afterCommit(() => ctx.runtime.engine.nudge());
    return requireTicket(ctx, input.ticketId);
  },
});
