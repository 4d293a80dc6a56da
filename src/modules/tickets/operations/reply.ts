import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { Conflict, InvalidInput } from '#core/errors.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import {
  answerSubject,
  LARGEST_TOGETHER,
  messageOfKey,
  writeByHand,
  type Answered,
  type Before,
  type PersonAttachment,
} from '#modules/messages/public.ts';
import { getPerson } from '#modules/people/public.ts';
import { changeTicket } from '../change.ts';
import { addEntries } from '../entries.ts';
import { applyMacro, MacroNotFound, requireMacro } from '../macros.ts';
import { requireOpen, setState, weAnswered } from '../state.ts';
import { requireTicket, State, Ticket, TicketClosed, ticketId, TicketNotFound } from '../ticket.ts';

/** Somebody else answered, or the customer wrote again, since the writer looked. Nothing was sent. */
export class TicketAnsweredMeanwhile extends Conflict {
  override readonly code = 'ticket_answered_meanwhile';
}

/** Their last mail on this ticket: what an answer rests on, and where it goes. */
const THEIRS: Statement = {
  name: 'tickets.theirs',
  text: `select m.id, m.thread_id as "threadId", m.message_id as "messageId", m.headers, m.subject, m.from_email as "from", m.created_at as "createdAt", m.reply_class as "replyClass",
           m.classified_by as "classifiedBy"
         from ticket_entries e join messages m on m.id = e.message_id
        where e.company_id = $1 and e.ticket_id = $2 and m.direction = 'inbound' and m.channel = 'email' and not m.auto order by m.created_at desc, m.id desc limit 1`,
};
/** The last mail of the ticket that is out, or came in, with the chain of its thread: a mail program hangs the next one below it. */
const LAST: Statement = {
  name: 'tickets.last_mail',
  text: `select m.id, m.thread_id as "threadId", m.message_id as "messageId", m.headers, array(
             select x.message_id from messages x where x.thread_id = m.thread_id and x.company_id = $1 and x.channel = 'email' and x.message_id is not null
                and x.state in ('sent', 'captured', 'in_doubt', 'received', 'queued') order by x.created_at, x.id) as thread
           from ticket_entries e join messages m on m.id = e.message_id
          where e.company_id = $1 and e.ticket_id = $2 and m.channel = 'email' and m.state in ('sent', 'captured', 'in_doubt', 'received', 'queued')
          order by m.created_at desc, m.id desc limit 1`,
};
/** What a writer who saw $3 has not seen: from the customer, or by another hand. */
const MEANWHILE: Statement = {
  name: 'tickets.meanwhile',
  text: `select e.inbound, coalesce(nullif(u.full_name, ''), u.username, nullif(m.from_name, ''), 'They') as name, left(coalesce(nullif(e.text, ''), m.new_text, m.text, ''), 120) as text
           from ticket_entries e left join messages m on m.id = e.message_id left join users u on u.id = e.author_id
          where e.company_id = $1 and e.ticket_id = $2 and e.kind in ('message', 'web') and not e.auto and m.state is distinct from 'blocked'
            and (e.created_at, e.id) > (select s.created_at, s.id from ticket_entries s where s.id = $3 and s.company_id = $1 and s.ticket_id = $2)
          order by e.created_at desc limit 1`,
};

interface Theirs extends Before, Answered {
  readonly subject: string;
  readonly from: string;
}

