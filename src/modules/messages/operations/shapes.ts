import { z } from 'zod';
import { NotFound } from '#core/errors.ts';
import { REPLY_CLASSES } from '../replies/verdict.ts';
import { DELIVERIES } from '#core/connector/webhook.ts';
import { MESSAGE_CLASSES, MESSAGE_STATES } from '../tables.ts';

/** No such message in this company. */
export class MessageNotFound extends NotFound {
  override readonly code = 'message_not_found';
}

/** A line of the outbox. */
export const MessageLine = z.object({
  id: z.uuid(),
  direction: z.enum(['outbound', 'inbound']),
  channel: z.enum(['email', 'sms']),
  class: z.enum(MESSAGE_CLASSES),
  state: z.enum(MESSAGE_STATES),
  stateReason: z.string().nullable().describe('Why it is blocked, put off, refused or in doubt, in a sentence'),
  personId: z.uuid().nullable(),
  leadId: z.uuid().nullable(),
  runId: z.uuid().nullable(),
  stepId: z.string().nullable(),
  workflow: z.string().nullable(),
  template: z.string().nullable(),
  templateVersion: z.int().nullable().describe('0 is the built-in text'),
  fromName: z.string(),
  fromEmail: z.string(),
  toName: z.string(),
  toEmail: z.string().describe('Empty for an SMS'),
  toPhone: z.string().nullable().describe('Number of an SMS, E.164'),
  fromPhone: z.string().nullable(),
  subject: z.string(),
  threadId: z.uuid(),
  replyClass: z.enum(REPLY_CLASSES).nullable(),
  auto: z.boolean().describe('Written by a machine: an absence note, a bounce'),
  sensitive: z.boolean().describe('Holds a sign-in link: its text is shown to admins only'),
  dueAt: z.date().nullable(),
  sentAt: z.date().nullable(),
  delivery: z.enum(DELIVERIES).nullable().describe('What the vendor told of it since; null where it tells nothing'),
  deliveryAt: z.date().nullable(),
  openedAt: z.date().nullable().describe('First told as opened; machines open mail, too'),
  clickedAt: z.date().nullable(),
  createdAt: z.date(),
  updatedAt: z.date(),
});

/** Columns of `messages m` in the names of `MessageLine`. */
export const LINE_COLUMNS = `m.id, m.direction, m.channel, m.class, m.state, m.state_reason as "stateReason", m.person_id as "personId", m.lead_id as "leadId", m.run_id as "runId", m.step_id as "stepId",
  m.workflow, m.template, m.template_version as "templateVersion", m.from_name as "fromName", m.from_email as "fromEmail", m.to_name as "toName", m.to_email as "toEmail", m.to_phone as "toPhone", m.from_phone as "fromPhone", m.subject, m.thread_id as "threadId",
  m.reply_class as "replyClass", m.auto, m.sensitive, m.due_at as "dueAt", m.sent_at as "sentAt", m.delivery, m.delivery_at as "deliveryAt", m.opened_at as "openedAt", m.clicked_at as "clickedAt", m.created_at as "createdAt", m.updated_at as "updatedAt"`;

export const Verdict = z.object({
  go: z.boolean(),
  decision: z.enum(['send', 'later', 'block']),
  stage: z.enum(['draft', 'hand']).describe('When the gate was asked: when it was written, or in the last moment before it left'),
  at: z.string(),
  until: z.string().nullable().describe('Of later: when it is asked again; null when somebody must change something first'),
  reasons: z.array(
    z.object({
      rule: z.string(),
      decision: z.enum(['later', 'block']),
      until: z.string().nullable(),
      value: z.json().describe('The datum that decided'),
      says: z.string(),
      fix: z.string().describe('What a person may do about it'),
    }),
  ),
  passed: z.array(z.string()).describe('Rules that had nothing against it'),
  basis: z
    .object({
      basis: z.enum(['consent', 'inquiry', 'soft_opt_in', 'legitimate_interest', 'contract']),
      because: z.string(),
      since: z.string(),
      expires: z.string().nullable().describe('Null: until they say no'),
      evidence: z
        .object({ table: z.enum(['consent_log', 'interactions', 'leads', 'messages', 'people']), id: z.uuid() })
        .describe('The row that proves it'),
      country: z.string().nullable(),
    })
    .optional()
    .describe('Of a commercial message that is not blocked: the lawful basis it rests on'),
  sender: z
    .object({ id: z.uuid(), address: z.string(), because: z.string() })
    .optional()
    .describe('Which of the company’s senders it leaves by, and why this one; absent: the connection in use'),
});

export const MessageDetail = MessageLine.extend({
  text: z.string().describe('As it goes out, with footer'),
  html: z.string().nullable().describe('As it goes out; null for mail that came in'),
  headers: z.record(z.string(), z.string()),
  verdict: Verdict.nullable(),
  provenance: z
    .record(z.string(), z.json())
    .nullable()
    .describe('How the text was made: prompt version, model, tokens, cost in millionths of a dollar, facts used'),
  messageId: z.string().nullable(),
  inReplyTo: z.string().nullable(),
  replyToId: z.uuid().nullable().describe('Message of ours that this one answers'),
  newText: z.string().nullable().describe('Of mail that came in: what was written, without the quoted mail'),
  replyConfidence: z.number().nullable(),
  replyReasons: z.array(z.string()).nullable(),
  replyReturnAt: z.date().nullable(),
  classifiedBy: z.enum(['rules', 'model', 'person']).nullable(),
  connectionId: z.uuid().nullable(),
  effectId: z.uuid().nullable().describe('Its entry in the ledger of effects'),
  response: z.string().nullable().describe('Last words of the mail server'),
  smsLength: z
    .object({ encoding: z.enum(['gsm', 'unicode']), units: z.int(), segments: z.int(), because: z.string().nullable() })
    .nullable()
    .describe('Of an SMS: how many parts it is charged as, and the character that halves what fits'),
});
