import { z } from 'zod';
import type { Transaction } from '#core/database/database.ts';
import { NotFound } from '#core/errors.ts';
import type { Ctx } from '#core/operation/context.ts';
import { REPLY_CLASSES } from '#modules/messages/public.ts';
import { CONVERSATION_STATES } from './tables.ts';

/** There is no such person. */
export class ConversationNotFound extends NotFound {
  override readonly code = 'conversation_not_found';
}

export const personId = () => z.uuid().describe('Id of the person: a conversation is with one person');

/** A conversation as lists show it. */
export const Conversation = z.object({
  personId: z.uuid(),
  name: z.string(),
  email: z.string().nullable(),
  phone: z.string().nullable(),
  state: z.enum(CONVERSATION_STATES),
  assigneeId: z.uuid().nullable(),
  assigneeName: z.string().nullable(),
  snoozedUntil: z.date().nullable().describe('Out of sight until then; something new from the person ends it'),
  lastAt: z.date(),
  inboundAt: z.date().nullable(),
  waitingSince: z.date().nullable().describe('Since when they wait for an answer of a person; null: nobody owes one'),
  unread: z.boolean().describe('They wrote since you looked, and nobody answered; or you said that you have not read it'),
  drafting: z.boolean().describe('You began to write'),
  channel: z.enum(['email', 'sms']).nullable(),
  direction: z.enum(['inbound', 'outbound']).nullable(),
  subject: z.string(),
  preview: z.string().describe('The beginning of the last message'),
  replyClass: z.enum(REPLY_CLASSES).nullable(),
  updatedAt: z.date(),
});
export type Conversation = z.output<typeof Conversation>;

/** Columns and joins of `Conversation`; $1 is the company, $2 the user (null: none), $3 the moment. */
export const CONVERSATION_COLUMNS = `p.id as "personId", coalesce(nullif(p.full_name, ''), p.email, p.phone, 'Somebody') as name, p.email, p.phone, coalesce(c.state, 'done') as state, c.assignee_id as "assigneeId",
  coalesce(nullif(u.full_name, ''), u.username) as "assigneeName", case when c.snoozed_until > $3 then c.snoozed_until end as "snoozedUntil", coalesce(c.last_at, p.created_at) as "lastAt", c.inbound_at as "inboundAt",
  c.waiting_since as "waitingSince", coalesce(c.inbound_at > coalesce(r.read_at, '-infinity') and (c.waiting_since is not null or r.read_at = 'epoch'), false) as unread, d.id is not null as drafting, m.channel, m.direction,
  coalesce(m.subject, '') as subject, left(coalesce(m.new_text, m.text, ''), 200) as preview, m.reply_class as "replyClass", coalesce(c.updated_at, p.updated_at) as "updatedAt"`;
const BESIDE = `
  left join users u on u.id = c.assignee_id left join messages m on m.id = c.last_message_id
  left join conversation_reads r on r.person_id = p.id and r.user_id = $2::uuid
  left join conversation_drafts d on d.person_id = p.id and d.user_id = $2::uuid and btrim(d.text) <> ''`;
export const CONVERSATION_JOINS = `conversations c join people p on p.id = c.person_id ${BESIDE}`;

export const userIdOf = (ctx: Ctx): string | null => ('userId' in ctx.principal ? ctx.principal.userId : null);

/** Somebody who never wrote has an empty one, which is done. @throws ConversationNotFound */
export async function requireConversation(ctx: Ctx, id: string): Promise<Conversation> {
  const [row] = await ctx.query<Conversation>(
    {
      name: 'conversations.get',
      text: `select ${CONVERSATION_COLUMNS} from people p left join conversations c on c.person_id = p.id ${BESIDE} where p.company_id = $1 and p.id = $4`,
    },
    [ctx.companyId, userIdOf(ctx), ctx.clock.now(), id],
  );
  if (row === undefined) throw new ConversationNotFound('There is no such person; list those who wrote with GET /api/conversations');
  return row;
}

/** Makes sure that there is one, and holds it until this transaction ends: who writes at the same moment waits. */
export async function holdConversation(tx: Transaction, companyId: string, id: string, now: Date): Promise<void> {
  await tx.query(
    {
      name: 'conversations.make',
      text: `insert into conversations (person_id, company_id, state, last_at, created_at, updated_at)
             select p.id, $1, 'done', $3, $3, $3 from people p where p.id = $2 and p.company_id = $1 on conflict (person_id) do nothing`,
    },
    [companyId, id, now],
  );
  await tx.query({ name: 'conversations.hold', text: 'select from conversations where company_id = $1 and person_id = $2 for update' }, [
    companyId,
    id,
  ]);
}
