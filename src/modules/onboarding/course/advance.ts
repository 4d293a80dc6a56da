import { DateTime } from 'luxon';
import type { Statement, Transaction } from '#core/database/database.ts';
import type { DomainEvent } from '#core/engine/types.ts';
import { holidaysOf } from '#modules/messages/public.ts';
import { createTasks } from '#modules/workflows/public.ts';
import { dayIn, dueDay } from './due.ts';
import { courseOf, type Standing } from './next.ts';

interface Head {
  readonly id: string;
  readonly clientId: string;
  readonly personId: string;
  readonly clientName: string;
  readonly ownerId: string | null;
  readonly startedOn: string;
  readonly state: string;
  readonly waitsSince: Date | null;
  readonly zone: string;
}

interface TaskRow extends Omit<Standing, 'settledOn'> {
  readonly id: string;
  readonly title: string;
  readonly body: string;
  readonly assigneeId: string | null;
  readonly settledAt: Date | null;
}

/** Locked: two who settle tasks at once follow each other. */
const HEAD: Statement = {
  name: 'onboarding.head',
  text: `select o.id, o.client_id as "clientId", c.person_id as "personId", coalesce(nullif(p.full_name, ''), p.email, 'Client') as "clientName", c.owner_id as "ownerId",
           o.started_on::text as "startedOn", o.state, o.waits_since as "waitsSince", coalesce(co.settings ->> 'time_zone', 'UTC') as zone
         from onboardings o join clients c on c.id = o.client_id join people p on p.id = c.person_id join companies co on co.id = o.company_id
         where o.company_id = $1 and o.id = $2 for update of o`,
};
const TASKS: Statement = {
  name: 'onboarding.course',
  text: `select id, key, title, body, owner, state, needs, due_days as "dueDays", due_of as "dueOf", due_after as "dueAfter", due_on::text as "dueOn", assignee_id as "assigneeId",
           settled_at as "settledAt" from onboarding_tasks where company_id = $1 and onboarding_id = $2 order by position`,
};
const MOVE: Statement = {
  name: 'onboarding.move',
  text: `update onboarding_tasks t set state = case when e.opens then 'open' else t.state end, opened_at = case when e.opens then $3 else t.opened_at end,
           due_on = coalesce(e.due_on, t.due_on), todo_id = coalesce(e.todo_id, t.todo_id), updated_at = $3
         from jsonb_to_recordset($2::jsonb) as e(id uuid, opens boolean, due_on date, todo_id uuid) where t.company_id = $1 and t.id = e.id`,
};
const STAND: Statement = {
  name: 'onboarding.stand',
  text: `update onboardings set waits_since = $3, state = case when $4 then 'done' else state end, ended_at = case when $4 then $5 else ended_at end, updated_at = $5
          where company_id = $1 and id = $2`,
};

/**
 * Opens what may be begun, tells days that can be told, gives colleagues what is theirs, and says what became of the whole. To be called in the transaction
 * that began the onboarding or settled one of its tasks. Answers what happened, for the outbox; nothing for one that has ended. That it waits for its client is
 * said by `onMoved`.
 */
export async function advance(tx: Transaction, companyId: string, onboardingId: string, at: Date): Promise<DomainEvent[]> {
  const [head] = await tx.query<Head>(HEAD, [companyId, onboardingId]);
  if (head?.state !== 'running') return [];
  const rows = await tx.query<TaskRow>(TASKS, [companyId, onboardingId]);
  const calendar = await holidaysOf(tx, companyId);
  const closed = (day: string) => calendar !== null && calendar.closed(day) !== null;
  const standing = rows.map((row): Standing & TaskRow => ({
    ...row,
    settledOn: row.settledAt === null ? null : dayIn(row.settledAt, head.zone),
  }));
  const course = courseOf(standing, head.startedOn, (from, days, of) => dueDay(from, days, of, closed));

  const ours = standing.filter((task) => task.owner === 'us' && course.opens.includes(task.key));
  const todoIds = await createTasks(
    tx,
    ours.map((task) => ({
      companyId,
      title: `${task.title} – ${head.clientName}`,
      body: task.body,
      kind: 'onboarding',
      link: `/clients/${head.clientId}`,
      subject: { type: 'onboarding', id: head.id },
      personId: head.personId,
      assigneeId: task.assigneeId ?? head.ownerId,
      dueAt: endOf(course.due.get(task.key) ?? task.dueOn, head.zone),
      key: `onboarding:${task.id}`,
    })),
  );
  const moved = standing.flatMap((task) => {
    const opens = course.opens.includes(task.key);
    const dueOn = course.due.get(task.key) ?? null;
    const todo = ours.indexOf(task);
    return opens || dueOn !== null ? [{ id: task.id, opens, due_on: dueOn, todo_id: todo === -1 ? null : (todoIds[todo] ?? null) }] : [];
  });
  if (moved.length > 0) await tx.query(MOVE, [companyId, JSON.stringify(moved), at]);
  const waitsSince = course.waitsForClient ? (head.waitsSince ?? at) : null;
  await tx.query(STAND, [companyId, head.id, waitsSince, course.done, at]);

  if (!course.done) return [];
  return [{ companyId, subject: { type: 'onboarding', id: head.id }, personId: head.personId, name: 'onboarding.done', payload: {} }];
}

/** Five in the afternoon of a day, where the company is. */
function endOf(day: string | null, zone: string): Date | null {
  return day === null ? null : DateTime.fromISO(`${day}T17:00`, { zone }).toJSDate();
}
