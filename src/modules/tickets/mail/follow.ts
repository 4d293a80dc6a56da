import type { Statement, Transaction } from '#core/database/database.ts';
import type { DomainEvent, EventHandler } from '#core/engine/types.ts';
import type { Runtime } from '#core/runtime.ts';
import { inboundTexts, type InboundText } from '#modules/messages/public.ts';
import { notify } from '#modules/notifications/public.ts';
import { changeTickets } from '../change.ts';
import { createTickets, type NewTicket } from '../create.ts';
import { addEntries, type NewEntry } from '../entries.ts';
import { beginWaiting } from '../sla/clocks.ts';
import { setState, theyWrote } from '../state.ts';
import type { Priority, TicketState } from '../tables.ts';

/** Where messages stand, and whether that ticket may still be written on. */
const STANDING: Statement = {
  name: 'tickets.of_messages',
  text: `select e.message_id as "messageId", t.id, t.state, t.subject, t.person_id as "personId", t.assignee_id as "assigneeId"
           from ticket_entries e join tickets t on t.id = e.ticket_id where e.company_id = $1 and e.message_id = any ($2::uuid[])`,
};
/** A mail without the fields that name its thread, but with the subject of a ticket of the same person that is not closed. tickets_person serves it. */
const BY_SUBJECT: Statement = {
  name: 'tickets.by_subject',
  text: `select distinct on (x.message_id) x.message_id as "messageId", t.id, t.state, t.subject, t.person_id as "personId", t.assignee_id as "assigneeId"
           from jsonb_to_recordset($2::jsonb) as x(message_id uuid, person_id uuid, subject text)
           join tickets t on t.person_id = x.person_id and t.company_id = $1 and t.state <> 'closed' and lower(t.subject) = lower(x.subject)
          order by x.message_id, t.last_at desc`,
};
const ADDRESSES: Statement = {
  name: 'tickets.addresses_of',
  text: `select id, priority, assignee_id as "assigneeId" from ticket_addresses where company_id = $1 and id = any ($2::uuid[])`,
};

interface Standing {
  readonly messageId: string;
  readonly id: string;
  readonly state: TicketState;
  readonly subject: string;
  readonly personId: string;
  readonly assigneeId: string | null;
}

