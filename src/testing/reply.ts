import { newId } from '#core/ids.ts';
import type { Facts } from '#core/engine/types.ts';
import { classifyReply } from '#modules/messages/public.ts';
import type { TestApp } from './app.ts';

/** Who answers. */
interface Answering {
  readonly companyId: string;
  readonly lead: { readonly personId: string; readonly email: string };
}

/** A mail of a lead arrives: the rows and events that reading a mailbox makes. Answers the id of the message. */
export async function aReply(app: TestApp, { companyId, lead }: Answering, text: string, subject = 'Re: Your enquiry'): Promise<string> {
  const id = newId();
  const at = app.clock.now();
  const verdict = classifyReply({ subject, text, receivedAt: at });
  await app.runtime.system.write(async (tx) => {
    await tx.query(
      {
        name: 'test receive',
        text: `insert into messages (id, company_id, class, direction, state, person_id, from_name, from_email, to_email, subject, text, new_text, thread_id, auto, reply_class, reply_confidence, reply_reasons, reply_return_at, classified_by, created_at)
               values ($1, $2, 'transactional', 'inbound', 'received', $3, 'Ann Lee', $4, 'us@acme.test', $5, $6, $6, $1, $7, $8, $9, $10::jsonb, $11, 'rules', $12)`,
      },
      [
        id,
        companyId,
        lead.personId,
        lead.email,
        subject,
        verdict.newText,
        verdict.auto,
        verdict.class,
        verdict.confidence,
        JSON.stringify(verdict.reasons),
        verdict.returnDate,
        at,
      ],
    );
    const about = { companyId, subject: { type: 'message', id }, personId: lead.personId };
    const payload: Facts = {
      message_id: id,
      class: verdict.class,
      auto: verdict.auto,
      return_at: verdict.returnDate?.toISOString() ?? null,
    };
    await app.runtime.engine.emit(tx, [
      { ...about, name: 'message.received', payload },
      ...(verdict.auto ? [] : [{ ...about, name: 'message.replied', payload }]),
    ]);
  });
  await app.drain();
  return id;
}
