import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { firingsAfter } from '#core/engine/schedule-times.ts';
import { missedOnHold, type OnHold } from '#core/engine/schedule/hold.ts';
import type { ScheduleSpec } from '#core/engine/types.ts';
import { NotFound } from '#core/errors.ts';
import type { Ctx } from '#core/operation/context.ts';
import { asFacts } from '../definitions.ts';

const json = z.record(z.string(), z.json());

export const Schedule = z.object({
  id: z.uuid(),
  companyId: z.uuid(),
  workflowId: z.uuid(),
  workflowName: z.string(),
  workflowTitle: z.string(),
  active: z.boolean().describe('Its workflow is switched on'),
  cron: z.string().nullable(),
  everyS: z.int().nullable(),
  timeZone: z.string(),
  missed: json.describe('What happens with firings that were missed'),
  own: z.boolean().describe('Set here in the place of what the workflow says'),
  hold: z.enum(['paused', 'held']).nullable().describe('paused by a person, or held because this installation is a copy: release it'),
  holdReason: z.string().nullable(),
  holdAt: z.date().nullable(),
  missedOnHold: z.int().describe('Firings that were planned since the hold began'),
  alarm: z.boolean().describe('Tells the admins when an expected run did not happen'),
  finishWithinS: z.int().nullable().describe('A run has to be done so many seconds after it was planned'),
  alert: z
    .object({
      kind: z.enum(['not_run', 'not_done']),
      reason: z.string(),
      plannedAt: z.date(),
      raisedAt: z.date(),
      runId: z.uuid().nullable(),
    })
    .nullable()
    .describe('What is wrong now'),
  missedCount: z.int().describe('Firings passed over so far'),
  lastAt: z.date().nullable(),
  nextAt: z.date().nullable(),
  next: z.array(z.date()).describe('The next ten firings; while on hold: what they would be'),
  rule: z.string().describe('What happens where the clock is put forward or back, and in months without such a day'),
  updatedAt: z.date(),
});

export interface ScheduleRow {
  readonly id: string;
  readonly company_id: string;
  readonly workflow_id: string;
  readonly workflow_name: string;
  readonly workflow_title: string;
  readonly active: boolean;
  readonly spec: ScheduleSpec;
  readonly own_spec: ScheduleSpec | null;
  readonly hold: 'paused' | 'held' | null;
  readonly hold_reason: string | null;
  readonly hold_at: Date | null;
  readonly hold_next_at: Date | null;
  readonly alarm: boolean;
  readonly finish_within_s: number | null;
  readonly missed: number;
  readonly last_at: Date | null;
  readonly next_at: Date | null;
  readonly updated_at: Date;
  readonly alert_kind: 'not_run' | 'not_done' | null;
  readonly alert_reason: string | null;
  readonly alert_planned_at: Date | null;
  readonly alert_raised_at: Date | null;
  readonly alert_run_id: string | null;
}

export const SELECT = `select t.*, w.name as workflow_name, w.title as workflow_title, w.active, a.kind as alert_kind, a.reason as alert_reason,
    a.planned_at as alert_planned_at, a.raised_at as alert_raised_at, a.run_id as alert_run_id
  from schedules t join workflows w on w.id = t.workflow_id
  left join schedule_alerts a on a.schedule_id = t.id and a.recovered_at is null`;
const GET: Statement = { name: 'schedules.get', text: `${SELECT} where t.company_id = $1 and t.id = $2` };
const LOCK: Statement = { name: 'schedules.lock', text: `${SELECT} where t.company_id = $1 and t.id = $2 for update of t` };

/** @throws NotFound */
export async function scheduleRow(ctx: Ctx, id: string, lock = false): Promise<ScheduleRow> {
  const [row] = await ctx.query<ScheduleRow>(lock ? LOCK : GET, [ctx.companyId, id]);
  if (row === undefined) throw new NotFound('There is no such schedule; list them with: steward schedules list');
  return row;
}

export const specOf = (row: Pick<ScheduleRow, 'spec' | 'own_spec'>): ScheduleSpec => row.own_spec ?? row.spec;

export function onHold(row: ScheduleRow): OnHold | null {
  return row.hold === null
    ? null
    : { id: row.id, company_id: row.company_id, spec: specOf(row), active: row.active, hold: row.hold, hold_next_at: row.hold_next_at };
}

const SHOWN = 10;

export function presentSchedule(row: ScheduleRow, now: Date) {
  const spec = specOf(row);
  const held = onHold(row);
  const from = row.next_at ?? (held !== null && row.active ? (firingsAfter(spec, now, 1)[0] ?? null) : null);
  return {
    id: row.id,
    companyId: row.company_id,
    workflowId: row.workflow_id,
    workflowName: row.workflow_name,
    workflowTitle: row.workflow_title,
    active: row.active,
    cron: spec.cron ?? null,
    everyS: spec.everyS ?? null,
    timeZone: spec.timeZone,
    missed: asFacts(spec.missed),
    own: row.own_spec !== null,
    hold: row.hold,
    holdReason: row.hold_reason,
    holdAt: row.hold_at,
    missedOnHold: held === null ? 0 : (missedOnHold(held, now)?.count ?? 0),
    alarm: row.alarm,
    finishWithinS: row.finish_within_s,
    alert:
      row.alert_kind === null || row.alert_planned_at === null || row.alert_raised_at === null
        ? null
        : {
            kind: row.alert_kind,
            reason: row.alert_reason ?? '',
            plannedAt: row.alert_planned_at,
            raisedAt: row.alert_raised_at,
            runId: row.alert_run_id,
          },
    missedCount: row.missed,
    lastAt: row.last_at,
    nextAt: row.next_at,
    next: from === null ? [] : [from, ...firingsAfter(spec, from, SHOWN - 1)],
    rule: ruleOf(spec),
    updatedAt: row.updated_at,
  };
}

/** The rules of `firings` for this one schedule, in words. */
export function ruleOf(spec: ScheduleSpec): string {
  if (spec.everyS !== undefined) return 'Counts real time: daylight saving changes nothing.';
  const [, hour = '', day = ''] = (spec.cron ?? '').trim().split(/\s+/);
  const clock = /^[*?]/.test(hour)
    ? 'Where the clock is put back it fires in both passes of the doubled hour; an hour that is left out has no firing.'
    : 'Once a day: a time that the clock leaves out fires the moment it jumps, one that comes twice fires the first time.';
  const short = /(^|[,-])(29|30|31)\b/.test(day) ? ' Months without that day are passed over; L is the last day of each month.' : '';
  return clock + short;
}
