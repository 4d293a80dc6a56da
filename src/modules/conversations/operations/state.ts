import { z } from 'zod';
import type { Ctx } from '#core/operation/context.ts';
import { InvalidInput } from '#core/errors.ts';
import { operation } from '#core/operation/operation.ts';
import { notify } from '#modules/notifications/public.ts';
import { requireUser } from '#modules/people/public.ts';
import { Conversation, ConversationNotFound, holdConversation, personId, requireConversation, userIdOf } from '../conversation.ts';
import { tellPages } from '../tell.ts';

/** A snooze longer than this is a task, not a snooze. */
const LONGEST_DAYS = 366;

/** Writes some columns and answers the conversation as it then is. `set` is ours; its values begin with $4. */
async function change(ctx: Ctx, person: string, name: string, set: string, values: readonly unknown[]): Promise<Conversation> {
  await holdConversation(ctx, ctx.companyId, person, ctx.clock.now());
  await ctx.query(
    {
      name: `conversations.${name}`,
      text: `update conversations set ${set}, updated_at = $3 where company_id = $1 and person_id = $2`,
    },
    [ctx.companyId, person, ctx.clock.now(), ...values],
  );
  ctx.subject('conversation', person);
  await tellPages(ctx, ctx.companyId, [person]);
  return requireConversation(ctx, person);
}

export const assignConversation = operation({
  name: 'conversations.assign',
  summary: 'Give a conversation to somebody, who is told; null: to nobody',
  http: 'PUT /api/conversations/{person_id}/assignee',
  cli: 'conversations assign',
  access: 'write',
  input: z.object({ personId: personId(), assigneeId: z.uuid().nullable() }),
  output: Conversation,
  errors: [ConversationNotFound],
  async run(ctx, { personId: person, assigneeId }) {
    const before = await requireConversation(ctx, person);
    ctx.expectVersion(before);
    if (assigneeId !== null) await requireUser(ctx, ctx.companyId, assigneeId);
    const after = await change(ctx, person, 'assign', 'assignee_id = $4', [assigneeId]);
    if (assigneeId !== null && assigneeId !== before.assigneeId && assigneeId !== userIdOf(ctx))
      await notify(ctx, ctx.runtime, [
        {
          companyId: ctx.companyId,
          userId: assigneeId,
          personId: person,
          kind: 'conversation_assigned',
          title: `Yours now: the conversation with ${after.name}`,
          body: after.preview,
          link: `/conversations/${person}`,
          key: `conversation_assigned:${person}:${ctx.clock.now().getTime()}`,
        },
      ]);
    return after;
  },
});

export const snoozeConversation = operation({
  name: 'conversations.snooze',
  summary: 'Put a conversation out of sight until a moment; it comes back by itself, and at once when the person writes. null: now',
  http: 'PUT /api/conversations/{person_id}/snooze',
  cli: 'conversations snooze',
  access: 'write',
  input: z.object({ personId: personId(), until: z.coerce.date().nullable() }),
  output: Conversation,
  errors: [ConversationNotFound],
  async run(ctx, { personId: person, until }) {
    ctx.expectVersion(await requireConversation(ctx, person));
    const now = ctx.clock.now().getTime();
    if (until !== null && (until.getTime() <= now || until.getTime() > now + LONGEST_DAYS * 86_400_000))
      throw new InvalidInput('until must be in the future, and within a year', {
        fields: [{ path: 'until', message: 'is not in the coming year' }],
      });
    return change(
      ctx,
      person,
      'snooze',
      `snoozed_until = $4, snoozed_by = $5, state = case when $4::timestamptz is null then state else 'open' end`,
      [until, until === null ? null : userIdOf(ctx)],
    );
  },
});

export const finishConversation = operation({
  name: 'conversations.done',
  summary: 'Nothing more to do here for now; something new from the person opens it again',
  http: 'PUT /api/conversations/{person_id}/done',
  cli: 'conversations done',
  access: 'write',
  input: z.object({ personId: personId() }),
  output: Conversation,
  errors: [ConversationNotFound],
  async run(ctx, { personId: person }) {
    ctx.expectVersion(await requireConversation(ctx, person));
    const done = `state = 'done', snoozed_until = null, snoozed_by = null, waiting_since = null, done_at = $3, done_by = $4`;
    return change(ctx, person, 'done', done, [userIdOf(ctx)]);
  },
});

export const reopenConversation = operation({
  name: 'conversations.reopen',
  summary: 'Open a conversation that was done',
  http: 'PUT /api/conversations/{person_id}/open',
  cli: 'conversations reopen',
  access: 'write',
  input: z.object({ personId: personId() }),
  output: Conversation,
  errors: [ConversationNotFound],
  async run(ctx, { personId: person }) {
    ctx.expectVersion(await requireConversation(ctx, person));
    return change(ctx, person, 'reopen', `state = 'open'`, []);
  },
});

export const readConversation = operation({
  name: 'conversations.read',
  summary: 'You have seen all of it; or, with unread, not yet',
  http: 'PUT /api/conversations/{person_id}/read',
  access: 'write',
  unaudited: true,
  input: z.object({ personId: personId(), unread: z.boolean().default(false) }),
  output: Conversation,
  errors: [ConversationNotFound],
  async run(ctx, { personId: person, unread }) {
    await requireConversation(ctx, person);
    const me = userIdOf(ctx);
    if (me !== null) {
      const at = unread ? new Date(0) : ctx.clock.now();
      await ctx.query(
        {
          name: 'conversations.read',
          text: `insert into conversation_reads (company_id, person_id, user_id, read_at) values ($1, $2, $3, $4)
                 on conflict (person_id, user_id) do update set read_at = excluded.read_at`,
        },
        [ctx.companyId, person, me, at],
      );
    }
    return requireConversation(ctx, person);
  },
});
