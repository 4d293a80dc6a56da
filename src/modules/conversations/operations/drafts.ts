import { z } from 'zod';
import { Conflict, Forbidden } from '#core/errors.ts';
import { operation } from '#core/operation/operation.ts';
import { getPerson, PersonNotFound } from '#modules/people/public.ts';
import { holdConversation, personId, userIdOf } from '../conversation.ts';

/** This draft became a message already. */
export class DraftSent extends Conflict {
  override readonly code = 'draft_sent';
}

export const saveDraft = operation({
  name: 'conversations.save_draft',
  summary: 'Keep what you are writing to somebody; an empty text throws it away',
  http: 'PUT /api/conversations/{person_id}/draft',
  access: 'write',
  unaudited: true,
  ratePerMinute: 120,
  secretFields: ['text', 'subject'],
  input: z.object({
    personId: personId(),
    draftId: z.uuid().describe('Made by you; the message that it becomes is sent once'),
    channel: z.enum(['email', 'sms']),
    subject: z.string().max(500).default(''),
    text: z.string().max(50_000),
  }),
  output: z.object({ kept: z.boolean() }),
  errors: [PersonNotFound, DraftSent],
  async run(ctx, input) {
    const me = userIdOf(ctx);
    if (me === null) throw new Forbidden('A draft belongs to a user');
    await getPerson(ctx, ctx.companyId, input.personId);
    await holdConversation(ctx, ctx.companyId, input.personId, ctx.clock.now());
    const values = [ctx.companyId, input.personId, me];
    if (input.text.trim() === '') {
      await ctx.query(
        {
          name: 'conversations.drop_draft',
          text: 'delete from conversation_drafts where company_id = $1 and person_id = $2 and user_id = $3',
        },
        values,
      );
      return { kept: false };
    }
    const [sent] = await ctx.query({ name: 'conversations.draft_sent', text: 'select from messages where company_id = $1 and key = $2' }, [
      ctx.companyId,
      draftKey(input.draftId),
    ]);
    if (sent !== undefined) throw new DraftSent('This was sent; begin a new message');
    await ctx.query(
      {
        name: 'conversations.keep_draft',
        text: `insert into conversation_drafts (company_id, person_id, user_id, id, channel, subject, text, updated_at) values ($1, $2, $3, $4, $5, $6, $7, $8)
               on conflict (person_id, user_id) do update set id = excluded.id, channel = excluded.channel, subject = excluded.subject, text = excluded.text, updated_at = excluded.updated_at`,
      },
      [...values, input.draftId, input.channel, clean(input.subject), clean(input.text), ctx.clock.now()],
    );
    return { kept: true };
  },
});

/** The key of the message that a draft becomes. */
export const draftKey = (id: string): string => `hand:${id}`;

/** PostgreSQL stores neither NUL nor half characters. */
const clean = (text: string): string => text.replaceAll('\u0000', '').toWellFormed();
