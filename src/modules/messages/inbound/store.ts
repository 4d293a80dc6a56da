import { findPersonsByEmail, recordInteractions, setInteractionStatus } from '#modules/people/public.ts';
import type { Statement, Transaction } from '#core/database/database.ts';
import type { InboundEmail } from '#core/ports/email.ts';
import { newId } from '#core/ids.ts';
import type { Runtime } from '#core/runtime.ts';
import { optOut } from '../opt-out.ts';
import { classifyReply } from '../replies/classify.ts';
import { applyDeliveries } from '../vendor-events/apply.ts';
import { isPermanentAddress } from '../send/bounce.ts';
import { suppress } from '../suppress.ts';
import { keepAttachments } from './attachments.ts';
import type { Complaint } from './complaint.ts';
import type { DeliveryReport } from './delivery-report.ts';
import { isOwnAddress, isTooFast, MOST_AN_HOUR } from './loops.ts';
import type { ParsedInbound } from './parse.ts';
import { strangerAsPerson } from './stranger.ts';
import { isOfTicket, saysItAnswers, supportAddress } from './support.ts';
import { findThread, messageById, messagesNamed } from './thread.ts';

const INSERT: Statement = {
  name: 'messages.receive',
  text: `insert into messages (id, company_id, class, direction, state, person_id, lead_id, from_name, from_email, to_email, subject, text, new_text, headers, message_id, in_reply_to, thread_id, reply_to_id,
           connection_id, external_id, sent_at, auto, reply_class, reply_confidence, reply_reasons, reply_return_at, classified_by, created_at, updated_at)
         values ($1, $2, 'transactional', 'inbound', 'received', $3, $4, $5, $6, $7, $8, $9, $10, $11::jsonb, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22::jsonb, $23, 'rules', $24, $24)
         on conflict do nothing returning id`,
};

export type Received = 'stored' | 'known' | 'bounce' | 'complaint' | 'not_ours';

export interface Mailbox {
  readonly companyId: string;
  readonly connectionId: string;
}

/**
 * Takes one mail in, in the caller's transaction. Stored are mails that answer one of ours, come from somebody we know, or from somebody whom the company's
 * rule makes a person of or who writes to an address of its support; all else in the mailbox is none of our business and leaves no trace. The same mail twice is one.
 */
export async function receive(
  tx: Transaction,
  runtime: Runtime,
  mailbox: Mailbox,
  email: Pick<InboundEmail, 'externalId' | 'receivedAt'>,
  mail: ParsedInbound,
): Promise<Received> {
  const { companyId } = mailbox;
  if (mail.complaint !== null) return takeComplaint(tx, runtime, mailbox, mail.complaint, email);
  if (mail.report !== null) return takeReport(tx, runtime, companyId, mail.report);
  // A copy of our own mail (a shared or a sent folder).
  if (mail.messageId !== null && messagesNamed(runtime, [mail.messageId]).length > 0) return 'not_ours';
  if (mail.from.address === null) return 'not_ours';
  const sender = (await findPersonsByEmail(tx, companyId, [mail.from.address])).get(mail.from.address);
  const support = await supportAddress(tx, companyId, mail.recipients);
  // To the support somebody writes about something new, unless the mail says otherwise: their last mail from us need not be what it is about.
  const thread = await findThread(tx, runtime, companyId, mail, sender, support !== null && !saysItAnswers(mail.subject));
  const known = sender?.personId ?? thread?.personId ?? null;
  const answersOurs = thread !== null && support === null;
  const classified = () =>
    classifyReply({ subject: mail.subject, text: mail.text, headers: mail.headers, receivedAt: email.receivedAt, answers: answersOurs });
  const stranger = known === null && thread === null;
  const personId = stranger ? await strangerAsPerson(tx, runtime, mailbox, mail, () => classified().auto, support !== null) : known;
  if (personId === null && thread === null) return 'not_ours';
  if (await isOwnAddress(tx, runtime, companyId, mail.from.address)) return 'not_ours';

  const reply = classified();
  const id = newId();
  const now = runtime.clock.now();
  const machine = reply.auto || mail.bulk;
  // A program that answers ours, with no header that says so: nothing that waits for an answer of a person may go on by it.
  const tooFast = !machine && personId !== null && (await isTooFast(tx, companyId, personId, now));
  const auto = machine || tooFast;
  const leadId = sender === undefined ? (thread?.leadId ?? null) : (sender.leadId ?? null);
  const answers = thread?.direction === 'outbound' ? thread.id : null;
  const rows = await tx.query<{ id: string }>(INSERT, [
    id,
    companyId,
    personId,
    leadId,
    mail.from.name,
    mail.from.address,
    mail.recipients[0] ?? '',
    mail.subject,
    mail.text,
    reply.newText,
    JSON.stringify(mail.headers),
    mail.messageId,
    mail.references[0] ?? null,
    thread?.threadId ?? id,
    answers,
    mailbox.connectionId,
    `${mailbox.connectionId}/${email.externalId}`,
    mail.sentAt ?? email.receivedAt,
    auto,
    reply.class,
    reply.confidence,
    JSON.stringify(tooFast ? [...reply.reasons, `more than ${MOST_AN_HOUR} mails in an hour: a program writes them`] : reply.reasons),
    reply.returnDate,
    now,
  ]);
  if (rows.length === 0) return 'known';
  if (personId === null) return 'stored';
  await keepAttachments(tx, { id, companyId, personId }, mail.attachments, now);

  await recordInteractions(tx, [
    {
      companyId,
      personId,
      leadId,
      type: 'email',
      direction: 'inbound',
      content: `${mail.subject}\n\n${reply.newText}`.trim(),
      channel: 'email',
      status: auto ? 'auto_reply' : 'received',
      metadata: { subject: mail.subject, class: reply.class, from: mail.from.address },
      messageId: id,
      at: now,
    },
  ]);
  if (!machine && reply.class === 'stop') {
    await optOut(tx, runtime, {
      companyId,
      personId,
      address: mail.from.address,
      source: 'reply',
      evidence: { message_id: id, words: reply.newText.slice(0, 300) },
    });
  }
  // Somebody else answered what we wrote to this person: that run has its answer, too.
  if (!auto && thread?.runId != null && thread.personId !== null && thread.personId !== personId) {
    await runtime.engine.cancel(tx, { companyId, runIds: [thread.runId] }, 'message.replied');
  }
  const about = { companyId, subject: { type: 'message', id }, personId };
  const payload = {
    message_id: id,
    class: reply.class,
    auto,
    return_at: reply.returnDate?.toISOString() ?? null,
    in_reply_to_message_id: answers,
  };
  await runtime.engine.emit(tx, [
    {
      name: 'message.received',
      ...about,
      payload: {
        ...payload,
        subject: mail.subject.slice(0, 500),
        from: mail.from.address,
        to: mail.recipients[0] ?? '',
        connection_id: mailbox.connectionId,
        answers: answers !== null,
        support_address_id: support,
        follows_message_id: thread?.id ?? null,
        of_ticket: support !== null || (await isOfTicket(tx, companyId, thread)),
      },
    },
    ...(auto ? [] : [{ name: 'message.replied', ...about, payload: { message_id: id, class: reply.class } }]),
  ]);
  return 'stored';
}

