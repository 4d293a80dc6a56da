import type { Statement, Transaction } from '#core/database/database.ts';
import { Conflict, NotFound } from '#core/errors.ts';
import type { Catalogue } from './catalogue.ts';
import { closeJournal, lockRuns, saveRuns, type RunRow } from './rows.ts';
import type { RunSelection, RunState } from './types.ts';

// Each part that is null does not narrow.
const SELECT: Statement = {
  name: 'engine.runs_select',
  text: `select r.id from runs r join workflows w on w.id = r.workflow_id
          where r.company_id = $1 and r.state = any ($6::text[])
            and ($2::uuid[] is null or r.id = any ($2::uuid[]))
            and ($3::text is null or w.name = $3)
            and ($4::uuid is null or r.person_id = $4)
            and ($5::uuid[] is null or r.subject_id = any ($5::uuid[]))
          order by r.id`,
};

async function selected(tx: Transaction, which: RunSelection, states: readonly RunState[]): Promise<RunRow[]> {
  const found = await tx.query<{ id: string }>(SELECT, [
    which.companyId,
    which.runIds ?? null,
    which.workflow ?? null,
    which.personId ?? null,
    which.subjectIds ?? null,
    states,
  ]);
  if (found.length === 0) return [];
  const rows = await lockRuns(
    tx,
    found.map((row) => row.id),
  );
  return rows.filter((row) => states.includes(row.state));
}

export async function cancel(tx: Transaction, which: RunSelection, reason: string, now: Date): Promise<number> {
  const rows = await selected(tx, which, ['running', 'waiting', 'paused']);
  const open = rows.filter((row) => row.journal_open).map((row) => ({ id: row.id, journal: row.journal }));
  for (const row of rows) {
    Object.assign(row, {
      state: 'cancelled',
      outcome: 'cancelled',
      reason,
      completed_at: now,
      wake_at: null,
      waits_for: [],
      ticket: null,
      journal_open: false,
    } satisfies Partial<RunRow>);
  }
  await closeJournal(tx, open, 'cancelled', reason, now);
  await saveRuns(tx, rows, now);
  return rows.length;
}

/** A running one loses its ticket: what a worker has in hand finds itself outdated and leaves no trace. */
export async function pause(tx: Transaction, which: RunSelection, reason: string, now: Date): Promise<number> {
  const rows = await selected(tx, which, ['running', 'waiting', 'paused']);
  for (const row of rows) {
    const wakeAt = row.state === 'running' ? now : row.wake_at;
    Object.assign(row, { state: 'paused', paused_by: 'run', wake_at: wakeAt, ticket: null, reason } satisfies Partial<RunRow>);
  }
  await saveRuns(tx, rows, now);
  return rows.length;
}

export async function resume(tx: Transaction, which: RunSelection, now: Date): Promise<number> {
  const rows = await selected(tx, which, ['paused']);
  for (const row of rows) Object.assign(row, { state: 'waiting', paused_by: null, reason: null } satisfies Partial<RunRow>);
  await saveRuns(tx, rows, now);
  return rows.length;
}

export async function retry(
  tx: Transaction,
  catalogue: Catalogue,
  which: { companyId: string; runId: string; stepId?: string },
  now: Date,
): Promise<void> {
  const [row] = (await lockRuns(tx, [which.runId])).filter((one) => one.company_id === which.companyId);
  if (row === undefined) throw new NotFound('There is no such run');
  const ref = { workflowId: row.workflow_id, version: row.version };
  const workflow = (await catalogue.load(tx, [ref]))(ref);
  if (workflow instanceof Error) throw new Conflict(`Its workflow can't run as it is: ${workflow.message}`);
  if (row.state === 'done' && which.stepId === undefined) throw new Conflict('This run is done; say from which step it should run again');
  const stepId = which.stepId ?? row.step_id;
  if (stepId === null || !workflow.steps.has(stepId))
    throw new NotFound(`There is no step ${stepId} in this run; it has ${[...workflow.steps.keys()].join(', ')}`);
  if (row.journal_open) await closeJournal(tx, [{ id: row.id, journal: row.journal }], 'cancelled', 'taken up again by a person', now);
  Object.assign(row, {
    state: 'waiting',
    step_id: stepId,
    since: now,
    attempt: 0,
    wake_at: now,
    waits_for: [],
    ticket: null,
    paused_by: null,
    journal_open: false,
    signal: null,
    reason: null,
    error: null,
    outcome: null,
    completed_at: null,
  } satisfies Partial<RunRow>);
  await saveRuns(tx, [row], now);
}

const PAUSE_WORKFLOW: Statement = {
  name: 'engine.workflow_pause',
  text: `update workflows set paused_at = $3::timestamptz, updated_at = date_trunc('milliseconds', now()) where company_id = $1 and id = $2`,
};
const PAUSE_COMPANY: Statement = {
  name: 'engine.company_pause',
  text: `insert into engine_pauses (company_id, reason, paused_by) values ($1, $2, $3) on conflict (company_id) do nothing`,
};
const RESUME_COMPANY: Statement = { name: 'engine.company_resume', text: `delete from engine_pauses where company_id = $1` };
// Only those that came due meanwhile were parked; the others never noticed.
const UNPARK: Statement = {
  name: 'engine.runs_unpark',
  text: `update runs set state = 'waiting', paused_by = null, reason = null, wake_at = coalesce(wake_at, $3::timestamptz), updated_at = $3::timestamptz
          where company_id = $1 and ($2::uuid is null or workflow_id = $2) and state = 'paused' and paused_by = $4`,
};

/** All runs of a workflow stand still, new ones too, until `resumeWorkflow`. A flag: a million waiting runs are not touched. */
export async function pauseWorkflow(tx: Transaction, companyId: string, workflowId: string, now: Date): Promise<void> {
  await tx.query(PAUSE_WORKFLOW, [companyId, workflowId, now]);
}
export async function resumeWorkflow(tx: Transaction, companyId: string, workflowId: string, now: Date): Promise<void> {
  await tx.query(PAUSE_WORKFLOW, [companyId, workflowId, null]);
  await tx.query(UNPARK, [companyId, workflowId, now, 'workflow']);
}
/** All runs of a company stand still. */
export async function pauseCompany(tx: Transaction, companyId: string, reason: string, userId: string | null): Promise<void> {
  await tx.query(PAUSE_COMPANY, [companyId, reason, userId]);
}
export async function resumeCompany(tx: Transaction, companyId: string, now: Date): Promise<void> {
  await tx.query(RESUME_COMPANY, [companyId]);
  await tx.query(UNPARK, [companyId, null, now, 'company']);
}
