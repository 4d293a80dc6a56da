import { setInteractionFacts } from '#modules/people/public.ts';
import type { Statement, Transaction } from '#core/database/database.ts';
import type { DomainEvent } from '#core/engine/types.ts';
import type { Runtime } from '#core/runtime.ts';
import type { Machine } from './agents.ts';

/** A hit is judged when what came with it has come, too. Seconds. */
const WAIT_S = 20;
/** Nobody reads a mail so soon after it left, in seconds; gateways do. */
const AT_ONCE_S = 10;
/** So many links of one mail within so many seconds were followed by no hand. */
const LINKS_AT_ONCE = 3;
const LINKS_WITHIN_S = 5;
/** Around the link that no reader sees: whatever follows it follows the others, too. */
const HIDDEN_WITHIN_S = 60;
const BATCH = 1_000;

// message_hits_due finds them, message_hits_message what is beside them.
const JUDGE: Statement = {
  name: 'tracking.judge',
  text: `with due as (
      select h.id, h.message_id, h.kind, h.at, h.machine, m.sent_at from message_hits h join messages m on m.id = h.message_id
       where h.judged_at is null and h.at <= $1::timestamptz - interval '${WAIT_S} seconds' order by h.at limit ${BATCH} for update of h skip locked
    ), told as (
      select d.id, case
          when exists (select from message_hits x where x.message_id = d.message_id and x.link = 0
                          and x.at between d.at - interval '${HIDDEN_WITHIN_S} seconds' and d.at + interval '${HIDDEN_WITHIN_S} seconds') then 'hidden_link'
          when d.machine is not null then d.machine
          when d.sent_at is null or d.at < d.sent_at + interval '${AT_ONCE_S} seconds' then 'at_once'
          when d.kind = 'click' and (select count(distinct x.link) from message_hits x where x.message_id = d.message_id and x.kind = 'click'
                          and x.at between d.at - interval '${LINKS_WITHIN_S} seconds' and d.at + interval '${LINKS_WITHIN_S} seconds') >= ${LINKS_AT_ONCE} then 'all_links'
        end as machine from due d
    )
    update message_hits h set machine = told.machine, judged_at = $1 from told where h.id = told.id
    returning h.company_id as "companyId", h.message_id as "messageId", h.kind, h.url, h.machine, h.at`,
};

/** The first of each by a person, in one statement; `first…` says which were the first. */
const MARK: Statement = {
  name: 'tracking.mark',
  text: `with entry as (
      select * from json_to_recordset($1::json) as x (company_id uuid, message_id uuid, opened_at timestamptz, clicked_at timestamptz)
    ), was as (
      select m.id, m.opened_at, m.clicked_at from messages m join entry x on x.message_id = m.id and x.company_id = m.company_id order by m.id for update of m
    )
    update messages m set opened_at = least(m.opened_at, x.opened_at), clicked_at = least(m.clicked_at, x.clicked_at)
      from entry x join was w on w.id = x.message_id where m.id = x.message_id and m.company_id = x.company_id
    returning m.id, m.company_id as "companyId", m.person_id as "personId", m.lead_id as "leadId", m.run_id as "runId", m.opened_at as "openedAt", m.clicked_at as "clickedAt",
      w.opened_at is null and x.opened_at is not null as "firstOpened", w.clicked_at is null and x.clicked_at is not null as "firstClicked"`,
};

interface Judged {
  readonly companyId: string;
  readonly messageId: string;
  readonly kind: 'open' | 'click';
  readonly url: string | null;
  readonly machine: Machine | null;
  readonly at: Date;
}

interface Marked {
  readonly id: string;
  readonly companyId: string;
  readonly personId: string | null;
  readonly leadId: string | null;
  readonly runId: string | null;
  readonly openedAt: Date | null;
  readonly clickedAt: Date | null;
  readonly firstOpened: boolean;
  readonly firstClicked: boolean;
}

/** Tells people from machines, for hits whose company they kept is known by now. Answers how many were judged. */
export async function judgeHits(tx: Transaction, runtime: Runtime): Promise<number> {
  const judged = await tx.query<Judged>(JUDGE, [runtime.clock.now()]);
  if (judged.length === 0) return 0;
  const byMessage = [...Map.groupBy(judged, ({ messageId }) => messageId)];
  const people = byMessage.flatMap(([messageId, hits]) => {
    const real = hits.filter(({ machine }) => machine === null);
    const [first] = real;
    if (first === undefined) return [];
    return [{ company_id: first.companyId, message_id: messageId, opened_at: earliest(real, 'open'), clicked_at: earliest(real, 'click') }];
  });
  const marked = people.length === 0 ? [] : await tx.query<Marked>(MARK, [JSON.stringify(people)]);
  await setInteractionFacts(tx, [
    ...marked.map((row) => ({
      companyId: row.companyId,
      messageId: row.id,
      facts: { opened_at: row.openedAt?.toISOString() ?? null, clicked_at: row.clickedAt?.toISOString() ?? null },
    })),
    ...byMessage.flatMap(([messageId, hits]) => {
      const machine = hits.find((hit) => hit.machine !== null);
      if (machine === undefined) return [];
      return [{ companyId: machine.companyId, messageId, facts: { machine: machine.machine, machine_at: machine.at.toISOString() } }];
    }),
  ]);
  await runtime.engine.emit(
    tx,
    marked.flatMap((row): DomainEvent[] => [
      ...(row.firstOpened ? [about(row, 'message.opened')] : []),
      ...(row.firstClicked ? [about(row, 'message.clicked')] : []),
    ]),
  );
  return judged.length;
}

function earliest(hits: readonly Judged[], kind: Judged['kind']): Date | null {
  const times = hits.filter((hit) => hit.kind === kind).map(({ at }) => at.getTime());
  return times.length === 0 ? null : new Date(Math.min(...times));
}

function about(row: Marked, name: string): DomainEvent {
  return {
    name,
    companyId: row.companyId,
    subject: { type: 'message', id: row.id },
    ...(row.personId === null ? {} : { personId: row.personId }),
    payload: { message_id: row.id, lead_id: row.leadId, run_id: row.runId },
  };
}
