import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { holdSchedules, releaseSchedule } from '#core/engine/schedule/hold.ts';
import { firingsAfter, scheduleFault } from '#core/engine/schedule-times.ts';
import type { ScheduleSpec } from '#core/engine/types.ts';
import { Conflict, InvalidInput } from '#core/errors.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { pageInput, pageOf } from '#core/operation/page.ts';
import { listPage, type Listing } from '../list.ts';
import { onHold, presentSchedule, ruleOf, Schedule, scheduleRow, SELECT, specOf, type ScheduleRow } from '../schedules/row.ts';
import { userIdOf } from './workflows.ts';

/** The schedule is on hold, or it is not: what was asked does not apply. */
export class ScheduleHold extends Conflict {
  override readonly code = 'schedule_hold';
}

const scheduleId = () => z.uuid().describe('Id of the schedule');
const when = {
  cron: z
    .string()
    .max(200)
    .optional()
    .describe('Five fields: minute hour day month weekday, e.g. 0 9 * * 1-5; L is the last day of a month'),
  everyS: z.int().min(60).max(31_536_000).optional().describe('Or an interval in seconds'),
  timeZone: z.string().max(100).optional().describe('IANA zone, e.g. Europe/Vienna'),
  missed: z
    .discriminatedUnion('policy', [
      z.strictObject({ policy: z.literal('skip') }),
      z.strictObject({ policy: z.literal('once') }),
      z.strictObject({ policy: z.literal('all'), withinS: z.int().min(1).max(31_536_000) }),
    ])
    .optional()
    .describe('Firings missed while nothing ran: skip them, run one, or run all not older than within_s'),
};
type When = { readonly [K in keyof typeof when]?: z.output<(typeof when)[K]> };

/** What is named changes, the rest stays. @throws InvalidInput naming the field */
function changed(spec: ScheduleSpec, { cron, everyS, timeZone, missed }: When): ScheduleSpec {
  if (cron !== undefined && everyS !== undefined)
    throw new InvalidInput('Give either cron or every_s', { fields: [{ path: 'cron', message: 'not together with every_s' }] });
  const time =
    cron !== undefined
      ? { cron }
      : everyS !== undefined
        ? { everyS }
        : { ...(spec.cron === undefined ? {} : { cron: spec.cron }), ...(spec.everyS === undefined ? {} : { everyS: spec.everyS }) };
  const next: ScheduleSpec = { ...time, timeZone: timeZone ?? spec.timeZone, missed: missed ?? spec.missed };
  const fault = scheduleFault(next);
  if (fault !== null) {
    const path = fault.path === 'timeZone' ? 'time_zone' : fault.path;
    throw new InvalidInput(`The schedule can’t be: ${path}: ${fault.message}`, { fields: [{ path, message: fault.message }] });
  }
  return next;
}

const LISTING: Listing = { name: 'schedules.list', select: SELECT, conditions: { workflowId: 't.workflow_id = ?' } };

export const listSchedules = operation({
  name: 'schedules.list',
  summary: 'Schedules of workflows with their next ten firings',
  http: 'GET /api/schedules',
  cli: 'schedules list',
  columns: ['workflow_title', 'cron', 'next_at', 'last_at', 'missed_count', 'id'],
  access: 'read',
  input: z.object({ ...pageInput, workflowId: z.uuid().optional() }),
  output: pageOf(Schedule),
  async run(ctx, { limit, cursor, ...filters }) {
    const { items, nextCursor } = await listPage<ScheduleRow>(ctx, ctx.companyId, LISTING, filters, { limit, cursor });
    return { items: items.map((row) => presentSchedule(row, ctx.clock.now())), nextCursor };
  },
});

const shown = async (ctx: Ctx, id: string) => presentSchedule(await scheduleRow(ctx, id), ctx.clock.now());

export const getSchedule = operation({
  name: 'schedules.get',
  summary: 'One schedule: when it fires next, whether it is on hold, what is wrong',
  http: 'GET /api/schedules/{schedule_id}',
  cli: 'schedules get',
  access: 'read',
  input: z.object({ scheduleId: scheduleId() }),
  output: Schedule,
  run: (ctx, input) => shown(ctx, input.scheduleId),
});

