import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { Conflict } from '#core/errors.ts';
import type { DomainEvent } from '#core/engine/types.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { pageInput, pageOf, toPage } from '#core/operation/page.ts';
import { callOff, getCall, moveCall, TimeTaken, writeCall } from '#modules/calls/public.ts';
import { ClientNotFound, getClient } from '#modules/clients/public.ts';
import { positionOf, requireUser } from '#modules/people/public.ts';
import { begin } from '../course/begin.ts';
import { dayIn } from '../course/due.ts';
import { settleTask } from '../course/settle.ts';
import { COLUMNS, FROM, getOnboarding, Onboarding, OnboardingDetail, OnboardingNotFound, OnboardingSettled } from '../shapes.ts';
import { STATES } from '../tables.ts';
import { getPlan, PlanNotFound } from './plans.ts';

const onboardingId = () => z.uuid().describe('Id of the onboarding');
const userOf = ({ principal }: Ctx): string | null => ('userId' in principal ? principal.userId : null);

/** The operation's own company is added where the events are written. */
function emitAll(ctx: Ctx, events: readonly DomainEvent[]): void {
  for (const { companyId: _, ...event } of events) ctx.emit(event);
}

const detail = (ctx: Ctx, id: string) => getOnboarding(ctx, ctx.companyId, id, ctx.clock.now());

const statements = new Map<string, Statement>();
const PARTS = { state: 'o.state = ?', clientId: 'o.client_id = ?', planId: 'o.plan_id = ?' } as const;

export const listOnboardings = operation({
  name: 'onboardings.list',
  summary: 'How far clients are: what is done, what is next, who is waited for; newest first',
  http: 'GET /api/onboardings',
  cli: 'onboarding list',
  access: 'read',
  input: z.object({
    ...pageInput,
    state: z.enum(STATES).optional(),
    clientId: z.uuid().optional(),
    planId: z.uuid().optional(),
    blocked: z.boolean().optional().describe('true: only those that wait for their client'),
  }),
  output: pageOf(Onboarding),
  async run(ctx, input) {
    // The keys of a literal object are exactly its type's keys.
    const used = (Object.keys(PARTS) as (keyof typeof PARTS)[]).filter((part) => input[part] !== undefined);
    const after = input.cursor === undefined ? [] : positionOf(input.cursor);
    const where = [
      'o.company_id = $1',
      ...used.map((part, i) => PARTS[part].replace('?', `$${i + 4}`)),
      ...(input.blocked === true ? [`o.state = 'running' and o.waits_since is not null`] : []),
      ...(after.length > 0 ? [`(o.created_at, o.id) < ($${used.length + 4}::timestamptz, $${used.length + 5}::uuid)`] : []),
    ];
    const name = ['onboarding.list', ...used, input.blocked === true ? 'blocked' : '', after.length > 0 ? 'after' : 'first'].join('.');
    const text = `select ${COLUMNS} ${FROM} where ${where.join(' and ')} order by o.created_at desc, o.id desc limit $3`;
    const statement = statements.get(name) ?? { name, text };
    statements.set(name, statement);
    const rows = await ctx.query<Onboarding>(statement, [
      ctx.companyId,
      ctx.clock.now(),
      input.limit + 1,
      ...used.map((part) => input[part]),
      ...after,
    ]);
    return toPage(rows, input.limit, (row) => [row.createdAt.getTime(), row.id]);
  },
});

export const getOnboardingOperation = operation({
  name: 'onboardings.get',
  summary: 'One onboarding with its tasks, answers and signatures',
  http: 'GET /api/onboardings/{onboarding_id}',
  cli: 'onboarding show',
  access: 'read',
  input: z.object({ onboardingId: onboardingId() }),
  output: OnboardingDetail,
  errors: [OnboardingNotFound],
  run: (ctx, input) => detail(ctx, input.onboardingId),
});

const ZONE: Statement = {
  name: 'onboarding.zone',
  text: `select coalesce(settings ->> 'time_zone', 'UTC') as zone from companies where id = $1`,
};