/** What of one mail matters here. */
interface Mail {
  readonly messageId: string;
  readonly personId: string;
  readonly auto: boolean;
  readonly supportAddressId: string | null;
  readonly followsMessageId: string | null;
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

function mailOf({ personId, payload }: DomainEvent): Mail | null {
  const messageId = text(payload?.['message_id']);
  if (messageId === null || personId === undefined) return null;
  return {
    messageId,
    personId,
    auto: payload?.['auto'] === true,
    supportAddressId: text(payload?.['support_address_id']),
    followsMessageId: text(payload?.['follows_message_id']),
  };
}

/** The subject without what mail programs put before it. */
const bareSubject = (subject: string): string =>
  subject.replace(/^(\s*(re|aw|antw|sv|vs|rif|res|odp|wg|fwd?|tr)\s*(\[\d+\])?\s*:\s*)+/i, '').trim();

/**
 * A mail came in: it stands on the ticket whose mail it answers, whatever it is addressed to, and opens one when it was written to the support. One to a ticket that
 * is closed opens the next, which names it. What a machine wrote stands on a ticket, but opens and restarts none.
 */
const onReceived: EventHandler = {
  event: 'message.received',
  name: 'tickets.received',
  async handle(tx, events, runtime) {
    for (const [companyId, ofCompany] of Map.groupBy(events, (event) => event.companyId)) {
      const mails = ofCompany.flatMap((event) => mailOf(event) ?? []);
      const concerned = await onTickets(tx, companyId, mails);
      if (concerned.length > 0) await takeMails(tx, runtime, companyId, concerned);
    }
  },
};

/** Mails that belong to a ticket, or open one, each with the ticket that it was found to stand on. */
async function onTickets(tx: Transaction, companyId: string, mails: readonly Mail[]): Promise<{ mail: Mail; standing: Standing | null }[]> {
  const follows = mails.flatMap(({ followsMessageId }) => followsMessageId ?? []);
  const known = follows.length === 0 ? [] : await tx.query<Standing>(STANDING, [companyId, follows]);
  const byMessage = new Map(known.map((row) => [row.messageId, row]));
  return mails.flatMap((mail) => {
    const standing = byMessage.get(mail.followsMessageId ?? '') ?? null;
    return standing === null && (mail.supportAddressId === null || mail.auto) ? [] : [{ mail, standing }];
  });
}

async function takeMails(
  tx: Transaction,
  runtime: Runtime,
  companyId: string,
  concerned: readonly { readonly mail: Mail; readonly standing: Standing | null }[],
): Promise<void> {
  const texts = new Map(
    (
      await inboundTexts(
        tx,
        companyId,
        concerned.map(({ mail }) => mail.messageId),
      )
    ).map((one) => [one.id, one]),
  );
  const bySubject = await sameSubject(tx, companyId, concerned, texts);
  const placed = concerned.map(({ mail, standing }) => ({ mail, standing: standing ?? bySubject.get(mail.messageId) ?? null }));
  const opens = placed.filter(({ mail, standing }) => !mail.auto && (standing === null || standing.state === 'closed'));
  const made = await openTickets(tx, runtime, companyId, opens, texts);
  const at = runtime.clock.now();
  const entries = placed.flatMap(({ mail, standing }): NewEntry[] => {
    const ticketId = made.get(mail.messageId) ?? standing?.id;
    return ticketId === undefined ? [] : [{ ticketId, kind: 'message', messageId: mail.messageId, inbound: true, auto: mail.auto }];
  });
  const fresh = await addEntries(tx, companyId, entries, at);
  const again = placed.filter(
    ({ mail, standing }) => standing !== null && standing.state !== 'closed' && !mail.auto && fresh.has(mail.messageId),
  );
  await changeTickets(tx, runtime, {
    companyId,
    ids: again.map(({ standing }) => standing?.id ?? ''),
    by: null,
    change: (ticket, now) => {
      if (ticket.state !== 'closed') theyWrote(ticket, now);
    },
  });
  await tellAssignees(tx, runtime, companyId, again, texts);
}

async function sameSubject(
  tx: Transaction,
  companyId: string,
  concerned: readonly { readonly mail: Mail; readonly standing: Standing | null }[],
  texts: ReadonlyMap<string, InboundText>,
): Promise<ReadonlyMap<string, Standing>> {
  const wanted = concerned.flatMap(({ mail, standing }) => {
    const subject = texts.get(mail.messageId)?.subject ?? '';
    const bare = bareSubject(subject);
    return standing !== null || bare === subject.trim() || bare === ''
      ? []
      : [{ message_id: mail.messageId, person_id: mail.personId, subject: bare }];
  });
  const rows = wanted.length === 0 ? [] : await tx.query<Standing>(BY_SUBJECT, [companyId, JSON.stringify(wanted)]);
  return new Map(rows.map((row) => [row.messageId, row]));
}

/** Ids of the new tickets, by the mail that opened each. */
async function openTickets(
  tx: Transaction,
  runtime: Runtime,
  companyId: string,
  opens: readonly { readonly mail: Mail; readonly standing: Standing | null }[],
  texts: ReadonlyMap<string, InboundText>,
): Promise<ReadonlyMap<string, string>> {
  if (opens.length === 0) return new Map();
  const addresses = new Map(
    (
      await tx.query<{ id: string; priority: Priority; assigneeId: string | null }>(ADDRESSES, [
        companyId,
        opens.flatMap(({ mail }) => mail.supportAddressId ?? []),
      ])
    ).map((row) => [row.id, row]),
  );
  const wanted = opens.map(({ mail, standing }): NewTicket => {
    const address = addresses.get(mail.supportAddressId ?? '');
    const subject = bareSubject(texts.get(mail.messageId)?.subject ?? '');
    return {
      personId: mail.personId,
      subject: subject === '' ? '(no subject)' : subject,
      source: 'mail',
      priority: address?.priority ?? 'normal',
      assigneeId: standing?.assigneeId ?? address?.assigneeId ?? null,
      addressId: address?.id ?? null,
      followsId: standing?.id ?? null,
      key: `mail:${mail.messageId}`,
      waits: true,
    };
  });
  const ids = await createTickets(tx, runtime, companyId, wanted);
  return new Map(opens.map(({ mail }, place) => [mail.messageId, ids[place] ?? '']));
}

async function tellAssignees(
  tx: Transaction,
  runtime: Runtime,
  companyId: string,
  again: readonly { readonly mail: Mail; readonly standing: Standing | null }[],
  texts: ReadonlyMap<string, InboundText>,
): Promise<void> {
  await notify(
    tx,
    runtime,
    again.flatMap(({ mail, standing }) => {
      const said = texts.get(mail.messageId);
      if (standing?.assigneeId == null || said === undefined) return [];
      return [
        {
          companyId,
          userId: standing.assigneeId,
          kind: 'ticket_reply' as const,
          key: `ticket_reply:${mail.messageId}`,
          title: `${said.fromName || said.from} wrote on “${standing.subject}”`,
          body: said.text.replace(/\s+/g, ' ').trim().slice(0, 200),
          link: `/tickets/${standing.id}`,
          personId: mail.personId,
        },
      ];
    }),
  );
}

/** An answer of ours that never reached them is none: the ticket is open again, and they wait. */
const onLost = (event: string): EventHandler => ({
  event,
  name: `tickets.${event}`,
  async handle(tx, events, runtime) {
    for (const [companyId, ofCompany] of Map.groupBy(events, (one) => one.companyId)) {
      const ids = ofCompany.flatMap(
        ({ subject, payload }) => text(payload?.['message_id']) ?? (subject.type === 'message' ? subject.id : []),
      );
      const rows = ids.length === 0 ? [] : await tx.query<Standing>(STANDING, [companyId, ids]);
      await changeTickets(tx, runtime, {
        companyId,
        ids: rows.map((row) => row.id),
        by: null,
        change(ticket, at) {
          if (ticket.state === 'closed' || ticket.waitingSince !== null) return;
          setState(ticket, 'open', at);
          beginWaiting(ticket, at);
        },
      });
    }
  },
});

export const followers: readonly EventHandler[] = [onReceived, ...['message.refused', 'message.bounced'].map(onLost)];
