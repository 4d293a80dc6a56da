import { z } from 'zod';
import { InvalidInput } from '#core/errors.ts';
import { operation } from '#core/operation/operation.ts';
import { optOut } from '../opt-out.ts';
import { setReplyVerdict } from '../read.ts';
import { REPLY_CLASSES } from '../replies/verdict.ts';
import { messageId, requireMessage } from './messages.ts';
import { NotInbound } from './send.ts';
import { MessageNotFound } from './shapes.ts';

export const classifyMessage = operation({
  name: 'messages.classify',
  summary: 'Say what a message that came in means, where the rules read it wrongly; what follows from it is done',
  http: 'PUT /api/messages/{message_id}/reply-class',
  cli: 'messages classify',
  access: 'write',
  input: z.object({
    messageId,
    class: z.enum(REPLY_CLASSES),
    returnAt: z.coerce.date().min(new Date(0)).max(new Date(253_402_300_799_999)).optional().describe('Out of office: when they are back'),
  }),
  output: z.object({ id: z.uuid(), class: z.enum(REPLY_CLASSES), was: z.enum(REPLY_CLASSES).nullable() }),
  errors: [MessageNotFound, NotInbound],
  async run(ctx, input) {
    const row = await requireMessage(ctx, input.messageId);
    if (row.direction !== 'inbound') throw new NotInbound('This message is ours; say what one means that came in');
    if (input.returnAt !== undefined && input.class !== 'out_of_office')
      throw new InvalidInput('return_at belongs to out_of_office', { fields: [{ path: 'return_at', message: 'only of out_of_office' }] });
    const by = 'userId' in ctx.principal ? ctx.principal.userId : null;
    await setReplyVerdict(ctx, {
      companyId: ctx.companyId,
      messageId: row.id,
      class: input.class,
      confidence: 1,
      reasons: ['a person said so', ...(row.replyClass === null ? [] : [`read as ${row.replyClass} before`])],
      returnAt: input.returnAt ?? null,
      by: 'person',
    });
    if (row.personId === null) return { id: row.id, class: input.class, was: row.replyClass };
    if (input.class === 'stop')
      await optOut(ctx, ctx.runtime, {
        companyId: ctx.companyId,
        personId: row.personId,
        address: row.fromPhone ?? row.fromEmail,
        channel: row.channel,
        source: 'reply',
        evidence: { message_id: row.id, by: 'person', ...(by === null ? {} : { user_id: by }) },
      });
    ctx.emit({
      name: 'message.classified',
      subject: { type: 'message', id: row.id },
      personId: row.personId,
      payload: {
        message_id: row.id,
        class: input.class,
        was: row.replyClass,
        return_at: input.returnAt?.toISOString() ?? null,
        received_at: row.createdAt.toISOString(),
      },
    });
    return { id: row.id, class: input.class, was: row.replyClass };
  },
});
