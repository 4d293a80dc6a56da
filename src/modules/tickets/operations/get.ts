import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { operation } from '#core/operation/operation.ts';
import { MESSAGE_STATES } from '#modules/messages/public.ts';
import { entryFiles } from '../entries.ts';
import { ENTRY_KINDS } from '../tables.ts';
import { requireTicket, Ticket, ticketId, TicketNotFound } from '../ticket.ts';

/** More lines than this a ticket does not show at once. */
const MOST_ENTRIES = 500;

const Entry = z.object({
  id: z.uuid(),
  kind: z
    .enum(ENTRY_KINDS)
    .describe('message: a mail; web: what they wrote on a page or told a colleague; note: internal; change: what was done'),
  inbound: z.boolean().nullable(),
  auto: z.boolean().describe('Written by a machine'),
  text: z.string().describe('Of mail that came in without what it quotes'),
  folded: z.boolean().describe('There is more than `text`; messages.get has it all'),
  messageId: z.uuid().nullable(),
  subject: z.string().nullable(),
  fromName: z.string().nullable(),
  fromAddress: z.string().nullable(),
  toAddress: z.string().nullable(),
  state: z.enum(MESSAGE_STATES).nullable().describe('Where the mail stands'),
  stateReason: z.string().nullable(),
  authorName: z.string().nullable(),
  change: z.record(z.string(), z.unknown()).nullable().describe('What was changed: [before, after] by field'),
  files: z
    .array(z.object({ id: z.uuid(), name: z.string(), type: z.string(), sizeBytes: z.int() }))
    .describe('Attachments, as files of the person'),
  createdAt: z.date(),
});

const ENTRIES: Statement = {
  name: 'tickets.entries',
  text: `select * from (select e.id, e.kind, e.inbound, e.auto,
           case when e.kind <> 'message' then e.text when m.direction = 'inbound' then coalesce(m.new_text, m.text) else m.text end as text,
           coalesce(m.direction = 'inbound' and m.new_text is not null and length(m.text) > length(m.new_text) + 2, false) as folded, e.message_id as "messageId", m.subject,
           m.from_name as "fromName", m.from_email as "fromAddress", nullif(m.to_email, '') as "toAddress", m.state, m.state_reason as "stateReason",
           coalesce(nullif(u.full_name, ''), u.username) as "authorName",
           case when e.change ? 'assignee_id' then e.change || jsonb_build_object('assignee', jsonb_build_array(
             (select coalesce(nullif(a.full_name, ''), a.username) from users a where a.id::text = e.change -> 'assignee_id' ->> 0),
             (select coalesce(nullif(a.full_name, ''), a.username) from users a where a.id::text = e.change -> 'assignee_id' ->> 1))) else e.change end as change,
           ${entryFiles('e')} as files,
           e.created_at as "createdAt"
         from ticket_entries e left join messages m on m.id = e.message_id left join users u on u.id = e.author_id
        where e.company_id = $1 and e.ticket_id = $2 order by e.created_at desc, e.id desc limit ${MOST_ENTRIES}) newest order by "createdAt", id`,
};

const RATING: Statement = {
  name: 'tickets.rating',
  text: 'select score, comment, updated_at as at from ticket_ratings where company_id = $1 and ticket_id = $2',
};

export const getTicket = operation({
  name: 'tickets.get',
  summary: 'A ticket with everything that happened on it, oldest first',
  http: 'GET /api/tickets/{ticket_id}',
  cli: 'tickets get',
  access: 'read',
  input: z.object({ ticketId: ticketId() }),
  output: z.object({
    ticket: Ticket,
    entries: z.array(Entry),
    rating: z
      .object({ score: z.int().describe('1, very bad, to 5, very good'), comment: z.string(), at: z.date() })
      .nullable()
      .describe('How they found the help'),
  }),
  errors: [TicketNotFound],
  async run(ctx, input) {
    const ticket = await requireTicket(ctx, input.ticketId);
    const [entries, [rating]] = await Promise.all([
      ctx.query<z.output<typeof Entry>>(ENTRIES, [ctx.companyId, ticket.id]),
      ctx.query<{ score: number; comment: string; at: Date }>(RATING, [ctx.companyId, ticket.id]),
    ]);
    return { ticket, entries, rating: rating ?? null };
  },
});