export const startOnboarding = operation({
  name: 'onboardings.start',
  summary: 'Take a client through a plan: all its tasks, or none',
  http: 'POST /api/onboardings',
  cli: 'onboarding start',
  access: 'write',
  status: 201,
  input: z.object({
    clientId: z.uuid().describe('Id of the client'),
    planId: z.uuid().describe('Id of the plan'),
    startedOn: z.iso.date().optional().describe('Day from which it counts; today when left out'),
  }),
  output: OnboardingDetail,
  errors: [ClientNotFound, PlanNotFound, OnboardingSettled],
  async run(ctx, input) {
    const at = ctx.clock.now();
    const client = await getClient(ctx, ctx.companyId, input.clientId);
    const plan = await getPlan(ctx, ctx.companyId, input.planId);
    const [company] = await ctx.query<{ zone: string }>(ZONE, [ctx.companyId]);
    const startedOn = input.startedOn ?? dayIn(at, company?.zone ?? 'UTC');
    const { id, events } = await begin(ctx, ctx.companyId, { client, plan, startedOn, by: userOf(ctx) }, at);
    emitAll(ctx, events);
    return detail(ctx, id);
  },
});

const CHANGE: Statement = {
  name: 'onboarding.task_change',
  text: `update onboarding_tasks set due_on = case when $4 then $5::date else due_on end, overdue_told_at = case when $4 then null else overdue_told_at end,
           assignee_id = case when $6 then $7::uuid else assignee_id end, updated_at = $8
          where company_id = $1 and onboarding_id = $2 and id = $3 and state in ('open', 'waiting')`,
};
const ASSIGN: Statement = {
  name: 'onboarding.todo_change',
  text: `update tasks d set assignee_id = case when $3 then $4::uuid else d.assignee_id end, updated_at = $5 from onboarding_tasks t
          where t.company_id = $1 and t.id = $2 and d.id = t.todo_id and d.company_id = $1 and d.state = 'open'`,
};

export const settleOnboardingTask = operation({
  name: 'onboardings.settle_task',
  summary: 'Say that a task is done or left out, or give it another day or colleague',
  http: 'PUT /api/onboardings/{onboarding_id}/tasks/{task_id}',
  cli: 'onboarding settle',
  access: 'write',
  input: z.object({
    onboardingId: onboardingId(),
    taskId: z.uuid(),
    state: z.enum(['done', 'skipped']).optional(),
    dueOn: z.iso.date().nullable().optional(),
    assigneeId: z.uuid().nullable().optional(),
  }),
  output: OnboardingDetail,
  errors: [OnboardingNotFound, OnboardingSettled],
  async run(ctx, input) {
    const found = await detail(ctx, input.onboardingId);
    ctx.expectVersion(found);
    const task = found.tasks.find(({ id }) => id === input.taskId);
    if (task === undefined) throw new OnboardingNotFound('There is no such task in this onboarding');
    const at = ctx.clock.now();
    if (input.dueOn !== undefined || input.assigneeId !== undefined) {
      await requireUser(ctx, ctx.companyId, input.assigneeId);
      await ctx.query(CHANGE, [
        ctx.companyId, found.id, task.id, input.dueOn !== undefined, input.dueOn ?? null, input.assigneeId !== undefined, input.assigneeId ?? null, at,
      ]); // prettier-ignore
      await ctx.query(ASSIGN, [ctx.companyId, task.id, input.assigneeId !== undefined, input.assigneeId ?? null, at]);
    }
    if (input.state === 'done' && task.kind !== 'task')
      throw new OnboardingSettled(
        `Only the client can ${task.kind === 'sign' ? 'sign' : task.kind === 'form' ? 'fill this in' : 'upload this'}; leave it out if it is not needed`,
      );
    if (input.state !== undefined) {
      const what = { onboardingId: found.id, taskId: task.id, state: input.state, by: userOf(ctx) };
      emitAll(ctx, await settleTask(ctx, ctx.companyId, what, at));
    }
    return detail(ctx, found.id);
  },
});

const CANCEL: Statement = {
  name: 'onboarding.cancel',
  text: `update onboardings set state = 'cancelled', waits_since = null, ended_at = $3, updated_at = $3
          where company_id = $1 and id = $2 and state = 'running' returning id`,
};
const DROP_TODOS: Statement = {
  name: 'onboarding.drop_todos',
  text: `update tasks d set state = 'dropped', done_at = $3, done_by = $4, updated_at = $3 from onboarding_tasks t
          where t.company_id = $1 and t.onboarding_id = $2 and d.id = t.todo_id and d.company_id = $1 and d.state = 'open'`,
};