export const previewSchedule = operation({
  name: 'schedules.preview',
  summary: 'When a schedule would fire: its next ten moments, before anything is saved',
  http: 'POST /api/schedules/preview',
  cli: 'schedules preview',
  access: 'read',
  status: 200,
  input: z.object({ ...when, timeZone: when.timeZone.unwrap().default('UTC') }),
  output: z.object({ next: z.array(z.date()), rule: z.string() }),
  run(ctx, input) {
    const spec = changed({ timeZone: 'UTC', missed: { policy: 'once' } }, input);
    return Promise.resolve({ next: firingsAfter(spec, ctx.clock.now(), 10), rule: ruleOf(spec) });
  },
});

const CHANGE: Statement = {
  name: 'schedules.change',
  text: `update schedules set own_spec = $3, next_at = $4, hold_next_at = $5, finish_within_s = $6, alarm = $7, updated_at = date_trunc('milliseconds', $8::timestamptz)
          where company_id = $1 and id = $2`,
};

export const updateSchedule = operation({
  name: 'schedules.update',
  summary: 'Change when a schedule fires, its policy for missed firings, and what is expected of it',
  http: 'PUT /api/schedules/{schedule_id}',
  cli: 'schedules update',
  access: 'write',
  role: 'manager',
  input: z.object({
    scheduleId: scheduleId(),
    ...when,
    finishWithinS: z
      .int()
      .min(60)
      .max(2_592_000)
      .nullable()
      .optional()
      .describe('A run has to be done so many seconds after it was planned; null: no matter'),
    alarm: z.boolean().optional().describe('Tell the admins when an expected run did not happen'),
    reset: z.boolean().default(false).describe('Back to what the workflow says'),
  }),
  output: Schedule,
  async run(ctx, input) {
    const row = await scheduleRow(ctx, input.scheduleId, true);
    ctx.expectVersion({ updatedAt: row.updated_at });
    const now = ctx.clock.now();
    const before = specOf(row);
    const base = input.reset ? row.spec : before;
    const spec = changed(base, input);
    const own = same(spec, row.spec) ? null : spec;
    const timeChanged = spec.cron !== before.cron || spec.everyS !== before.everyS || spec.timeZone !== before.timeZone;
    const fresh = row.active ? (firingsAfter(spec, now, 1)[0] ?? null) : null;
    const next = timeChanged ? fresh : row.next_at;
    const heldNext = row.hold === null ? null : timeChanged ? fresh : row.hold_next_at;
    await ctx.query(CHANGE, [
      ctx.companyId,
      row.id,
      own === null ? null : JSON.stringify(own),
      row.hold === null ? next : null,
      heldNext,
      input.finishWithinS === undefined ? row.finish_within_s : input.finishWithinS,
      input.alarm ?? row.alarm,
      now,
    ]);
    ctx.subject('schedules', row.id);
    ctx.afterCommit(() => ctx.runtime.engine.nudge());
    return shown(ctx, row.id);
  },
});

function same(a: ScheduleSpec, b: ScheduleSpec): boolean {
  const key = ({ cron, everyS, timeZone, missed }: ScheduleSpec) =>
    JSON.stringify([cron ?? null, everyS ?? null, timeZone, missed.policy, missed.policy === 'all' ? missed.withinS : null]);
  return key(a) === key(b);
}

export const pauseSchedule = operation({
  name: 'schedules.pause',
  summary: 'Pause one schedule: nothing of it fires until it is released',
  http: 'POST /api/schedules/{schedule_id}/pause',
  cli: 'schedules pause',
  access: 'write',
  role: 'manager',
  status: 200,
  input: z.object({ scheduleId: scheduleId(), reason: z.string().max(500).default('') }),
  output: Schedule,
  errors: [ScheduleHold],
  async run(ctx, input) {
    const row = await scheduleRow(ctx, input.scheduleId, true);
    ctx.expectVersion({ updatedAt: row.updated_at });
    if (row.hold !== null) throw new ScheduleHold(`The schedule is ${row.hold} already; release it with: steward schedules release`);
    const hold = { as: 'paused', reason: input.reason, userId: userIdOf(ctx) } as const;
    await holdSchedules(ctx, { companyId: ctx.companyId, ids: [row.id] }, hold, ctx.clock.now());
    ctx.subject('schedules', row.id);
    return shown(ctx, row.id);
  },
});

