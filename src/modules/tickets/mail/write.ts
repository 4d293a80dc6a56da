import type { Statement, Transaction } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';
import { answerSubject, sendTransactional, type Before } from '#modules/messages/public.ts';
import { addEntries } from '../entries.ts';

/** Whom a mail on a ticket goes to, and what it hangs below. */
const WHERE: Statement = {
  name: 'tickets.mail_where',
  text: `select t.id, t.number::float8 as number, t.subject, t.person_id as "personId", p.full_name as name, coalesce(l."from", p.email) as address, l.id as "lastId", l."threadId", l."messageId"
           from tickets t join people p on p.id = t.person_id
           left join lateral (select m.id, m.thread_id as "threadId", m.message_id as "messageId", case when m.direction = 'inbound' then m.from_email else m.to_email end as "from"
             from ticket_entries e join messages m on m.id = e.message_id
            where e.ticket_id = t.id and m.channel = 'email' and m.state in ('sent', 'captured', 'in_doubt', 'received', 'queued') order by m.created_at desc, m.id desc limit 1) l on true
          where t.company_id = $1 and t.id = any ($2::uuid[]) and t.merged_into_id is null`,
};

interface Where {
  readonly id: string;
  readonly number: number;
  readonly subject: string;
  readonly personId: string;
  readonly name: string;
  readonly address: string | null;
  readonly lastId: string | null;
  readonly threadId: string | null;
  readonly messageId: string | null;
}

/** A mail that a workflow writes on a ticket, in its thread. `key` makes it one. */
interface TicketMail {
  readonly ticketId: string;
  readonly text: string;
  /** Of the text; absent: unknown. */
  readonly language?: string;
  readonly key: string;
}

/**
 * Writes mails on tickets of one company and reserves their sending: transactional, about what they asked, and marked as a machine's (RFC 3834), so that no absence
 * note answers. It answers nobody: clocks go on. Answers the ids of messages by ticket; a ticket without an address has none.
 */
export async function mailOnTickets(
  tx: Transaction,
  runtime: Runtime,
  companyId: string,
  mails: readonly TicketMail[],
): Promise<ReadonlyMap<string, string>> {
  const where = new Map((await tx.query<Where>(WHERE, [companyId, mails.map((mail) => mail.ticketId)])).map((row) => [row.id, row]));
  const wanted = mails.flatMap(({ ticketId, text, key, language }) => {
    const at = where.get(ticketId);
    if (at?.address == null) return [];
    const { lastId, threadId, messageId, subject, number } = at;
    const follows: Pick<Before, 'id' | 'threadId' | 'messageId'> | null =
      lastId === null || threadId === null ? null : { id: lastId, threadId, messageId };
    const about = subject === '' ? `Ticket #${number}` : subject;
    return [
      {
        ticketId,
        mail: {
          companyId,
          to: { name: at.name, address: at.address },
          subject: follows === null ? about : answerSubject(about),
          text,
          key,
          personId: at.personId,
          follows,
          ...(language === undefined ? {} : { language }),
        },
      },
    ];
  });
  const written = await sendTransactional(
    tx,
    runtime,
    wanted.map(({ mail }) => mail),
  );
  const made = wanted.flatMap(({ ticketId, mail }) => {
    const messageId = written.get(mail.key);
    return messageId === undefined || messageId === '' ? [] : [{ ticketId, messageId }];
  });
  await addEntries(
    tx,
    companyId,
    made.map(({ ticketId, messageId }) => ({ ticketId, messageId, kind: 'message' as const, inbound: false, auto: true })),
    runtime.clock.now(),
  );
  return new Map(made.map(({ ticketId, messageId }) => [ticketId, messageId]));
}
