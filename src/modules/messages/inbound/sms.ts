import { findPersonsByPhone, recordInteractions } from '#modules/people/public.ts';
import type { SmsEvent } from '#core/connector/webhook.ts';
import type { Statement, Transaction } from '#core/database/database.ts';
import { newId } from '#core/ids.ts';
import type { Runtime } from '#core/runtime.ts';
import { optOut } from '../opt-out.ts';
import { classifyReply } from '../replies/classify.ts';
import { suppress } from '../suppress.ts';
import type { Mailbox } from './store.ts';

/** What carriers take for a stop, whatever else the rules know; alone in the message. */
const STOP_WORD =
  /^\W*(stop|stopall|stop all|unsubscribe|unsub|cancel|end|quit|revoke|optout|opt-out|opt out|arret|arr\u00eat|baja|alto|stopp|abmelden)\W*$/i;

const LAST: Statement = {
  name: 'messages.sms.last',
  text: `select id, thread_id as "threadId", run_id as "runId", lead_id as "leadId" from messages
          where company_id = $1 and person_id = $2 and channel = 'sms' and direction = 'outbound' and state in ('sent', 'in_doubt') order by created_at desc, id desc limit 1`,
};
const INSERT: Statement = {
  name: 'messages.sms.receive',
  text: `insert into messages (id, company_id, class, channel, direction, state, person_id, lead_id, from_name, from_phone, to_phone, to_email, text, new_text, thread_id, reply_to_id,
           connection_id, external_id, sent_at, auto, reply_class, reply_confidence, reply_reasons, classified_by, created_at, updated_at)
         values ($1, $2, 'transactional', 'sms', 'inbound', 'received', $3, $4, $16, $5, $6, '', $7, $7, $8, $9, $10, $11, $12, false, $13, $14, $15::jsonb, 'rules', $12, $12)
         on conflict do nothing returning id`,
};

interface Last {
  readonly id: string;
  readonly threadId: string;
  readonly runId: string | null;
  readonly leadId: string | null;
}

/**
 * Takes one SMS in, in the caller's transaction. Stored are those of people we know; a stop counts whoever wrote it, and at once. The same SMS twice
 * is one.
 */
export async function receiveSms(
  tx: Transaction,
  runtime: Runtime,
  { companyId, connectionId }: Mailbox,
  sms: SmsEvent,
  source: string,
): Promise<void> {
  const now = runtime.clock.now();
  const text = sms.text.slice(0, 10_000).replaceAll('\u0000', '').toWellFormed();
  const verdict = classifyReply({ subject: '', text, headers: {}, receivedAt: now });
  const stops = sms.optOut || STOP_WORD.test(text.trim()) || verdict.class === 'stop';
  const person = (await findPersonsByPhone(tx, companyId, [sms.from])).get(sms.from);
  if (person === undefined) {
    if (stops) await suppress(tx, runtime, [{ companyId, address: sms.from, channel: 'sms', reason: 'opt_out', source }]);
    return;
  }
  const { personId } = person;
  const [last] = await tx.query<Last>(LAST, [companyId, personId]);
  const id = newId();
  const leadId = person.leadId ?? last?.leadId ?? null;
  const replyClass = stops ? 'stop' : verdict.class;
  const reasons = stops && verdict.class !== 'stop' ? ['a stop word'] : verdict.reasons;
  const rows = await tx.query(INSERT, [
    id,
    companyId,
    personId,
    leadId,
    sms.from,
    sms.to,
    text,
    last?.threadId ?? id,
    last?.id ?? null,
    connectionId,
    `${connectionId}/${sms.key}`,
    now,
    replyClass,
    stops ? 1 : verdict.confidence,
    JSON.stringify(reasons),
    person.name,
  ]);
  if (rows.length === 0) return;
  await recordInteractions(tx, [
    {
      companyId,
      personId,
      leadId,
      type: 'sms',
      direction: 'inbound',
      content: text,
      channel: 'sms',
      status: 'received',
      metadata: { class: replyClass, from: sms.from },
      messageId: id,
      at: now,
    },
  ]);
  if (stops)
    await optOut(tx, runtime, {
      companyId,
      personId,
      address: sms.from,
      channel: 'sms',
      source: 'reply',
      evidence: { message_id: id, words: text.slice(0, 300) },
    });
  const about = { companyId, subject: { type: 'message', id }, personId };
  const payload = { message_id: id, class: replyClass, auto: false, return_at: null, in_reply_to_message_id: last?.id ?? null };
  const received = { ...payload, subject: '', from: sms.from, to: sms.to, connection_id: connectionId, answers: last !== undefined };
  await runtime.engine.emit(tx, [
    { name: 'message.received', ...about, payload: received },
    { name: 'message.replied', ...about, payload: { message_id: id, class: replyClass } },
  ]);
}