/** Like a report of a bounce: only of a mail that it names by our signed Message-ID, and only against whom that mail went to. */
async function takeComplaint(
  tx: Transaction,
  runtime: Runtime,
  { companyId, connectionId }: Mailbox,
  { feedback, mentions }: Complaint,
  { receivedAt }: Pick<InboundEmail, 'receivedAt'>,
): Promise<Received> {
  const [about] = messagesNamed(runtime, mentions);
  const messageId = mentions.find((mention) => messagesNamed(runtime, [mention]).length > 0);
  if (about === undefined || messageId === undefined) return 'not_ours';
  const event = {
    kind: 'delivery',
    what: 'complained',
    key: `arf:${about}`,
    messageId,
    at: receivedAt,
    reason: feedback,
    permanent: true,
  } as const;
  return (await applyDeliveries(tx, runtime, { companyId, connectionId, connector: 'arf' }, [event])) === 0 ? 'known' : 'complaint';
}

const BOUNCED: Statement = {
  name: 'messages.bounced',
  text: `update messages set state = 'refused', state_reason = $3, delivery = 'bounced', delivery_at = $4, updated_at = $4 where id = $1 and company_id = $2 and state in ('sent', 'in_doubt') returning id`,
};

/**
 * A report counts only when it names a mail of ours by its signed Message-ID, and only against the address which that mail went to: nobody can have
 * somebody else's address suppressed by a forged report.
 */
async function takeReport(tx: Transaction, runtime: Runtime, companyId: string, report: DeliveryReport): Promise<Received> {
  const message = await messageById(tx, companyId, messagesNamed(runtime, report.mentions));
  if (message === undefined) return 'not_ours';
  if (report.action === 'delayed') return 'bounce';
  const reason = `Bounced: ${report.status === null ? '' : `${report.status} `}${report.diagnostic}`.slice(0, 500);
  const changed = await tx.query(BOUNCED, [message.id, companyId, reason, runtime.clock.now()]);
  if (changed.length === 0) return 'known';
  await setInteractionStatus(tx, [{ companyId, messageId: message.id, status: 'bounced' }]);
  const hard = report.status === null ? /\b55[013]\b/.test(report.diagnostic) : isPermanentAddress(report.status);
  if (hard) {
    await suppress(tx, runtime, [
      { companyId, address: message.toEmail, reason: 'bounce', source: 'dsn', note: reason, personId: message.personId },
    ]);
  }
  const payload = { message_id: message.id, lead_id: message.leadId, run_id: message.runId, hard, reason };
  await runtime.engine.emit(tx, [
    {
      name: 'message.bounced',
      companyId,
      subject: { type: 'message', id: message.id },
      ...(message.personId === null ? {} : { personId: message.personId }),
      payload,
    },
  ]);
  return 'bounce';
}
