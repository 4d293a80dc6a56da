import type { Statement, Transaction } from '#core/database/database.ts';
import { crashPoint } from '#core/effects/crash-points.ts';
import { newId } from '#core/ids.ts';
import type { Parts } from './parts.ts';
import { due, type Passed } from './schedule-times.ts';
import { insertRuns, type NewRun } from './start.ts';
import type { ScheduleSpec } from './types.ts';

// The lock makes it one firing, however many processes look; a unique index of firings stands behind it.
export const SCHEDULES_DUE: Statement = {
  name: 'engine.schedules_due',
  text: `select s.id, s.company_id, s.workflow_id, coalesce(s.own_spec, s.spec) as spec, s.next_at, s.finish_within_s, w.version, w.active
           from schedules s join workflows w on w.id = s.workflow_id
          where s.next_at <= $1 order by s.next_at limit $2 for update of s skip locked`,
};
export const MOVE: Statement = {
  name: 'engine.schedules_move',
  text: `update schedules s set next_at = x.next_at, last_at = coalesce(x.last_at, s.last_at), missed = s.missed + x.missed, updated_at = date_trunc('milliseconds', $2::timestamptz)
           from json_to_recordset($1::json) as x (id uuid, company_id uuid, next_at timestamptz, last_at timestamptz, missed integer)
          where s.id = x.id and s.company_id = x.company_id`,
};
const RUNS: Statement = {
  name: 'engine.schedules_runs',
  text: `select r.id, x.trigger_id from json_to_recordset($1::json) as x (workflow_id uuid, company_id uuid, trigger_id text)
           join runs r on r.workflow_id = x.workflow_id and r.subject_id = x.company_id and r.trigger_id = x.trigger_id`,
};
const WRITE: Statement = {
  name: 'engine.firings_write',
  text: `insert into schedule_firings (id, company_id, schedule_id, planned_at, until_at, count, state, reason, fired_at, run_id, due_by, ok)
         select id, company_id, schedule_id, planned_at, until_at, count, state, reason, $2::timestamptz, run_id, due_by, ok
           from json_to_recordset($1::json) as x (id uuid, company_id uuid, schedule_id uuid, planned_at timestamptz, until_at timestamptz, count integer,
             state text, reason text, run_id uuid, due_by timestamptz, ok boolean)
         on conflict (schedule_id, planned_at) where state = 'fired' do nothing`,
};

export interface DueSchedule {
  readonly id: string;
  readonly company_id: string;
  readonly workflow_id: string;
  readonly spec: ScheduleSpec;
  readonly next_at: Date;
  readonly finish_within_s: number | null;
  readonly version: number;
  readonly active: boolean;
}

/** Why a planned firing did not run. `broken`: its workflow can't run as it is. `busy`: the run before it still goes on. `paused`: somebody paused it. */
export type SkipReason = Passed['why'] | 'broken' | 'busy' | 'paused' | 'held';

/** A row of the history of firings. */
export interface FiringRow {
  readonly id: string;
  readonly company_id: string;
  readonly schedule_id: string;
  readonly planned_at: Date;
  readonly until_at: Date;
  readonly count: number;
  readonly state: 'fired' | 'skipped';
  readonly reason: SkipReason | null;
  readonly run_id: string | null;
  readonly due_by: Date | null;
  readonly ok: boolean | null;
}

/** Nobody need be told of these: a person wanted it so, or another run stands for it. */
const INTENDED: ReadonlySet<SkipReason> = new Set(['stood_for', 'paused', 'held']);

export function skippedRow(schedule: { id: string; company_id: string }, passed: Omit<Passed, 'why'>, reason: SkipReason): FiringRow {
  return {
    id: newId(),
    company_id: schedule.company_id,
    schedule_id: schedule.id,
    planned_at: passed.from,
    until_at: passed.to,
    count: passed.count,
    state: 'skipped',
    reason,
    run_id: null,
    due_by: null,
    ok: INTENDED.has(reason) ? true : null,
  };
}

export async function writeFirings(tx: Transaction, rows: readonly FiringRow[], now: Date): Promise<void> {
  if (rows.length > 0) await tx.query(WRITE, [JSON.stringify(rows), now]);
}

/** Starts what is due by schedule, by each one's policy for missed firings, and writes down what came of every planned firing. */
export async function fireSchedules(parts: Parts, tx: Transaction, rows: readonly DueSchedule[], now: Date): Promise<void> {
  if (rows.length === 0) return;
  const compiled = await parts.catalogue.load(tx, rows.map(refOf));
  const decided = rows.map((row) => ({ row, ...due(row.spec, row.next_at, now), workflow: compiled(refOf(row)) }));
  const runs = decided.flatMap(({ row, fire, workflow }) =>
    row.active && !(workflow instanceof Error) ? fire.map((at) => runOf(row, workflow, at)) : [],
  );
  await insertRuns(tx, runs, now, parts.queue);
  const started = await startedBy(tx, runs);
  const history = decided.flatMap(({ row, fire, passed, workflow }) => {
    if (!row.active) return [];
    const skipped = passed.map((one) => skippedRow(row, one, one.why));
    return [
      ...skipped,
      ...fire.map((at) => firedRow(row, at, started.get(triggerOf(row, at)), workflow instanceof Error ? 'broken' : 'busy')),
    ];
  });
  await writeFirings(tx, history, now);
  const moves = decided.map(({ row, fire, passed, next }) => ({
    id: row.id,
    company_id: row.company_id,
    next_at: row.active ? next : null,
    last_at: fire.at(-1) ?? null,
    missed: passed.reduce((sum, { count }) => sum + count, 0),
  }));
  await tx.query(MOVE, [JSON.stringify(moves), now]);
  crashPoint('engine.schedule.before-commit');
}

const refOf = (row: DueSchedule) => ({ workflowId: row.workflow_id, version: row.version });
const triggerOf = (row: DueSchedule, at: Date) => `${row.id}@${at.toISOString()}`;

function runOf(row: DueSchedule, workflow: NewRun['workflow'], at: Date): NewRun {
  return {
    companyId: row.company_id,
    ...refOf(row),
    workflow,
    subject: { type: 'company', id: row.company_id },
    personId: null,
    trigger: { type: 'schedule', id: triggerOf(row, at) },
    payload: { scheduled_at: at.toISOString(), schedule_id: row.id },
  };
}

/** Run ids by trigger: one that was left out because another is live is not among them. */
async function startedBy(tx: Transaction, runs: readonly NewRun[]): Promise<ReadonlyMap<string, string>> {
  if (runs.length === 0) return new Map();
  const asked = runs.map((run) => ({ workflow_id: run.workflowId, company_id: run.companyId, trigger_id: run.trigger.id }));
  const rows = await tx.query<{ id: string; trigger_id: string }>(RUNS, [JSON.stringify(asked)]);
  return new Map(rows.map((row) => [row.trigger_id, row.id]));
}

function firedRow(row: DueSchedule, at: Date, runId: string | undefined, otherwise: 'broken' | 'busy'): FiringRow {
  if (runId === undefined) return skippedRow(row, { from: at, to: at, count: 1 }, otherwise);
  const within = row.finish_within_s;
  return {
    ...skippedRow(row, { from: at, to: at, count: 1 }, otherwise),
    state: 'fired',
    reason: null,
    run_id: runId,
    due_by: within === null ? null : new Date(at.getTime() + within * 1_000),
    ok: within === null ? true : null,
  };
}
