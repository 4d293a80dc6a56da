import type { Statement, Transaction } from '#core/database/database.ts';
import { newId } from '#core/ids.ts';
import { linkRuns } from '#core/telemetry/carry.ts';
import { recordBatch } from '#core/telemetry/steps.ts';
import { Batch } from './advance.ts';
import type { Parts } from './parts.ts';
import { writeJournal, type RunRow } from './rows.ts';
import type { NewRun } from './start.ts';

const SAVEPOINT: Statement = { name: 'engine.at_once_savepoint', text: 'savepoint at_once' };
const RELEASE: Statement = { name: 'engine.at_once_release', text: 'release savepoint at_once' };
const ROLLBACK: Statement = { name: 'engine.at_once_rollback', text: 'rollback to savepoint at_once' };

const KNOWN: Statement = {
  name: 'engine.runs_known',
  text: `select r.workflow_id, r.subject_id, r.trigger_id from unnest($1::uuid[], $2::uuid[], $3::text[]) as w (workflow_id, subject_id, trigger_id)
           join runs r on r.workflow_id = w.workflow_id and r.subject_id = w.subject_id and r.trigger_id = w.trigger_id`,
};

const INSERT: Statement = {
  name: 'engine.runs_insert_moved',
  text: `insert into runs (id, company_id, workflow_id, version, subject_type, subject_id, person_id, state, step_id, since, attempt, wake_at, waits_for, reason, paused_by,
                           ticket, journal, journal_open, solo, trigger_type, trigger_id, outputs, frames, outcome, error, completed_at, started_at, updated_at)
         select id, company_id, workflow_id, version, subject_type, subject_id, person_id, state, step_id, since, attempt, wake_at, waits_for, reason, paused_by,
                ticket, journal, journal_open, false, trigger_type, trigger_id, outputs, frames, outcome, error, completed_at, $2::timestamptz, $2::timestamptz
           from json_to_recordset($1::json) as x (id uuid, company_id uuid, workflow_id uuid, version integer, subject_type text, subject_id uuid, person_id uuid,
             state text, step_id text, since timestamptz, attempt integer, wake_at timestamptz, waits_for text[], reason text, paused_by text, ticket uuid,
             journal integer, journal_open boolean, trigger_type text, trigger_id text, outputs jsonb, frames jsonb, outcome text, error text, completed_at timestamptz)
         on conflict do nothing
         returning id`,
};

export interface TakenAtOnce {
  /** Runs that were started, and that can move on. */
  readonly started: number;
  readonly due: number;
  readonly steps: number;
  /** Ids of new runs by the event that started them. */
  readonly startedBy: ReadonlyMap<string, string>;
  /** What has to be started the long way. */
  readonly left: readonly NewRun[];
}

/**
 * Starts runs and takes their first steps in the same transaction, as far as those are quick: each run is written once, where it then stands, and what
 * ends or waits at once never sees the queue (docs/adr/0030-runs-at-once.md). Only of workflows whose runs may be beside one another.
 */
export async function startAtOnce(parts: Parts, tx: Transaction, wanted: readonly NewRun[], now: Date): Promise<TakenAtOnce> {
  const fits = (run: NewRun) => run.workflow.reentry === 'always' && run.workflow.steps.get(run.workflow.first ?? '')?.type.quick === true;
  const quick = [...new Map(wanted.filter(fits).map((run) => [keyOf(run), run])).values()];
  if (quick.length === 0) return { started: 0, due: 0, steps: 0, startedBy: new Map(), left: wanted };
  const others = wanted.filter((run) => !fits(run));
  const known = new Set(
    (await tx.query<Known>(KNOWN, columns(quick))).map((row) => `${row.workflow_id} ${row.subject_id} ${row.trigger_id}`),
  );
  const fresh = quick.filter((run) => !known.has(keyOf(run)));
  if (fresh.length === 0) return { started: 0, due: 0, steps: 0, startedBy: new Map(), left: others };
  await tx.query(SAVEPOINT, []);
  const taken = await take(parts, tx, fresh, now);
  // Another process starts the same run right now: what its steps wrote here is undone, and the long way finds out which one it is.
  await tx.query(taken === null ? ROLLBACK : RELEASE, []);
  return taken === null
    ? { started: 0, due: 0, steps: 0, startedBy: new Map(), left: [...others, ...fresh] }
    : { ...taken, started: fresh.length, left: others };
}

type Known = Readonly<Record<'workflow_id' | 'subject_id' | 'trigger_id', string>>;

const keyOf = (run: NewRun) => `${run.workflowId} ${run.subject.id} ${run.trigger.id}`;

function columns(runs: readonly NewRun[]) {
  return [runs.map((run) => run.workflowId), runs.map((run) => run.subject.id), runs.map((run) => run.trigger.id)];
}

/** Null: one of them was there already. */
async function take(parts: Parts, tx: Transaction, fresh: readonly NewRun[], now: Date) {
  const rows = fresh.map((run) => rowOf(run, now));
  const batch = new Batch(parts, tx);
  const moving = await batch.open(rows);
  await batch.run(moving, (type) => type.quick === true);
  const queued = batch.tickets(moving);
  const triggers = new Map(rows.map((row, i) => [row.id, fresh[i]]));
  const values = moving.map(({ row }) => {
    const trigger = triggers.get(row.id)?.trigger;
    return { ...row, trigger_type: trigger?.type, trigger_id: trigger?.id };
  });
  const inserted = await tx.query(INSERT, [JSON.stringify(values), now]);
  if (inserted.length < moving.length) return null;
  await Promise.all([
    writeJournal(
      tx,
      moving.flatMap((one) => one.journal),
    ),
    parts.queue.add(tx, 'runs', queued.runs),
    parts.queue.add(tx, 'activities', queued.activities),
  ]);
  if (parts.traced()) {
    const started = moving.map(({ row }) => ({ id: row.id, companyId: row.company_id, startedBy: triggers.get(row.id)?.eventId ?? null }));
    await linkRuns(tx, started, now);
    await recordBatch(tx, moving, now.getTime(), parts.clock.now().getTime());
  }
  const startedBy = new Map(
    moving.flatMap(({ row }) => {
      const event = triggers.get(row.id)?.eventId;
      return event === undefined ? [] : [[row.id, event] as const];
    }),
  );
  return { due: queued.runs.length + queued.activities.length, steps: batch.steps, startedBy };
}

/** A run as it is before its first step. */
function rowOf(run: NewRun, now: Date): RunRow {
  return {
    id: newId(),
    company_id: run.companyId,
    workflow_id: run.workflowId,
    version: run.version,
    subject_type: run.subject.type,
    subject_id: run.subject.id,
    person_id: run.personId,
    state: 'running',
    step_id: run.workflow.first,
    since: now,
    attempt: 0,
    wake_at: null,
    waits_for: [],
    reason: null,
    paused_by: null,
    signal: null,
    ticket: null,
    fence: 0,
    held_by: null,
    journal: 0,
    journal_open: false,
    moving: false,
    outputs: { trigger: run.payload },
    frames: null,
    parent_id: null,
    branch: null,
    depth: 0,
    outcome: null,
    error: null,
    completed_at: null,
  };
}
