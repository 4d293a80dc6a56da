import type { Statement, Transaction } from '#core/database/database.ts';
import { Conflict, NotFound } from '#core/errors.ts';
import type { Catalogue } from './catalogue.ts';
import { placeFault } from './control.ts';
import type { CompiledStep, CompiledWorkflow } from './definition.ts';
import { branchesBelow, endRuns } from './family.ts';
import { framesAt, turnOf } from './frames.ts';
import { closeJournal, lockRuns, saveRuns, type RunRow } from './rows.ts';

/** Which runs go on, from where, and by which definition. */
export interface RetryWanted {
  readonly companyId: string;
  readonly runIds: readonly string[];
  /** Default: where each stands. */
  readonly stepId?: string;
  /** A version of their workflow to go on with, with the outputs that are recorded. `newest`: what new runs get. Default: each its own. */
  readonly version?: number | 'newest';
}

export interface Retried {
  readonly done: readonly string[];
  readonly skipped: readonly { readonly id: string; readonly reason: string; readonly missing: boolean }[];
}

const NEWEST: Statement = {
  name: 'engine.newest_versions',
  text: `select id, version from workflows where company_id = $1 and id = any ($2::uuid[])`,
};
const SET_VERSION: Statement = {
  name: 'engine.set_versions',
  text: `update runs r set version = x.version from unnest($2::uuid[], $3::integer[]) as x (id, version) where r.company_id = $1 and r.id = x.id`,
};
/** Runs beside which another one of the same workflow and subject is live; `solo` allows one. Of several that want to be, the newest counts. */
const BESIDE: Statement = {
  name: 'engine.retry_beside',
  text: `select f.id from runs f where f.company_id = $1 and f.id = any ($2::uuid[]) and f.solo and f.state not in ('running', 'waiting', 'paused')
            and exists (select from runs o where o.workflow_id = f.workflow_id and o.subject_id = f.subject_id and o.company_id = f.company_id and o.id <> f.id and o.solo
                          and (o.state in ('running', 'waiting', 'paused') or (o.id = any ($2::uuid[]) and o.id > f.id)))`,
};

interface Ready {
  readonly row: RunRow;
  readonly target: CompiledStep;
  readonly version: number;
}

/** Failed, cancelled or live runs go on from a step; a done one only when the step is named. Those that can't are answered with the reason. */
export async function retryRuns(tx: Transaction, catalogue: Catalogue, wanted: RetryWanted, now: Date): Promise<Retried> {
  const rows = (await lockRuns(tx, [...new Set(wanted.runIds)].toSorted())).filter((row) => row.company_id === wanted.companyId);
  const known = new Set(rows.map((row) => row.id));
  const skipped: { id: string; reason: string; missing: boolean }[] = wanted.runIds
    .filter((id) => !known.has(id))
    .map((id) => ({ id, reason: 'There is no such run', missing: true }));
  const newest = wanted.version === 'newest' ? await newestOf(tx, wanted.companyId, rows) : null;
  const versionOf = (row: RunRow) => (typeof wanted.version === 'number' ? wanted.version : (newest?.get(row.workflow_id) ?? row.version));
  const refs = rows.flatMap((row) => [
    { workflowId: row.workflow_id, version: row.version },
    { workflowId: row.workflow_id, version: versionOf(row) },
  ]);
  const compiled = await catalogue.load(tx, refs);
  const beside = new Set((await tx.query<{ id: string }>(BESIDE, [wanted.companyId, [...known]])).map((row) => row.id));
  const ready: Ready[] = [];
  for (const row of rows) {
    const version = versionOf(row);
    const found = beside.has(row.id)
      ? { reason: 'Another run of this workflow is under way for the same subject; cancel that one first', missing: false }
      : targetOf(
          row,
          wanted.stepId,
          compiled({ workflowId: row.workflow_id, version: row.version }),
          compiled({ workflowId: row.workflow_id, version }),
        );
    if ('reason' in found) skipped.push({ id: row.id, ...found });
    else ready.push({ row, target: found, version });
  }
  await goOn(tx, wanted.companyId, ready, now);
  return { done: ready.map(({ row }) => row.id), skipped };
}

