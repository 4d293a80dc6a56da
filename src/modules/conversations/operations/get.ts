import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { pageInput, pageOf, toPage } from '#core/operation/page.ts';
import { MESSAGE_STATES, REPLY_CLASSES } from '#modules/messages/public.ts';
import { Conversation, ConversationNotFound, personId, requireConversation, userIdOf } from '../conversation.ts';
import { positionOf } from '#modules/people/public.ts';
import { answerable } from './send.ts';
import { onlookers, Onlooker } from './presence.ts';

const Entry = z.object({
  id: z.uuid(),
  direction: z.enum(['outbound', 'inbound']),
  channel: z.enum(['email', 'sms']),
  class: z.enum(['commercial', 'transactional']),
  state: z.enum(MESSAGE_STATES),
  stateReason: z.string().nullable(),
  ledger: z.enum(['reserved', 'handed', 'confirmed', 'refused', 'in_doubt']).nullable().describe('Where its entry in the ledger stands'),
  delivery: z.string().nullable().describe('What the vendor told of it since'),
  dueAt: z.date().nullable(),
  sentAt: z.date().nullable(),
  createdAt: z.date(),
  fromName: z.string(),
  fromAddress: z.string().describe('Address or number'),
  toAddress: z.string(),
  subject: z.string(),
  text: z.string().describe('What was written; of mail that came in without what it quotes'),
  folded: z.boolean().describe('There is more than `text`: a quoted mail, a signature. messages.get has it all'),
  personal: z.boolean().describe('Typed by a person, to this one person'),
  authorName: z.string().nullable(),
  workflow: z.string().nullable(),
  auto: z.boolean().describe('Written by a machine'),
  replyClass: z.enum(REPLY_CLASSES).nullable(),
  replyConfidence: z.number().nullable(),
  replyReasons: z.array(z.string()),
  replyReturnAt: z.date().nullable(),
  classifiedBy: z.enum(['rules', 'model', 'person']).nullable(),
  files: z
    .array(z.object({ id: z.uuid(), name: z.string(), type: z.string(), sizeBytes: z.int() }))
    .describe('Attachments, as files of the person'),
});
type Entry = z.output<typeof Entry>;

const Note = z.object({
  id: z.uuid(),
  text: z.string(),
  authorName: z.string().nullable(),
  createdAt: z.date(),
});

const COLUMNS = `m.id, m.direction, m.channel, m.class, m.state, m.state_reason as "stateReason", e.state as ledger, m.delivery, m.due_at as "dueAt", m.sent_at as "sentAt", m.created_at as "createdAt",
  m.from_name as "fromName", coalesce(m.from_phone, m.from_email) as "fromAddress", coalesce(m.to_phone, m.to_email) as "toAddress", m.subject,
  case when m.direction = 'inbound' then coalesce(m.new_text, m.text) else m.text end as text,
  m.direction = 'inbound' and m.new_text is not null and length(m.text) > length(m.new_text) + 2 as folded, m.personal,
  coalesce(nullif(u.full_name, ''), u.username) as "authorName", m.workflow, m.auto, m.reply_class as "replyClass", m.reply_confidence as "replyConfidence",
  coalesce(m.reply_reasons, '[]') as "replyReasons", m.reply_return_at as "replyReturnAt", m.classified_by as "classifiedBy",
  coalesce((select jsonb_agg(jsonb_build_object('id', f.id, 'name', f.name, 'type', f.type, 'sizeBytes', f.size_bytes) order by f.id)
    from message_files a join person_files f on f.id = a.file_id where a.message_id = m.id), '[]') as files`;
