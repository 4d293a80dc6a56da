import type { Statement, Transaction } from '#core/database/database.ts';
import { recordset } from '#core/database/recordset.ts';
import type { Facts } from '#core/engine/types.ts';
import type { Channel } from '../tables.ts';
import type { MessageFile } from '../templates/store/row.ts';
import type { StoredVerdict } from '../gate/types.ts';

/** A message to be written. */
export interface NewMessage {
  readonly id: string;
  readonly companyId: string;
  readonly class: 'commercial' | 'transactional';
  readonly channel: Channel;
  readonly state: 'draft' | 'queued' | 'blocked';
  readonly stateReason: string | null;
  readonly personId: string | null;
  readonly leadId: string | null;
  readonly runId: string | null;
  readonly stepId: string | null;
  readonly workflow: string | null;
  readonly key: string | null;
  readonly topic: string | null;
  readonly template: string | null;
  readonly templateVersion: number | null;
  readonly fromName: string;
  readonly fromEmail: string;
  readonly toName: string;
  readonly toEmail: string;
  readonly toPhone: string | null;
  readonly subject: string;
  readonly text: string;
  readonly html: string | null;
  readonly messageId: string;
  readonly inReplyTo: string | null;
  readonly threadId: string;
  readonly replyToId: string | null;
  readonly personal: boolean;
  readonly authorId: string | null;
  /** Of a mail: `references`, where they are more than the one that it answers, and the `language` of its text. */
  readonly headers: Readonly<Record<string, string>>;
  readonly verdict: StoredVerdict | null;
  readonly provenance: Facts | null;
  readonly connectionId: string | null;
  readonly effectId: string | null;
  readonly senderId: string | null;
  readonly dueAt: Date | null;
  readonly sensitive: boolean;
  readonly attachments: readonly MessageFile[] | null;
  readonly createdAt: Date;
}

/** One statement for a batch. A key or a step that has its message already is left alone: its id is not answered. */
const INSERT: Statement = {
  name: 'messages.insert',
  text: `insert into messages (id, company_id, class, channel, to_phone, direction, state, state_reason, person_id, lead_id, run_id, step_id, workflow, key, topic, template, template_version,
           from_name, from_email, to_name, to_email, subject, text, html, message_id, in_reply_to, thread_id, reply_to_id, verdict, provenance, connection_id, effect_id, sender_id, due_at, sensitive, attachments, personal, author_id, headers, created_at, updated_at)
         select id, company_id, class, channel, to_phone, 'outbound', state, state_reason, person_id, lead_id, run_id, step_id, workflow, key, topic, template, template_version,
           from_name, from_email, to_name, to_email, subject, text, html, message_id, in_reply_to, thread_id, reply_to_id, verdict, provenance, connection_id, effect_id, sender_id, due_at, sensitive, attachments, personal, author_id, headers, created_at, created_at
         from json_to_recordset($1::json) as m (id uuid, company_id uuid, class text, channel text, to_phone text, state text, state_reason text, person_id uuid, lead_id uuid, run_id uuid, step_id text, workflow text, key text,
           topic text, template text, template_version int, from_name text, from_email text, to_name text, to_email text, subject text, text text, html text, message_id text, in_reply_to text,
           thread_id uuid, reply_to_id uuid, verdict jsonb, provenance jsonb, connection_id uuid, effect_id uuid, sender_id uuid, due_at timestamptz, sensitive boolean, attachments jsonb, personal boolean, author_id uuid, headers jsonb, created_at timestamptz)
         on conflict do nothing returning id`,
};

/** PostgreSQL can't store it. */
const NUL = '\u0000';

/** Answers the ids that were written. */
export async function insertMessages(tx: Transaction, rows: readonly NewMessage[]): Promise<ReadonlySet<string>> {
  if (rows.length === 0) return new Set();
  const json = rows.map((row) => ({
    id: row.id,
    company_id: row.companyId,
    class: row.class,
    channel: row.channel,
    to_phone: row.toPhone,
    state: row.state,
    state_reason: row.stateReason,
    person_id: row.personId,
    lead_id: row.leadId,
    run_id: row.runId,
    step_id: row.stepId,
    workflow: row.workflow,
    key: row.key,
    topic: row.topic,
    template: row.template,
    template_version: row.templateVersion,
    from_name: row.fromName,
    from_email: row.fromEmail,
    to_name: row.toName,
    to_email: row.toEmail,
    subject: row.subject.replaceAll(NUL, ''),
    text: row.text.replaceAll(NUL, ''),
    html: row.html?.replaceAll(NUL, '') ?? null,
    message_id: row.messageId,
    in_reply_to: row.inReplyTo,
    thread_id: row.threadId,
    reply_to_id: row.replyToId,
    verdict: row.verdict,
    provenance: row.provenance,
    connection_id: row.connectionId,
    effect_id: row.effectId,
    sender_id: row.senderId,
    due_at: row.dueAt,
    sensitive: row.sensitive,
    personal: row.personal,
    author_id: row.authorId,
    headers: row.headers,
    attachments: row.attachments,
    created_at: row.createdAt,
  }));
  return new Set((await tx.query<{ id: string }>(INSERT, [recordset(json)])).map((row) => row.id));
}
