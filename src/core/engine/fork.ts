import type { Statement, Transaction } from '#core/database/database.ts';
import { newId } from '#core/ids.ts';
import { isLive, RUN_ENDED } from './family.ts';
import type { Moving } from './moving.ts';
import { linkRuns } from '#core/telemetry/carry.ts';
import type { Parts } from './parts.ts';
import type { Frame } from './rows.ts';
import { ParallelInput } from './steps/parallel.ts';
import type { Facts, RunState, StepResult } from './types.ts';

interface BranchRow {
  readonly id: string;
  readonly parent_id: string;
  readonly branch: number;
  readonly state: RunState;
  readonly outcome: string | null;
  readonly error: string | null;
  readonly reason: string | null;
  readonly outputs: Facts;
  readonly completed_at: Date | null;
}

const BRANCHES: Statement = {
  name: 'engine.branches',
  text: `select r.id, r.parent_id, r.branch, r.state, r.outcome, r.error, r.reason, r.outputs, r.completed_at
           from unnest($1::uuid[], $2::integer[]) as p (id, place)
           join runs r on r.parent_id = p.id and r.parent_place = p.place and r.branch is not null
          order by r.parent_id, r.branch`,
};

const ROWS = `json_to_recordset($1::json) as x (id uuid, company_id uuid, workflow_id uuid, version integer, subject_type text, subject_id uuid, person_id uuid,
             step_id text, ticket uuid, trigger_id text, outputs jsonb, frames jsonb, parent_id uuid, parent_place integer, branch integer, depth integer)`;
const SPAWN: Statement = {
  name: 'engine.branches_spawn',
  text: `insert into runs (id, company_id, workflow_id, version, subject_type, subject_id, person_id, state, step_id, since, ticket, solo, trigger_type, trigger_id,
                           outputs, frames, parent_id, parent_place, branch, depth, started_at, updated_at)
         select id, company_id, workflow_id, version, subject_type, subject_id, person_id, 'running', step_id, $2::timestamptz, ticket, false, 'run', trigger_id,
                outputs, frames, parent_id, parent_place, branch, depth, $2::timestamptz, $2::timestamptz from ${ROWS}
         on conflict do nothing
         returning ticket`,
};
// A person had the run above go back: its branches are taken again under their ids, so that nothing they did outside is done twice.
const RETAKE: Statement = {
  name: 'engine.branches_retake',
  text: `update runs r set parent_place = x.parent_place, version = x.version, state = 'running', step_id = x.step_id, since = $2::timestamptz, attempt = 0, ticket = x.ticket,
                outputs = x.outputs, frames = x.frames, reason = null, signal = null, outcome = null, error = null, completed_at = null, updated_at = $2::timestamptz
           from ${ROWS}
          where r.workflow_id = x.workflow_id and r.subject_id = x.subject_id and r.trigger_id = x.trigger_id and r.state in ('done', 'failed', 'cancelled')
         returning r.id, r.company_id, r.ticket`,
};
const KEEP: Statement = {
  name: 'engine.branches_keep',
  text: `update runs r set parent_place = x.parent_place from ${ROWS}
          where r.workflow_id = x.workflow_id and r.subject_id = x.subject_id and r.trigger_id = x.trigger_id and r.parent_place <> x.parent_place`,
};

/** No event is lost, but a row may be changed by hand: a run that waits for its branches looks after them once a day. */
const LOOK_AGAIN_MS = 86_400_000;

/**
 * Runs that stand at a parallel step: those that reached it send their branches off, the others go on when enough of them are done.
 * Set-based: three statements a batch, one when branches only come back. `leftOver`: branches that are not needed any more; the batch ends them once it has
 * written what it moved, since they may be in it themselves.
 */
export async function fork(
  parts: Parts,
  tx: Transaction,
  group: readonly Moving[],
  now: Date,
): Promise<{ results: StepResult[]; leftOver: string[] }> {
  const found = await tx.query<BranchRow>(BRANCHES, [group.map((one) => one.row.id), group.map((one) => one.place)]);
  const byParent = Map.groupBy(found, (row) => row.parent_id);
  await spawn(
    parts,
    tx,
    group.filter((one) => !byParent.has(one.row.id)),
    now,
  );
  const leftOver: string[] = [];
  const results = group.map((one): StepResult => {
    const branches = byParent.get(one.row.id);
    if (branches === undefined) return waits(now);
    const { result, ends } = joined(one, branches, now);
    if (ends) leftOver.push(...branches.filter(isLive).map((branch) => branch.id));
    return result;
  });
  return { results, leftOver };
}

function waits(now: Date): StepResult {
  return { kind: 'wait', until: new Date(now.getTime() + LOOK_AGAIN_MS), events: [RUN_ENDED], reason: 'waits for its branches' };
}

