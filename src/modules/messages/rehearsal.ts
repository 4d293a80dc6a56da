import type { Statement, Transaction } from '#core/database/database.ts';
import { newId } from '#core/ids.ts';
import type { Runtime } from '#core/runtime.ts';
import { receive } from './inbound/store.ts';

/** What a rehearsal needs to know of the past: conversations as long as the gate looks back, and what of a limit is used up today. */
export const slices: Readonly<Record<string, string>> = {
  sending: 'true',
  connections: 'true',
  senders: 'true',
  sending_holidays: 'true',
  sender_days: `t.day >= (:now)::date - 9`,
  messages: `(t.person_id in (select person_id from rehearsal_cohort) and (t.created_at >= :now - interval '31 days' or t.run_id in (select id from pg_temp.runs)))
    or (t.state in ('sent', 'in_doubt') and t.direction = 'outbound' and t.sent_at >= :now - interval '2 days' and t.created_at >= :now - interval '16 days'
        and exists (select from public.sending s where s.daily_limit is not null))`,
  suppressions: `t.address is null or t.person_id in (select person_id from rehearsal_cohort) or t.address in (select email from pg_temp.person_emails) or t.address in (select email from pg_temp.people)`,
};

/** How sending stands, and what a rehearsal takes for granted instead. */
export interface SendingAssumption {
  readonly kind: 'not_launched' | 'paused' | 'rejected' | 'no_connection';
  readonly says: string;
}

const STANDS: Statement = {
  name: 'messages.rehearsal.stands',
  text: `select s.launched_at is not null as launched, s.paused_at is not null as paused,
           exists (select from connections c where c.state = 'rejected') as rejected
         from companies o left join sending s on s.company_id = o.id where o.id = $1`,
};
const LAUNCH: Statement = {
  name: 'messages.rehearsal.launch',
  text: `insert into sending (company_id, launched_at) values ($1, $2)
         on conflict (company_id) do update set launched_at = coalesce(sending.launched_at, excluded.launched_at), paused_at = null, pause_reason = null`,
};
const MEND: Statement = {
  name: 'messages.rehearsal.mend',
  text: `update connections set state = 'ok' where company_id = $1 and state = 'rejected'`,
};

/** In a sandbox: as if sending were launched and nothing stood still. Answers what was taken for granted. */
export async function assumeSending(
  tx: Transaction,
  runtime: Runtime,
  companyId: string,
  connected: boolean,
): Promise<SendingAssumption[]> {
  const [stands] = await tx.query<{ launched: boolean | null; paused: boolean | null; rejected: boolean }>(STANDS, [companyId]);
  await tx.query(LAUNCH, [companyId, runtime.clock.now()]);
  await tx.query(MEND, [companyId]);
  const assumed: SendingAssumption[] = [];
  if (!connected)
    assumed.push({ kind: 'no_connection', says: 'No mail server is connected: as things are, these messages would be captured, not sent' });
  else if (stands?.launched !== true && runtime.config.SENDING !== 'launched')
    assumed.push({ kind: 'not_launched', says: 'Sending has not been launched: rehearsed as if it were' });
  if (stands?.paused === true) assumed.push({ kind: 'paused', says: 'Sending is paused: rehearsed as if it went on' });
  if (stands?.rejected === true)
    assumed.push({ kind: 'rejected', says: 'A connection’s credentials are rejected: rehearsed as if they were mended' });
  return assumed;
}

const ANSWERED: Statement = {
  name: 'messages.rehearsal.answered',
  text: `select message_id as "messageId", to_name as name, to_email as address, subject, connection_id as "connectionId" from messages where company_id = $1 and id = $2`,
};

/** In a sandbox: the person answers this message now, as their mail would be taken in. */
export async function receiveReply(tx: Transaction, runtime: Runtime, companyId: string, messageId: string): Promise<void> {
  const [mail] = await tx.query<{ messageId: string | null; name: string; address: string; subject: string; connectionId: string | null }>(
    ANSWERED,
    [companyId, messageId],
  );
  if (mail === undefined) return;
  const now = runtime.clock.now();
  const id = newId();
  await receive(
    tx,
    runtime,
    { companyId, connectionId: mail.connectionId ?? id },
    { externalId: id, receivedAt: now },
    {
      messageId: `<${id}@rehearsal.invalid>`,
      references: mail.messageId === null ? [] : [mail.messageId],
      from: { name: mail.name, address: mail.address },
      recipients: [],
      subject: `Re: ${mail.subject}`,
      text: 'Thank you for your mail. I will look into it and come back to you.',
      headers: {},
      sentAt: now,
      bulk: false,
      report: null,
      complaint: null,
      attachments: [],
    },
  );
}