export const releaseScheduleOperation = operation({
  name: 'schedules.release',
  summary: 'Let a paused or held schedule fire again; what was planned meanwhile is passed over unless catch_up is set',
  http: 'POST /api/schedules/{schedule_id}/release',
  cli: 'schedules release',
  access: 'write',
  role: 'manager',
  status: 200,
  input: z.object({ scheduleId: scheduleId(), catchUp: z.boolean().default(false).describe('Treat what was missed by its policy') }),
  output: Schedule,
  errors: [ScheduleHold],
  async run(ctx, input) {
    const row = await scheduleRow(ctx, input.scheduleId, true);
    ctx.expectVersion({ updatedAt: row.updated_at });
    const held = onHold(row);
    if (held === null) throw new ScheduleHold('The schedule is not on hold; pause it with: steward schedules pause');
    await releaseSchedule(ctx, held, input.catchUp, ctx.clock.now());
    ctx.subject('schedules', row.id);
    ctx.afterCommit(() => ctx.runtime.engine.nudge());
    return shown(ctx, row.id);
  },
});

const Firing = z.object({
  id: z.uuid(),
  scheduleId: z.uuid(),
  plannedAt: z.date(),
  untilAt: z.date().describe('The last one, where several were passed over together'),
  count: z.int(),
  state: z.enum(['fired', 'skipped']),
  reason: z
    .enum(['missed', 'stood_for', 'too_old', 'broken', 'busy', 'paused', 'held'])
    .nullable()
    .describe(
      'missed: nothing ran then; stood_for: a later one ran in its place; too_old: older than its policy takes; broken: its workflow can’t run; busy: the run before it still went on',
    ),
  firedAt: z.date().nullable().describe('Null when it was passed over'),
  lateS: z.int().describe('Seconds after its time'),
  runId: z.uuid().nullable(),
  runState: z.string().nullable(),
  dueBy: z.date().nullable(),
  ok: z.boolean().nullable().describe('As expected? Null: not known yet'),
});

interface FiringSeen {
  readonly id: string;
  readonly schedule_id: string;
  readonly planned_at: Date;
  readonly until_at: Date;
  readonly count: number;
  readonly state: 'fired' | 'skipped';
  readonly reason: z.output<typeof Firing>['reason'];
  readonly fired_at: Date;
  readonly run_id: string | null;
  readonly run_state: string | null;
  readonly due_by: Date | null;
  readonly ok: boolean | null;
}

const FIRINGS: Listing = {
  name: 'schedules.firings',
  select: `select t.*, r.state as run_state from schedule_firings t left join runs r on r.id = t.run_id`,
  conditions: { scheduleId: 't.schedule_id = ?', state: 't.state = ?' },
};

export const listFirings = operation({
  name: 'schedules.firings',
  summary: 'What was planned by a schedule and what came of it: fired when, or why not',
  http: 'GET /api/schedules/{schedule_id}/firings',
  cli: 'schedules firings',
  access: 'read',
  input: z.object({ ...pageInput, scheduleId: scheduleId(), state: z.enum(['fired', 'skipped']).optional() }),
  output: pageOf(Firing),
  async run(ctx, { limit, cursor, scheduleId: id, state }) {
    await scheduleRow(ctx, id);
    const { items, nextCursor } = await listPage<FiringSeen>(ctx, ctx.companyId, FIRINGS, { scheduleId: id, state }, { limit, cursor });
    return { items: items.map(firingOf), nextCursor };
  },
});

function firingOf(row: FiringSeen): z.output<typeof Firing> {
  const fired = row.state === 'fired';
  return {
    id: row.id,
    scheduleId: row.schedule_id,
    plannedAt: row.planned_at,
    untilAt: row.until_at,
    count: row.count,
    state: row.state,
    reason: row.reason,
    firedAt: fired ? row.fired_at : null,
    lateS: fired ? Math.max(0, Math.round((row.fired_at.getTime() - row.planned_at.getTime()) / 1_000)) : 0,
    runId: row.run_id,
    runState: row.run_state,
    dueBy: row.due_by,
    ok: row.ok,
  };
}