async function spawn(parts: Parts, tx: Transaction, group: readonly Moving[], now: Date): Promise<void> {
  const rows = group.flatMap((one) => (one.step?.parts ?? []).map((part, branch) => branchOf(one, part.first, branch)));
  if (rows.length === 0) return;
  const fresh = new Set((await tx.query<{ ticket: string }>(SPAWN, [JSON.stringify(rows), now])).map((row) => row.ticket));
  const tickets = rows.filter((row) => fresh.has(row.ticket)).map((row) => ({ id: row.ticket, runId: row.id, companyId: row.company_id }));
  if (parts.traced())
    await linkRuns(
      tx,
      tickets.flatMap(({ runId, companyId }) => ({
        id: runId,
        companyId,
        startedBy: rows.find((row) => row.id === runId)?.parent_id ?? null,
      })),
      now,
    );
  if (fresh.size < rows.length) {
    const known = JSON.stringify(rows.filter((row) => !fresh.has(row.ticket)));
    const again = await tx.query<{ id: string; company_id: string; ticket: string }>(RETAKE, [known, now]);
    await tx.query(KEEP, [known]);
    tickets.push(...again.map((row) => ({ id: row.ticket, runId: row.id, companyId: row.company_id })));
  }
  await parts.queue.add(tx, 'runs', tickets);
}

/** A branch sees all that the run above knows, and writes beside it; what it adds comes back when they join. */
function branchOf(one: Moving, first: string | null, branch: number) {
  const { row } = one;
  const frames = row.frames?.map((frame): Frame => ({ ...frame, results: null, above: true })) ?? null;
  return {
    id: newId(),
    ticket: newId(),
    company_id: row.company_id,
    workflow_id: row.workflow_id,
    version: row.version,
    subject_type: row.subject_type,
    subject_id: row.subject_id,
    person_id: row.person_id,
    step_id: first,
    trigger_id: `${one.key}:${branch}`,
    outputs: row.outputs,
    frames,
    parent_id: row.id,
    parent_place: one.place,
    branch,
    depth: row.depth,
  };
}

/** What the run does now that these branches stand as they do; `ends`: those that are still under way are not needed. */
function joined(one: Moving, branches: readonly BranchRow[], now: Date): { result: StepResult; ends: boolean } {
  const input = ParallelInput.parse(one.step?.input);
  const done = branches.filter((branch) => branch.state === 'done');
  const live = branches.filter(isLive);
  const lost = branches.filter((branch) => branch.state === 'failed' || branch.state === 'cancelled');
  const titleOf = (branch: BranchRow) => one.step?.node.branches?.[branch.branch]?.title ?? `Branch ${branch.branch + 1}`;
  const [fault] = lost;
  const fails = (error: string) => ({ result: { kind: 'fail', error, retry: 'never' } as const, ends: true });
  if (fault !== undefined && input.failed === 'fail')
    return fails(
      `The branch “${titleOf(fault)}” ${fault.state === 'failed' ? 'failed' : 'was ended'}: ${fault.error ?? fault.reason ?? 'no reason given'}`,
    );
  const wanted = input.join === 'all' ? branches.length - lost.length : input.join === 'first' ? 1 : input.join;
  const possible = done.length + live.length;
  if (possible < Math.max(1, wanted))
    return fails(
      `Only ${possible} of ${Math.max(1, wanted)} branches could be done; “${fault === undefined ? '' : titleOf(fault)}”: ${fault?.error ?? fault?.reason ?? 'no reason given'}`,
    );
  if (done.length < wanted) return { result: waits(now), ends: false };
  one.merge(added(one, branches));
  const first = done.toSorted((a, b) => (a.completed_at?.getTime() ?? 0) - (b.completed_at?.getTime() ?? 0))[0];
  const output = {
    done: done.length,
    failed: lost.length,
    first: first === undefined ? null : titleOf(first),
    branches: branches.map((branch) => ({
      title: titleOf(branch),
      run_id: branch.id,
      state: isLive(branch) && input.others === 'cancel' ? 'cancelled' : branch.state,
      outcome: branch.outcome,
      error: branch.error,
    })),
  };
  return { result: { kind: 'next', output }, ends: input.others === 'cancel' };
}

/** Outputs of the steps of these branches. */
function added(one: Moving, branches: readonly BranchRow[]): Facts {
  const outputs: Facts = {};
  for (const { branch, outputs: all } of branches) {
    for (const id of one.step?.parts[branch]?.ids ?? []) {
      const output = all[id];
      if (output !== undefined) outputs[id] = output;
    }
  }
  return outputs;
}
