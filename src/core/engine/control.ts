import type { Statement, Transaction } from '#core/database/database.ts';
import type { CompiledWorkflow } from './definition.ts';
import { announce, branchesBelow, endRows, isLive } from './family.ts';
import { lockRuns, saveRuns, type Frame, type RunRow } from './rows.ts';
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
  const rows = await selected(tx, which, LIVE);
  const all = await withBranches(tx, rows);
  await endRows(tx, all, { outcome: 'cancelled', reason }, now);
  await announce(tx, all, now);
  return rows.length;
}

const LIVE = ['running', 'waiting', 'paused'] as const;

/** These rows, and those of their live branches, locked too. */
async function withBranches(tx: Transaction, rows: readonly RunRow[]): Promise<RunRow[]> {
  const known = new Set(rows.map((row) => row.id));
  const below = (await branchesBelow(tx, [...known])).filter((id) => !known.has(id));
  if (below.length === 0) return [...rows];
  return [...rows, ...(await lockRuns(tx, below.toSorted())).filter(isLive)];
}

/** A running one loses its ticket: what a worker has in hand finds itself outdated and leaves no trace. */
export async function pause(tx: Transaction, which: RunSelection, reason: string, now: Date): Promise<number> {
  const rows = await selected(tx, which, LIVE);
  const all = await withBranches(tx, rows);
  for (const row of all) {
    const wakeAt = row.state === 'running' ? now : row.wake_at;
    Object.assign(row, { state: 'paused', paused_by: 'run', wake_at: wakeAt, ticket: null, reason } satisfies Partial<RunRow>);
  }
  await saveRuns(tx, all, now);
  return rows.length;
}

export async function resume(tx: Transaction, which: RunSelection, now: Date): Promise<number> {
  const rows = await selected(tx, which, ['paused']);
  const all = (await withBranches(tx, rows)).filter((row) => row.state === 'paused');
  for (const row of all) Object.assign(row, { state: 'waiting', paused_by: null, reason: null } satisfies Partial<RunRow>);
  await saveRuns(tx, all, now);
  return rows.length;
}

/** What of a run says where it may stand. */
export type Place = Pick<RunRow, 'step_id' | 'branch'> & { readonly frames: readonly Pick<Frame, 'loop' | 'above'>[] | null };

/**
 * May the run stand at this step? It stays in its own line, and a loop begins with its list. Answers what forbids it. `line` where the run
 * stands at a step of another version: `<parallel step>/<branch>`, or nothing.
 */
export function placeFault(
  workflow: CompiledWorkflow,
  row: Place,
  stepId: string,
  line = row.branch === null ? '' : (workflow.steps.get(row.step_id ?? '')?.branch ?? ''),
): string | null {
  const target = workflow.steps.get(stepId);
  if (target === undefined || target.branch !== line)
    return `The step ${stepId} lies in ${target?.branch ? 'a branch' : 'the line of the run above'}; let that run go on instead`;
  const inside = new Set((row.frames ?? []).filter((frame) => !frame.above).map((frame) => frame.loop));
  const missing = target.loops.find((loop) => !inside.has(loop));
  return missing === undefined
    ? null
    : `The step ${stepId} is inside the loop ${missing}, which this run is not in; let it go on from ${missing}`;
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
