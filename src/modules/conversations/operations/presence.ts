import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { ConversationNotFound, personId, requireConversation, userIdOf } from '../conversation.ts';
import { tellPages } from '../tell.ts';

export const Onlooker = z.object({ userId: z.uuid(), name: z.string(), typing: z.boolean(), at: z.date() });

/** A page renews its row twice in this time. Seconds. */
const STAYS_S = 45;

const OTHERS: Statement = {
  name: 'conversations.onlookers',
  text: `select w.user_id as "userId", coalesce(nullif(u.full_name, ''), u.username) as name, w.typing, w.at from conversation_presence w join users u on u.id = w.user_id
          where w.company_id = $1 and w.person_id = $2 and w.user_id is distinct from $3::uuid and w.at > $4::timestamptz - interval '${STAYS_S} seconds' order by w.at`,
};
/** Answers a row only when somebody came, began or ceased to type: a renewal is no news. */
const LOOK: Statement = {
  name: 'conversations.look',
  text: `with was as (select typing, at from conversation_presence where person_id = $2 and user_id = $3)
         insert into conversation_presence as w (person_id, user_id, company_id, typing, at) select $2, $3, $1, $4, $5
         on conflict (person_id, user_id) do update set typing = excluded.typing, at = excluded.at
         returning not exists (select from was where was.typing = $4 and was.at > $5::timestamptz - interval '${STAYS_S} seconds') as news`,
};
const LEAVE: Statement = {
  name: 'conversations.leave',
  text: 'delete from conversation_presence where company_id = $1 and person_id = $2 and user_id = $3 returning true as news',
};

/** Who else is at it now. */
export function onlookers(ctx: Ctx, person: string): Promise<z.output<typeof Onlooker>[]> {
  return ctx.query<z.output<typeof Onlooker>>(OTHERS, [ctx.companyId, person, userIdOf(ctx), ctx.clock.now()]);
}

export const lookAtConversation = operation({
  name: 'conversations.look',
  summary: 'Say that you look at a conversation, or type in it; answers who else does',
  http: 'PUT /api/conversations/{person_id}/presence',
  access: 'write',
  unaudited: true,
  ratePerMinute: 240,
  input: z.object({
    personId: personId(),
    typing: z.boolean().default(false),
    gone: z.boolean().default(false).describe('You left the page'),
  }),
  output: z.object({ items: z.array(Onlooker), nextCursor: z.null() }),
  errors: [ConversationNotFound],
  async run(ctx, { personId: person, typing, gone }) {
    await requireConversation(ctx, person);
    const me = userIdOf(ctx);
    if (me !== null) {
      const values = [ctx.companyId, person, me];
      const [row] = gone
        ? await ctx.query<{ news: boolean }>(LEAVE, values)
        : await ctx.query<{ news: boolean }>(LOOK, [...values, typing, ctx.clock.now()]);
      if (row?.news === true) await tellPages(ctx, ctx.companyId, [person]);
    }
    return { items: await onlookers(ctx, person), nextCursor: null };
  },
});
