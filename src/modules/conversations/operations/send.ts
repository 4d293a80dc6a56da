import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { Conflict, InvalidInput } from '#core/errors.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { answerSubject, messageOfKey, writeByHand, type Answered, type Before } from '#modules/messages/public.ts';
import { getPerson, PersonNotFound } from '#modules/people/public.ts';
import { holdConversation, personId, userIdOf } from '../conversation.ts';
import { refreshConversations } from '../follow.ts';
import { draftKey } from './drafts.ts';

/** Somebody else answered, or the person wrote again, since the writer looked. Nothing was sent. */
export class AnsweredMeanwhile extends Conflict {
  override readonly code = 'answered_meanwhile';
}

/** Until so long after they wrote, what a person of ours types is an answer to it (docs/adr/0050-answers-by-hand.md). */
const ANSWER_DAYS = 180;

interface Theirs extends Before, Answered {
  readonly channel: 'email' | 'sms';
  readonly subject: string;
  readonly from: string;
}

/** The last message of theirs on each channel that an answer can rest on. messages_person serves it. */
const THEIRS: Statement = {
  name: 'conversations.theirs',
  text: `select distinct on (m.channel) m.id, m.channel, m.thread_id as "threadId", m.message_id as "messageId", m.headers, m.subject, coalesce(m.from_phone, m.from_email) as "from",
           m.created_at as "createdAt", m.reply_class as "replyClass", m.classified_by as "classifiedBy"
         from messages m where m.company_id = $1 and m.person_id = $2 and m.direction = 'inbound' and not m.auto and m.created_at >= $3
          order by m.channel, m.created_at desc, m.id desc`,
};
/** The last message of a thread that is out, or came in: a mail program hangs the next one below it. */
const LAST_OF_THREAD: Statement = {
  name: 'conversations.last_of_thread',
  text: `select m.id, m.thread_id as "threadId", m.message_id as "messageId", m.headers, array(
             select t.message_id from messages t where t.thread_id = m.thread_id and t.company_id = $1 and t.channel = 'email' and t.message_id is not null
                and t.state in ('sent', 'captured', 'in_doubt', 'received', 'queued') order by t.created_at, t.id) as thread
           from messages m where m.company_id = $1 and m.thread_id = $2 and m.channel = 'email' and m.state in ('sent', 'captured', 'in_doubt', 'received', 'queued')
          order by m.created_at desc, m.id desc limit 1`,
};
/** What a writer who saw $3 has not seen: from the person, or by another hand. */
const MEANWHILE: Statement = {
  name: 'conversations.meanwhile',
  text: `select m.direction, coalesce(nullif(u.full_name, ''), u.username, nullif(m.from_name, ''), 'They') as name, left(coalesce(m.new_text, m.text), 120) as text
           from messages m left join users u on u.id = m.author_id
          where m.company_id = $1 and m.person_id = $2 and (m.created_at, m.id) > (select s.created_at, s.id from messages s where s.id = $3 and s.company_id = $1 and s.person_id = $2)
            and ((m.direction = 'inbound' and not m.auto) or (m.personal and m.state <> 'blocked')) order by m.created_at desc limit 1`,
};

function theirs(ctx: Ctx, person: string): Promise<Theirs[]> {
  const since = new Date(ctx.clock.now().getTime() - ANSWER_DAYS * 86_400_000);
  return ctx.query<Theirs>(THEIRS, [ctx.companyId, person, since]);
}

/** By channel: what a message of ours would answer. */
export async function answerable(ctx: Ctx, person: string) {
  const rows = await theirs(ctx, person);
  return new Map(rows.map((row) => [row.channel, { messageId: row.id, at: row.createdAt, subject: row.subject, from: row.from }]));
}