export const replyToTicket = operation({
  name: 'tickets.reply',
  summary: 'Answer a ticket by mail, in its thread, and say what it waits for then. Once for each draft',
  http: 'POST /api/tickets/{ticket_id}/replies',
  cli: 'tickets reply',
  access: 'write',
  status: 201,
  input: z.object({
    ticketId: ticketId(),
    text: z.string().trim().min(1).max(50_000),
    state: State.default('pending').describe('Of the ticket afterwards; pending: it waits for the customer, and its clocks rest'),
    fileIds: z.array(z.uuid()).max(10).default([]).describe('Files of the person that go with it (people add-file), 15 MB together'),
    macroId: z.uuid().optional().describe('A macro whose changes are made as well; the state is that of this answer'),
    draftId: z.uuid().optional().describe('Makes it one, however often it is sent'),
    seenId: z.uuid().optional().describe('The last line of the ticket that you had seen: what came after it is warned of'),
    anyway: z.boolean().default(false).describe('Send although somebody answered or wrote meanwhile'),
  }),
  output: z.object({
    id: z.uuid().describe('Of the message'),
    messageState: z.string().describe('queued: it leaves (or is captured) in a moment, or when reasons say; blocked: see reasons'),
    reasons: z.array(z.string()),
    ticket: Ticket,
  }),
  errors: [TicketNotFound, TicketClosed, TicketAnsweredMeanwhile, MacroNotFound],
  async run(ctx, input) {
    const { companyId } = ctx;
    // Held first: of two who press Send together, the second is told of the first.
    const held = await changeTicket(ctx, ctx.runtime, { companyId, id: input.ticketId, by: userOf(ctx), change: () => undefined });
    const key = input.draftId === undefined ? null : `ticket:${input.draftId}`;
    const before = key === null ? undefined : await messageOfKey(ctx, companyId, key);
    if (before !== undefined)
      return { id: before.id, messageState: before.state, reasons: before.reasons, ticket: await requireTicket(ctx, input.ticketId) };
    requireOpen(held);
    const macro = input.macroId === undefined ? null : await requireMacro(ctx, companyId, input.macroId);
    if (!input.anyway && input.seenId !== undefined) await refuseIfAnswered(ctx, input.ticketId, input.seenId);
    const person = await getPerson(ctx, companyId, held.personId);
    const [theirs] = await ctx.query<Theirs>(THEIRS, [companyId, input.ticketId]);
    const [last] = await ctx.query<Before>(LAST, [companyId, input.ticketId]);
    const address = theirs?.from ?? person.email;
    if (address === null)
      throw new InvalidInput('This person has no email address; add one on their page', {
        fields: [{ path: 'text', message: 'there is nowhere to send it' }],
      });
    const attachments = await attachmentsOf(ctx, held.personId, input.fileIds);
    const subject = theirs?.subject || held.subject;
    const written = await writeByHand(ctx, ctx.runtime, {
      companyId,
      authorId: userOf(ctx),
      channel: 'email',
      class: 'transactional', // they asked for it: see docs/adr/0050-answers-by-hand.md
      personId: held.personId,
      leadId: null,
      to: { name: person.fullName, address },
      subject: last === undefined ? subject || `Ticket #${held.number}` : answerSubject(subject),
      text: input.text,
      key,
      follows: last ?? null,
      answers: theirs ?? null,
      attachments,
    });
    await addEntries(
      ctx,
      companyId,
      [{ ticketId: held.id, kind: 'message', messageId: written.id, inbound: false, authorId: userOf(ctx) }],
      ctx.clock.now(),
    );
    if (written.state !== 'blocked')
      await changeTicket(ctx, ctx.runtime, {
        companyId,
        id: held.id,
        by: userOf(ctx),
        change(ticket, at) {
          weAnswered(ticket, at);
          if (macro !== null) applyMacro(ticket, { ...macro.changes, state: undefined }, at);
          ticket.assigneeId ??= userOf(ctx);
          setState(ticket, input.state, at);
        },
      });
    ctx.subject('message', written.id);
    ctx.afterCommit(() => ctx.runtime.engine.nudge());
    return {
      id: written.id,
      messageState: written.state,
      reasons: written.verdict.reasons.map((reason) => `${reason.says}. ${reason.fix}`),
      ticket: await requireTicket(ctx, held.id),
    };
  },
});

const FILES: Statement = {
  name: 'tickets.reply_files',
  text: `select f.id as "fileId", f.name as filename, f.type as "contentType", f.size_bytes as size from unnest($3::uuid[]) with ordinality as w(id, place)
           join person_files f on f.id = w.id and f.company_id = $1 and f.person_id = $2 and f.complete order by w.place`,
};

/** @throws InvalidInput one is not theirs, or they are too large together */
async function attachmentsOf(ctx: Ctx, personId: string, ids: readonly string[]): Promise<PersonAttachment[]> {
  if (ids.length === 0) return [];
  const files = await ctx.query<PersonAttachment>(FILES, [ctx.companyId, personId, [...new Set(ids)]]);
  const wrong = (says: string, message: string) => new InvalidInput(says, { fields: [{ path: 'file_ids', message }] });
  if (files.length < new Set(ids).size)
    throw wrong('A file to go with the answer is not on this person; add it there first', 'is not on this person');
  if (files.reduce((sum, one) => sum + one.size, 0) > LARGEST_TOGETHER)
    throw wrong(
      `The files are larger than ${LARGEST_TOGETHER / 1_000_000} MB together; leave one out, or show it on the client’s page`,
      'are too large together',
    );
  return files;
}

const userOf = (ctx: Ctx): string | null => ('userId' in ctx.principal ? ctx.principal.userId : null);

/** @throws TicketAnsweredMeanwhile */
async function refuseIfAnswered(ctx: Ctx, ticket: string, seenId: string): Promise<void> {
  const [row] = await ctx.query<{ inbound: boolean | null; name: string; text: string }>(MEANWHILE, [ctx.companyId, ticket, seenId]);
  if (row === undefined) return;
  const what = row.inbound === true ? 'wrote again' : 'answered';
  throw new TicketAnsweredMeanwhile(`${row.name} ${what} while you were writing: “${row.text.replace(/\s+/g, ' ').trim()}”`);
}
