import type { Statement, Transaction } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';
import { notify, type NewNotification } from '#modules/notifications/public.ts';

/** Those of the approvers of `a` who are still to decide and still can: somebody who was switched off or has left holds nobody up. */
const WAITING_FOR = `array(select x.id from unnest(a.approvers) with ordinality as x (id, n)
    join users u on u.id = x.id and u.company_id = a.company_id and u.is_active and u.deleted_at is null
   where x.n > a.turn order by x.n)`;

/** One row for each user who may decide `a` now, as `asked (user_id)`: whoever comes first; where nobody is left of those who were named, any admin. */
const ASKED = `cross join lateral (select ${WAITING_FOR} as left_over) l
  cross join lateral (
    select u.id as user_id from users u where u.company_id = a.company_id and u.is_active and u.deleted_at is null
       and case when a.approvers = '{}' then u.role in ('manager', 'admin') when l.left_over = '{}' then u.role = 'admin' else u.id = l.left_over[1] end
  ) asked`;
const LIVE = `join runs r on r.id = a.run_id and r.company_id = a.company_id and r.state in ('running', 'waiting', 'paused')
  left join workflows w on w.id = r.workflow_id and w.company_id = a.company_id`;
const COLUMNS = `a.id, a.company_id as "companyId", asked.user_id as "userId", a.title, a.body, a.person_id as "personId", a.due_at as "dueAt", a.fallback, a.turn, a.escalated,
  coalesce(w.title, 'A workflow') as workflow`;

/** Somebody who may decide an approval now. */
interface Asked {
  readonly id: string;
  readonly companyId: string;
  readonly userId: string;
  readonly title: string;
  readonly body: string;
  readonly personId: string | null;
  readonly dueAt: Date | null;
  readonly fallback: string;
  readonly turn: number;
  readonly escalated: boolean;
  readonly workflow: string;
}

const OF: Statement = {
  name: 'approvals.asked',
  text: `select ${COLUMNS} from approvals a ${LIVE} ${ASKED} where a.id = any ($1::uuid[]) and a.state = 'waiting'`,
};
// The last quarter of the time there was, a day at most and a quarter of an hour at least. Said once a deadline.
const NEAR: Statement = {
  name: 'approvals.nearly_late',
  text: `select ${COLUMNS} from approvals a ${LIVE} ${ASKED}
          where a.state = 'waiting' and a.due_at > $1 and a.due_at <= $1::timestamptz + interval '1 day'
            and a.due_at <= $1::timestamptz + greatest(interval '15 minutes', (a.due_at - a.created_at) / 4)
            and not exists (select from notifications n where n.company_id = a.company_id and n.user_id = asked.user_id
                              and n.key = 'approval_due:' || a.id || ':' || extract(epoch from a.due_at)::bigint)
          order by a.due_at limit 1000`,
};

const ELSE: Readonly<Record<string, string>> = {
  approve: 'it counts as approved',
  reject: 'it counts as rejected',
  escalate: 'others are asked',
  end: 'its run ends',
};

/** What it is about, how long there is time, and what happens else. */
function wordsOf(one: Asked): string {
  const until =
    one.dueAt === null
      ? ''
      : `Until ${one.dueAt.toISOString().slice(0, 16).replace('T', ' ')} UTC, then ${ELSE[one.fallback] ?? 'it is over'}.`;
  return [one.workflow, until, one.body.replace(/\s+/g, ' ').slice(0, 300)].filter((part) => part !== '').join(' · ');
}

/** The mail leads to the page. It decides nothing: only a signed-in POST does. */
const entry = (one: Asked, kind: 'approval_requested' | 'approval_due', title: string, key: string): NewNotification => ({
  companyId: one.companyId,
  userId: one.userId,
  kind,
  key,
  title,
  body: wordsOf(one),
  link: `/approvals?id=${one.id}`,
  personId: one.personId,
});

/** Tells those who may decide these now, once for each turn. */
export async function tellAsked(tx: Transaction, runtime: Runtime, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const asked = await tx.query<Asked>(OF, [ids]);
  await notify(
    tx,
    runtime,
    asked.map((one) =>
      entry(one, 'approval_requested', `Decide: ${one.title}`, `approval:${one.id}:${one.turn}${one.escalated ? ':others' : ''}`),
    ),
  );
}

/** Tells those who may decide what is nearly too late. Answers how many were told. */
export async function tellNearlyLate(tx: Transaction, runtime: Runtime): Promise<number> {
  const asked = await tx.query<Asked>(NEAR, [runtime.clock.now()]);
  return notify(
    tx,
    runtime,
    asked.map((one) =>
      entry(
        one,
        'approval_due',
        `Nearly too late: ${one.title}`,
        `approval_due:${one.id}:${Math.floor((one.dueAt?.getTime() ?? 0) / 1_000)}`,
      ),
    ),
  );
}