export const sendToPerson = operation({
  name: 'conversations.send',
  summary: 'Write to one person by hand: the answer to what they wrote, or a message of its own. Once for each draft',
  http: 'POST /api/conversations/{person_id}/messages',
  cli: 'conversations send',
  access: 'write',
  status: 201,
  input: z.object({
    personId: personId(),
    draftId: z.uuid().optional().describe('Makes it one, however often it is sent'),
    channel: z.enum(['email', 'sms']).default('email'),
    subject: z.string().trim().min(1).max(500).optional().describe('Default of an answer: Re: and theirs'),
    text: z.string().trim().min(1).max(50_000),
    class: z
      .enum(['commercial', 'transactional'])
      .optional()
      .describe(
        'Of a message that answers nothing: commercial (it offers something; the default) or transactional (about what they have with you)',
      ),
    seenId: z.uuid().optional().describe('The last message that you had seen: what came after it is warned of'),
    anyway: z.boolean().default(false).describe('Send although somebody answered or wrote meanwhile'),
    done: z.boolean().default(false).describe('The conversation is done then'),
  }),
  output: z.object({
    id: z.uuid(),
    state: z.string().describe('queued: it leaves (or is captured) in a moment, or when reasons say; blocked: see reasons'),
    answers: z.boolean().describe('It is the answer to what they wrote'),
    reasons: z.array(z.string()),
  }),
  errors: [PersonNotFound, AnsweredMeanwhile],
  async run(ctx, input) {
    const { companyId } = ctx;
    const now = ctx.clock.now();
    const person = await getPerson(ctx, companyId, input.personId);
    await holdConversation(ctx, companyId, input.personId, now);
    const key = input.draftId === undefined ? null : draftKey(input.draftId);
    const before = key === null ? undefined : await messageOfKey(ctx, companyId, key);
    if (before !== undefined) return { id: before.id, state: before.state, answers: before.replyToId !== null, reasons: before.reasons };
    if (!input.anyway && input.seenId !== undefined) await refuseIfAnswered(ctx, input.personId, input.seenId);

    const found = (await theirs(ctx, input.personId)).find((row) => row.channel === input.channel);
    const address = found?.from ?? (input.channel === 'sms' ? person.phone : person.email);
    if (address === null)
      throw new InvalidInput(`This person has no ${input.channel === 'sms' ? 'phone number' : 'email address'}; add one on their page`, {
        fields: [{ path: 'channel', message: 'nothing to write to' }],
      });
    const [last] =
      found === undefined || input.channel === 'sms' ? [] : await ctx.query<Before>(LAST_OF_THREAD, [companyId, found.threadId]);
    const subject = input.subject ?? (found === undefined ? undefined : answerSubject(found.subject));
    if (input.channel === 'email' && subject === undefined)
      throw new InvalidInput('A mail of its own needs a subject', { fields: [{ path: 'subject', message: 'is missing' }] });
    const written = await writeByHand(ctx, ctx.runtime, {
      companyId,
      authorId: userIdOf(ctx),
      channel: input.channel,
      class: found === undefined ? (input.class ?? 'commercial') : 'transactional',
      personId: input.personId,
      leadId: null,
      to: { name: person.fullName, address },
      subject: input.channel === 'sms' ? '' : (subject ?? ''),
      text: input.text,
      key,
      follows: last ?? found ?? null,
      answers: found ?? null,
    });
    await settle(ctx, input.personId, written.state === 'blocked' ? 'kept' : input.done ? 'done' : 'sent');
    ctx.subject('message', written.id);
    ctx.afterCommit(() => ctx.runtime.engine.nudge());
    return {
      id: written.id,
      state: written.state,
      answers: found !== undefined,
      reasons: written.verdict.reasons.map((reason) => `${reason.says}. ${reason.fix}`),
    };
  },
});

/** @throws AnsweredMeanwhile */
async function refuseIfAnswered(ctx: Ctx, person: string, seenId: string): Promise<void> {
  const [row] = await ctx.query<{ direction: string; name: string; text: string }>(MEANWHILE, [ctx.companyId, person, seenId]);
  if (row === undefined) return;
  const what = row.direction === 'inbound' ? 'wrote again' : 'answered';
  throw new AnsweredMeanwhile(`${row.name} ${what} while you were writing: “${row.text.replace(/\s+/g, ' ').trim()}”`);
}

/** What was sent is no draft any more; the writer has seen everything. A blocked message leaves the draft to its writer. */
async function settle(ctx: Ctx, person: string, how: 'sent' | 'done' | 'kept'): Promise<void> {
  const me = userIdOf(ctx);
  const now = ctx.clock.now();
  if (how !== 'kept') {
    await ctx.query(
      {
        name: 'conversations.drop_draft',
        text: 'delete from conversation_drafts where company_id = $1 and person_id = $2 and user_id = $3',
      },
      [ctx.companyId, person, me],
    );
    await ctx.query(
      {
        name: 'conversations.answered',
        text: `update conversations set state = case when $4 then 'done' else 'open' end, snoozed_until = null, snoozed_by = null, done_at = case when $4 then $3::timestamptz else done_at end,
                 done_by = case when $4 then $5::uuid else done_by end, assignee_id = coalesce(assignee_id, $5::uuid) where company_id = $1 and person_id = $2`,
      },
      [ctx.companyId, person, now, how === 'done', me],
    );
  }
  if (me !== null)
    await ctx.query(
      {
        name: 'conversations.seen',
        text: `insert into conversation_reads (company_id, person_id, user_id, read_at) values ($1, $2, $3, $4)
               on conflict (person_id, user_id) do update set read_at = excluded.read_at`,
      },
      [ctx.companyId, person, me, now],
    );
  await refreshConversations(ctx, ctx.runtime, ctx.companyId, [person]);
}