export const cancelOnboarding = operation({
  name: 'onboardings.cancel',
  summary: 'End an onboarding that is not finished; its open tasks are dropped',
  http: 'PUT /api/onboardings/{onboarding_id}/cancel',
  cli: 'onboarding cancel',
  access: 'write',
  input: z.object({ onboardingId: onboardingId() }),
  output: OnboardingDetail,
  errors: [OnboardingNotFound, OnboardingSettled],
  async run(ctx, input) {
    const found = await detail(ctx, input.onboardingId);
    ctx.expectVersion(found);
    const at = ctx.clock.now();
    const ended = await ctx.query(CANCEL, [ctx.companyId, found.id, at]);
    if (ended.length === 0) throw new OnboardingSettled('This onboarding has ended already');
    await ctx.query(DROP_TODOS, [ctx.companyId, found.id, at, userOf(ctx)]);
    ctx.emit({ name: 'onboarding.cancelled', subject: { type: 'onboarding', id: found.id }, personId: found.personId });
    // A call that is still to come is called off with it.
    if (found.callId !== null && found.callAt !== null && found.callAt > at)
      await callOff(ctx, ctx.runtime, await getCall(ctx, ctx.companyId, found.callId, { lock: true }), 'us');
    return detail(ctx, found.id);
  },
});

/** The one that was planned, or called off, since it began and is not over: calendars know it already. */
const KNOWN_CALL: Statement = {
  name: 'onboarding.known_call',
  text: `select k.id from onboardings o join clients c on c.id = o.client_id join calls k on k.company_id = o.company_id and k.person_id = c.person_id and k.created_at >= o.created_at
          where o.company_id = $1 and o.id = $2 and k.ends_at > $3 order by k.state = 'planned' desc, k.starts_at desc limit 1`,
};

export const scheduleCall = operation({
  name: 'onboardings.schedule_call',
  summary: 'Invite the client to the onboarding call; again moves it, and the invitation in their calendar with it',
  http: 'PUT /api/onboardings/{onboarding_id}/call',
  cli: 'onboarding call',
  access: 'write',
  input: z.object({
    onboardingId: onboardingId(),
    at: z.date(),
    minutes: z.coerce.number().int().min(5).max(480).default(30),
    place: z.string().trim().max(500).default('').describe('A link, a number or an address'),
  }),
  output: OnboardingDetail,
  errors: [OnboardingNotFound, OnboardingSettled, TimeTaken],
  async run(ctx, input) {
    const found = await detail(ctx, input.onboardingId);
    ctx.expectVersion(found);
    if (found.state !== 'running') throw new OnboardingSettled('This onboarding has ended already');
    const { at, minutes, place } = input;
    const [known] = await ctx.query<{ id: string }>(KNOWN_CALL, [ctx.companyId, found.id, ctx.clock.now()]);
    if (known === undefined)
      await writeCall(ctx, ctx.runtime, ctx.companyId, {
        personId: found.personId, kindId: null, hostId: found.ownerId, title: 'Onboarding call', startsAt: at, minutes, place, timeZone: null, bookedBy: 'us', by: userOf(ctx),
      }); // prettier-ignore
    else
      await moveCall(ctx, ctx.runtime, await getCall(ctx, ctx.companyId, known.id, { lock: true }), {
        startsAt: at,
        minutes,
        place,
        by: 'us',
      });
    return detail(ctx, found.id);
  },
});

/** No call is planned that could be called off. */
export class NoCallPlanned extends Conflict {
  override readonly code = 'no_call_planned';
}

export const cancelCall = operation({
  name: 'onboardings.cancel_call',
  summary: 'Call the onboarding call off; a mail says so and takes it out of the client’s calendar',
  http: 'PUT /api/onboardings/{onboarding_id}/call/cancel',
  cli: 'onboarding cancel-call',
  access: 'write',
  input: z.object({ onboardingId: onboardingId() }),
  output: OnboardingDetail,
  errors: [OnboardingNotFound, NoCallPlanned],
  async run(ctx, input) {
    const found = await detail(ctx, input.onboardingId);
    ctx.expectVersion(found);
    if (found.callId === null || found.callAt === null || found.callAt <= ctx.clock.now())
      throw new NoCallPlanned('No call is planned that is still to come');
    await callOff(ctx, ctx.runtime, await getCall(ctx, ctx.companyId, found.callId, { lock: true }), 'us');
    return detail(ctx, found.id);
  },
});
