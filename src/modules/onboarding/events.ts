import type { Statement } from '#core/database/database.ts';
import type { EventHandler } from '#core/engine/types.ts';
import { settleTask } from './course/settle.ts';

/** Open tasks of ours whose to-do was settled elsewhere: in the list of tasks, on the person. */
const OF_TODOS: Statement = {
  name: 'onboarding.of_todos',
  text: `select t.company_id as "companyId", t.onboarding_id as "onboardingId", t.id as "taskId", e.state, d.done_by as by
           from jsonb_to_recordset($1::jsonb) as e(company_id uuid, todo_id uuid, state text)
           join onboarding_tasks t on t.todo_id = e.todo_id and t.company_id = e.company_id and t.state = 'open'
           join onboardings o on o.id = t.onboarding_id and o.state = 'running'
           join tasks d on d.id = e.todo_id and d.company_id = e.company_id`,
};

interface Found {
  readonly companyId: string;
  readonly onboardingId: string;
  readonly taskId: string;
  readonly state: string;
  readonly by: string | null;
}

/** Our part may be ticked off wherever tasks are shown. */
export const onTodoSettled: EventHandler = {
  event: 'task.settled',
  name: 'onboarding.todo_settled',
  async handle(tx, events, runtime) {
    const settled = events.filter(({ subject }) => subject.type === 'onboarding');
    if (settled.length === 0) return;
    const rows = settled.map(({ companyId, payload }) => ({
      company_id: companyId,
      todo_id: payload?.['task_id'],
      state: payload?.['state'],
    }));
    // A few at a time: they are ticked off by hand.
    for (const { companyId, onboardingId, taskId, state, by } of await tx.query<Found>(OF_TODOS, [JSON.stringify(rows)])) {
      const what = { onboardingId, taskId, state: state === 'done' ? ('done' as const) : ('skipped' as const), by };
      await runtime.engine.emit(tx, await settleTask(tx, companyId, what, runtime.clock.now()));
    }
  },
};

const WAITING: Statement = {
  name: 'onboarding.waiting',
  text: `select o.company_id as "companyId", o.id, c.person_id as "personId", o.waits_since as since,
           (select t.title from onboarding_tasks t where t.onboarding_id = o.id and t.state = 'open' order by t.due_on nulls last, t.position limit 1) as task
         from jsonb_to_recordset($1::jsonb) as e(company_id uuid, id uuid) join onboardings o on o.id = e.id and o.company_id = e.company_id
         join clients c on c.id = o.client_id where o.state = 'running' and o.waits_since is not null`,
};

interface Waiting {
  readonly companyId: string;
  readonly id: string;
  readonly personId: string;
  readonly since: Date;
  readonly task: string | null;
}

/** Says that only the client can go on, each time something moved. By the event: runs that it ended are over before those of the next wait begin. */
const onMoved = (event: 'onboarding.started' | 'onboarding.task_settled'): EventHandler => ({
  event,
  name: `${event}.waits`,
  async handle(tx, events, runtime) {
    const rows = events.map(({ companyId, subject }) => ({ company_id: companyId, id: subject.id }));
    const waiting = await tx.query<Waiting>(WAITING, [JSON.stringify(rows)]);
    const said = waiting.map(({ companyId, id, personId, since, task }) => ({
      name: 'onboarding.blocked',
      companyId,
      subject: { type: 'onboarding', id },
      personId,
      payload: { since: since.toISOString(), task: task ?? '' },
    }));
    if (said.length > 0) await runtime.engine.emit(tx, said);
  },
});

export const onStarted = onMoved('onboarding.started');
export const onTaskSettled = onMoved('onboarding.task_settled');

const WITH_CALL: Statement = {
  name: 'onboarding.with_call',
  text: `select e.place, o.company_id as "companyId", o.id, c.person_id as "personId" from jsonb_to_recordset($1::jsonb) as e(place integer, company_id uuid, person_id uuid)
           join clients c on c.person_id = e.person_id and c.company_id = e.company_id join onboardings o on o.client_id = c.id and o.company_id = c.company_id and o.state = 'running'`,
};

/** A call with somebody who is being taken on is a call of that onboarding, whoever booked it. */
const onCall = (event: 'call.booked' | 'call.moved' | 'call.cancelled'): EventHandler => ({
  event,
  name: `${event}.onboarding`,
  async handle(tx, events, runtime) {
    const rows = events.map(({ companyId, personId }, place) => ({ place, company_id: companyId, person_id: personId ?? null }));
    const found = await tx.query<{ place: number; companyId: string; id: string; personId: string }>(WITH_CALL, [JSON.stringify(rows)]);
    const said = found.map(({ place, companyId, id, personId }) => ({
      name: event === 'call.cancelled' ? 'onboarding.call_cancelled' : 'onboarding.call_scheduled',
      companyId,
      subject: { type: 'onboarding', id },
      personId,
      payload: {
        at: events[place]?.payload?.['at'] ?? '',
        ...(event === 'call.cancelled' ? {} : { moved: event === 'call.moved' }),
      },
    }));
    if (said.length > 0) await runtime.engine.emit(tx, said);
  },
});

export const onCallBooked = onCall('call.booked');
export const onCallMoved = onCall('call.moved');
export const onCallCancelled = onCall('call.cancelled');
