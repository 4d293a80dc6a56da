import type { Statement, Transaction } from '#core/database/database.ts';
import type { DomainEvent, EventHandler } from '#core/engine/types.ts';
import type { Runtime } from '#core/runtime.ts';
import { leadsOfPersons } from '#modules/leads/public.ts';
import { inboundTexts } from '#modules/messages/public.ts';
import { notify } from '#modules/notifications/public.ts';
import { tellPages } from './tell.ts';

/** Something new from the person: the conversation begins, is reopened, and comes back from its snooze. */
const OPEN: Statement = {
  name: 'conversations.open',
  text: `insert into conversations as c (person_id, company_id, assignee_id, last_at, created_at, updated_at)
         select p.id, $1, u.id, $3, $3, $3 from jsonb_to_recordset($2::jsonb) as x (person_id uuid, owner_id uuid)
           join people p on p.id = x.person_id and p.company_id = $1
           left join users u on u.id = x.owner_id and u.company_id = $1 and u.is_active and u.deleted_at is null
         on conflict (person_id) do update set state = 'open', snoozed_until = null, snoozed_by = null, updated_at = excluded.updated_at
         returning person_id as "personId", assignee_id as "assigneeId"`,
};

/**
 * Where conversations stand by their messages: worked out anew each time, so that the order in which events arrive does not matter. Who waits, waits since
 * the first message that neither a person answered nor somebody called done. messages_person serves each.
 */
const REFRESH: Statement = {
  name: 'conversations.refresh',
  text: `update conversations c set last_message_id = l.id, last_at = greatest(l.at, c.last_at), inbound_at = i.at, waiting_since = w.at, updated_at = $3
           from conversations o
           left join lateral (select m.id, m.created_at as at from messages m where m.person_id = o.person_id and not m.sensitive
             and m.state in ('sent', 'captured', 'in_doubt', 'received', 'queued') order by m.created_at desc, m.id desc limit 1) l on true
           left join lateral (select m.created_at as at from messages m where m.person_id = o.person_id and m.direction = 'inbound' and not m.auto order by m.created_at desc limit 1) i on true
           left join lateral (select m.created_at as at from messages m where m.person_id = o.person_id and m.personal and m.direction = 'outbound'
             and m.state in ('sent', 'captured', 'in_doubt', 'queued') order by m.created_at desc limit 1) a on true
           left join lateral (select min(m.created_at) as at from messages m where m.person_id = o.person_id and m.direction = 'inbound' and not m.auto and o.state = 'open'
             and m.created_at > coalesce(greatest(a.at, o.done_at), '-infinity')) w on true
          where c.person_id = o.person_id and o.company_id = $1 and o.person_id = any ($2::uuid[]) and l.id is not null
         returning c.person_id as "personId"`,
};

/** Brings these conversations up to date and tells the pages that show them. People without one are left out. */
export async function refreshConversations(
  tx: Transaction,
  runtime: Runtime,
  companyId: string,
  personIds: readonly string[],
): Promise<void> {
  const rows = await tx.query<{ personId: string }>(REFRESH, [companyId, [...new Set(personIds)], runtime.clock.now()]);
  await tellPages(
    tx,
    companyId,
    rows.map((row) => row.personId),
  );
}

const personsOf = (events: readonly DomainEvent[]) => Map.groupBy(events, (event) => event.companyId);

/** Somebody wrote: their conversation is open, its assignee is told. An automatic answer opens nothing, nor does what stands on a ticket: it waits for its answer there. */
const onReceived: EventHandler = {
  event: 'message.received',
  name: 'conversations.received',
  async handle(tx, events, runtime) {
    for (const [companyId, ofCompany] of personsOf(events)) {
      const written = ofCompany.filter(({ payload }) => payload?.['auto'] !== true && payload?.['of_ticket'] !== true);
      const people = [...new Set(written.flatMap(({ personId }) => personId ?? []))];
      const owners = new Map((await leadsOfPersons(tx, companyId, people)).map((lead) => [lead.personId, lead.ownerId]));
      const opened = await tx.query<{ personId: string; assigneeId: string | null }>(OPEN, [
        companyId,
        JSON.stringify(people.map((id) => ({ person_id: id, owner_id: owners.get(id) ?? null }))),
        runtime.clock.now(),
      ]);
      await tellAssignees(tx, runtime, companyId, written, opened);
      await refreshConversations(
        tx,
        runtime,
        companyId,
        ofCompany.flatMap(({ personId }) => personId ?? []),
      );
    }
  },
};

/** The same key as the notice to the owner of the lead: who is both hears it once. */
async function tellAssignees(
  tx: Transaction,
  runtime: Runtime,
  companyId: string,
  events: readonly DomainEvent[],
  opened: readonly { readonly personId: string; readonly assigneeId: string | null }[],
): Promise<void> {
  const assignees = new Map(opened.map((row) => [row.personId, row.assigneeId]));
  const ids = events.flatMap(({ personId, payload }) => {
    const id = payload?.['message_id'];
    return personId !== undefined && assignees.get(personId) != null && typeof id === 'string' ? [id] : [];
  });
  const texts = ids.length === 0 ? [] : await inboundTexts(tx, companyId, ids);
  await notify(
    tx,
    runtime,
    texts.flatMap((text) => {
      const userId = assignees.get(text.personId ?? '');
      if (userId == null || text.personId === null) return [];
      return [
        {
          companyId,
          userId,
          kind: 'reply' as const,
          key: `reply:${text.id}`,
          title: `${text.fromName || text.from} replied`,
          body: text.text.replace(/\s+/g, ' ').trim().slice(0, 200),
          link: `/conversations/${text.personId}`,
          personId: text.personId,
        },
      ];
    }),
  );
}

/** Messages that left, came back or were held: a conversation that exists moves up, and its pages look again. */
const follows = (event: string): EventHandler => ({
  event,
  name: `conversations.${event}`,
  async handle(tx, events, runtime) {
    for (const [companyId, ofCompany] of personsOf(events)) {
      const people = ofCompany.flatMap(({ personId, subject }) => personId ?? (subject.type === 'person' ? subject.id : []));
      if (people.length > 0) await refreshConversations(tx, runtime, companyId, people);
    }
  },
});

export const followers: readonly EventHandler[] = [
  onReceived,
  ...[
    'message.sent',
    'message.refused',
    'message.blocked',
    'message.bounced',
    'message.delivered',
    'message.classified',
    'person.merged',
    'person.unmerged',
  ].map(follows),
];