/** One of them. @throws NotFound, Conflict */
export async function retryRun(
  tx: Transaction,
  catalogue: Catalogue,
  { runId, ...wanted }: Omit<RetryWanted, 'runIds'> & { readonly runId: string },
  now: Date,
): Promise<void> {
  const [skipped] = (await retryRuns(tx, catalogue, { ...wanted, runIds: [runId] }, now)).skipped;
  if (skipped !== undefined) throw skipped.missing ? new NotFound(skipped.reason) : new Conflict(skipped.reason);
}

async function newestOf(tx: Transaction, companyId: string, rows: readonly RunRow[]): Promise<ReadonlyMap<string, number>> {
  const found = await tx.query<{ id: string; version: number }>(NEWEST, [companyId, [...new Set(rows.map((row) => row.workflow_id))]]);
  return new Map(found.map((row) => [row.id, row.version]));
}

function targetOf(
  row: RunRow,
  stepId: string | undefined,
  old: CompiledWorkflow | Error,
  workflow: CompiledWorkflow | Error,
): CompiledStep | { readonly reason: string; readonly missing: boolean } {
  if (workflow instanceof Error) return { reason: `Its workflow can't run as it is: ${workflow.message}`, missing: false };
  if (row.state === 'done' && stepId === undefined)
    return { reason: 'This run is done; say from which step it should run again', missing: false };
  const id = stepId ?? row.step_id;
  const target = id === null ? undefined : workflow.steps.get(id);
  if (id === null || target === undefined)
    return { reason: `There is no step ${id} in this run; it has ${[...workflow.steps.keys()].join(', ')}`, missing: true };
  const line = row.branch === null || old instanceof Error ? '' : (old.steps.get(row.step_id ?? '')?.branch ?? '');
  const fault = placeFault(workflow, row, id, line);
  return fault === null ? target : { reason: fault, missing: false };
}

async function goOn(tx: Transaction, companyId: string, ready: readonly Ready[], now: Date): Promise<void> {
  if (ready.length === 0) return;
  const open = ready.filter(({ row }) => row.journal_open).map(({ row }) => ({ id: row.id, journal: row.journal }));
  await closeJournal(tx, open, 'cancelled', 'taken up again by a person', now);
  const leaving: string[] = [];
  for (const { row, target, version } of ready) {
    // A parallel step goes on with the branches that it has; few runs fail there, so they are taken one by one.
    if (target.node.type === 'parallel' && row.step_id === target.node.id) await takeUpBranches(tx, row, target, version, now);
    else leaving.push(row.id);
  }
  await endRuns(tx, await branchesBelow(tx, leaving), 'the run above went back to another step', now);
  const moved = ready.filter(({ row, version }) => row.version !== version);
  if (moved.length > 0) await tx.query(SET_VERSION, [companyId, moved.map(({ row }) => row.id), moved.map(({ version }) => version)]);
  for (const { row, target } of ready)
    Object.assign(row, {
      state: 'waiting',
      step_id: target.node.id,
      frames: framesAt(row.frames, target),
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
  await saveRuns(
    tx,
    ready.map(({ row }) => row),
    now,
  );
}

const OF_ATTEMPT = `r.parent_id = $1 and r.branch is not null and r.company_id = $2 and r.trigger_id = any ($3::text[])`;
const CLAIM_BRANCHES: Statement = {
  name: 'engine.branches_claim',
  text: `update runs r set parent_place = $4, version = $5 where ${OF_ATTEMPT}`,
};
const TAKE_UP_BRANCHES: Statement = {
  name: 'engine.branches_take_up',
  text: `update runs r set state = 'waiting', wake_at = $4::timestamptz, attempt = 0, paused_by = null, reason = null, error = null, outcome = null, completed_at = null, updated_at = $4::timestamptz
          where ${OF_ATTEMPT} and r.state in ('failed', 'cancelled', 'paused')`,
};

/** The branches that failed or were ended go on where they stood; those that are done stay done. */
async function takeUpBranches(tx: Transaction, row: RunRow, step: CompiledStep, version: number, now: Date): Promise<void> {
  const turn = turnOf(row.frames, false);
  const keys = step.parts.map((_, branch) => `${row.id}:${row.step_id}${turn === '' ? '' : `@${turn}`}:${branch}`);
  await tx.query(CLAIM_BRANCHES, [row.id, row.company_id, keys, row.journal + 1, version]);
  await tx.query(TAKE_UP_BRANCHES, [row.id, row.company_id, keys, now]);
}
