import type { EventHandler } from '#core/engine/types.ts';
import { inboundTexts } from '#modules/messages/public.ts';
import { audienceOf } from './audience.ts';
import { notify, type NewNotification } from './notify.ts';

/** A person answered: whoever looks after them hears of it. */
export const onReplied: EventHandler = {
  event: 'message.replied',
  name: 'notifications.reply',
  async handle(tx, events, runtime) {
    const replies = events.flatMap(({ companyId, personId, payload }) => {
      const messageId = payload?.['message_id'];
      return personId === undefined || typeof messageId !== 'string' ? [] : [{ companyId, personId, messageId }];
    });
    const audience = await audienceOf(tx, replies);
    const entries: NewNotification[] = [];
    for (const [companyId, ofCompany] of Map.groupBy(replies, (one) => one.companyId)) {
      const texts = await inboundTexts(
        tx,
        companyId,
        ofCompany.map((one) => one.messageId),
      );
      const byId = new Map(texts.map((text) => [text.id, text]));
      for (const { personId, messageId } of ofCompany) {
        const looked = audience.get(`${companyId} ${personId}`);
        if (looked === undefined) continue;
        entries.push(
          ...looked.userIds.map((userId) => ({
            companyId,
            userId,
            kind: 'reply' as const,
            key: `reply:${messageId}`,
            title: `${looked.name} replied`,
            body: (byId.get(messageId)?.text ?? '').replace(/\s+/g, ' ').trim().slice(0, 200),
            link: `/people/${personId}`,
            personId,
          })),
        );
      }
    }
    await notify(tx, runtime, entries);
  },
};
