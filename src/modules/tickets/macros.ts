import { z } from 'zod';
import type { Transaction } from '#core/database/database.ts';
import { Conflict, NotFound } from '#core/errors.ts';
import { BrokenTemplate, renderLiquid, UnresolvedVariable } from '#modules/messages/public.ts';
import { requireUser } from '#modules/people/public.ts';
import { requireOpen, setState } from './state.ts';
import { ticketSubject } from './subject.ts';
import { Priority, State, Tags, type TicketRow } from './ticket.ts';

/** There is no such macro. */
export class MacroNotFound extends NotFound {
  override readonly code = 'macro_not_found';
}
/** A macro of this title is there already. */
export class MacroTaken extends Conflict {
  override readonly code = 'macro_taken';
}

/** What a macro makes of a ticket; what is left out stays. */
export const MacroChanges = z.object({
  state: State.optional().describe('Of the ticket once it is applied'),
  priority: Priority.optional(),
  assigneeId: z.uuid().nullish(),
  addTags: Tags.optional(),
  removeTags: Tags.optional(),
});
export type MacroChanges = z.output<typeof MacroChanges>;

export const Macro = z.object({
  id: z.uuid(),
  title: z.string(),
  text: z.string().describe('Liquid: Hello {{ person.first_name }}, … Empty: it only changes something'),
  changes: MacroChanges,
  createdAt: z.date(),
  updatedAt: z.date(),
});
export type Macro = z.output<typeof Macro>;

export const MACRO_COLUMNS = `id, title, text, changes, created_at as "createdAt", updated_at as "updatedAt"`;

/** Changes as they were stored; what no longer fits is left out. */
export const readMacro = (row: Macro): Macro => ({ ...row, changes: MacroChanges.safeParse(row.changes).data ?? {} });

/** @throws MacroNotFound */
export async function requireMacro(tx: Transaction, companyId: string, id: string): Promise<Macro> {
  const [row] = await tx.query<Macro>(
    { name: 'tickets.macro', text: `select ${MACRO_COLUMNS} from ticket_macros where company_id = $1 and id = $2` },
    [companyId, id],
  );
  if (row === undefined) throw new MacroNotFound('There is no such macro; list them with GET /api/tickets/macros');
  return readMacro(row);
}

/** Who it gives tickets to must be there. @throws NotFound */
export const checkMacro = (tx: Transaction, companyId: string, { assigneeId }: MacroChanges): Promise<void> =>
  requireUser(tx, companyId, assigneeId);

/** Its changes, but for the state where an answer decides that. */
export function applyMacro(
  ticket: TicketRow,
  { state, priority, assigneeId, addTags = [], removeTags = [] }: MacroChanges,
  at: Date,
): void {
  if (state !== undefined && state !== ticket.state) requireOpen(ticket);
  if (priority !== undefined) ticket.priority = priority;
  if (assigneeId !== undefined) ticket.assigneeId = assigneeId;
  ticket.tags = [...new Set([...ticket.tags.filter((tag) => !removeTags.includes(tag)), ...addTags])];
  if (state !== undefined) setState(ticket, state, at);
}

/** Its text with what is known of the ticket and its person. A gap stays as it is written, and is named: somebody reads it before it is sent. */
export async function macroText(
  tx: Transaction,
  companyId: string,
  ticketId: string,
  source: string,
): Promise<{ text: string; problem: string | null }> {
  const facts = (await ticketSubject.load(tx, [{ companyId, id: ticketId }])).get(ticketId)?.facts ?? {};
  try {
    return { text: renderLiquid(source, facts), problem: null };
  } catch (error) {
    if (error instanceof UnresolvedVariable || error instanceof BrokenTemplate) return { text: source, problem: error.message };
    throw error;
  }
}