/** messages_person serves it; mails with sign-in links are none of a conversation. */
const statement = (after: boolean): Statement => ({
  name: `conversations.messages${after ? '.after' : ''}`,
  text: `select ${COLUMNS} from messages m left join effects e on e.id = m.effect_id left join users u on u.id = m.author_id
          where m.company_id = $1 and m.person_id = $2 and not m.sensitive ${after ? 'and (m.created_at, m.id) < ($4::timestamptz, $5::uuid)' : ''}
          order by m.created_at desc, m.id desc limit $3`,
});
const NOTES: Statement = {
  name: 'conversations.notes',
  text: `select i.id, i.content as text, coalesce(nullif(u.full_name, ''), u.username) as "authorName", i.created_at as "createdAt"
           from interactions i left join users u on u.id = i.created_by
          where i.company_id = $1 and i.person_id = $2 and i.type = 'note' order by i.created_at desc limit 200`,
};

const Way = z.object({
  to: z.string().nullable().describe('Where it would go; null: there is no address or number'),
  answers: z
    .object({ messageId: z.uuid(), at: z.date(), subject: z.string() })
    .nullable()
    .describe('Their message that a new one of yours answers; null: it would be a message of its own, with its own class'),
});

const Draft = z.object({ id: z.uuid(), channel: z.enum(['email', 'sms']), subject: z.string(), text: z.string(), updatedAt: z.date() });

async function messagesOf(ctx: Ctx, person: string, limit: number, cursor: string | undefined) {
  const rows = await ctx.query<Entry>(statement(cursor !== undefined), [
    ctx.companyId,
    person,
    limit + 1,
    ...(cursor === undefined ? [] : positionOf(cursor)),
  ]);
  return toPage(rows, limit, (row) => [row.createdAt.getTime(), row.id]);
}

export const listConversationMessages = operation({
  name: 'conversations.messages',
  summary: 'What was said with one person across mail and SMS, newest first',
  http: 'GET /api/conversations/{person_id}/messages',
  cli: 'conversations messages',
  access: 'read',
  input: z.object({ personId: personId(), ...pageInput }),
  output: pageOf(Entry),
  errors: [ConversationNotFound],
  async run(ctx, { personId: person, limit, cursor }) {
    await requireConversation(ctx, person);
    return messagesOf(ctx, person, limit, cursor);
  },
});

export const getConversation = operation({
  name: 'conversations.get',
  summary: 'The conversation with one person across mail and SMS: messages and notes, newest first, and who else is at it',
  http: 'GET /api/conversations/{person_id}',
  cli: 'conversations get',
  access: 'read',
  input: z.object({ personId: personId(), limit: pageInput.limit }),
  output: z.object({
    conversation: Conversation,
    messages: z.array(Entry),
    notes: z.array(Note).describe('Internal: nobody outside sees them'),
    nextCursor: z.string().nullable().describe('Older messages: conversations.messages takes it'),
    ways: z.object({ email: Way, sms: Way }),
    draft: Draft.nullable().describe('What you began to write'),
    onlookers: z.array(Onlooker).describe('Who else looks at it, and who is typing'),
  }),
  errors: [ConversationNotFound],
  async run(ctx, { personId: person, limit }) {
    const conversation = await requireConversation(ctx, person);
    const { items, nextCursor } = await messagesOf(ctx, person, limit, undefined);
    const [notes, drafts, ways, others] = await Promise.all([
      ctx.query<z.output<typeof Note>>(NOTES, [ctx.companyId, person]),
      ctx.query<z.output<typeof Draft>>(
        {
          name: 'conversations.draft',
          text: `select id, channel, subject, text, updated_at as "updatedAt" from conversation_drafts where company_id = $1 and person_id = $2 and user_id = $3`,
        },
        [ctx.companyId, person, userIdOf(ctx)],
      ),
      answerable(ctx, person),
      onlookers(ctx, person),
    ]);
    const way = (channel: 'email' | 'sms', known: string | null) => {
      const answers = ways.get(channel);
      return answers === undefined
        ? { to: known, answers: null }
        : { to: answers.from, answers: { messageId: answers.messageId, at: answers.at, subject: answers.subject } };
    };
    return {
      conversation,
      messages: items,
      notes,
      nextCursor,
      ways: { email: way('email', conversation.email), sms: way('sms', conversation.phone) },
      draft: drafts[0] ?? null,
      onlookers: others,
    };
  },
});
