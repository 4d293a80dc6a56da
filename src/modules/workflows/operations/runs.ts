import { z } from 'zod';
import { errorCode } from '#core/database/pg-error.ts';
import { placeFault } from '#core/engine/control.ts';
import { loadSubjects } from '#core/engine/subjects.ts';
import type { Facts, Json } from '#core/engine/types.ts';
import { Conflict, NotFound } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { pageInput, pageOf } from '#core/operation/page.ts';
import { listPage } from '../list.ts';
import { runDetail, runRow } from '../runs/detail.ts';
import { forward } from '../runs/forward.ts';
import { runFilter, RUNS, searched } from '../runs/list.ts';
import { presentRuns, type RunRow, type RunState } from '../runs/present.ts';
import { ForwardView, RUN_STATES, RunDetail, RunItem } from '../shapes.ts';
import { compiledVersions } from '../versions/compiled.ts';
import { placedSteps } from '../versions/steps.ts';

const runId = () => z.uuid().describe('Id of the run');

export const listRuns = operation({
  name: 'runs.list',
  summary: 'List runs, newest first, by name or address, workflow, state, step, version, time or words of the error',
  http: 'GET /api/runs',
  cli: 'runs list',
  columns: ['workflow_title', 'subject', 'state', 'step_title', 'due_at', 'error', 'id'],
  access: 'read',
  input: z.object({ ...pageInput, ...runFilter, branches: z.boolean().default(false).describe('Branches of parallel steps, too') }),
  output: pageOf(RunItem),
  async run(ctx, { limit, cursor, branches, ...filters }) {
    const narrowed = { ...(await searched(ctx, filters)), ...(branches ? {} : { whole: true }) };
    const { items, nextCursor } = await listPage<RunRow>(ctx, ctx.companyId, RUNS, narrowed, { limit, cursor });
    return { items: await presentRuns(ctx, items), nextCursor };
  },
});

export const getRun = operation({
  name: 'runs.get',
  summary: 'Read one run: every attempt of every step, its messages, effects, tasks, branches, and the likely cause of an error',
  http: 'GET /api/runs/{run_id}',
  cli: 'runs get',
  access: 'read',
  input: z.object({ runId: runId() }),
  output: RunDetail,
  run: (ctx, input) => runDetail(ctx, input.runId),
});

/** Does it to one run, which must be in a state that allows it. */
async function steer(ctx: Ctx, id: string, allowed: readonly RunState[], verb: string, act: () => Promise<unknown>) {
  const row = await runRow(ctx, id);
  if (!allowed.includes(row.state)) throw new Conflict(`This run is ${row.state}: it can't be ${verb}`);
  await act();
  ctx.subject('runs', id);
  ctx.afterCommit(() => ctx.runtime.engine.nudge());
  return runDetail(ctx, id);
}

const LIVE = ['running', 'waiting', 'paused'] as const;

export const pauseRun = operation({
  name: 'runs.pause',
  summary: 'Pause a run where it stands',
  http: 'POST /api/runs/{run_id}/pause',
  cli: 'runs pause',
  access: 'write',
  status: 200,
  input: z.object({ runId: runId() }),
  output: RunDetail,
  run: (ctx, { runId: id }) =>
    steer(ctx, id, ['running', 'waiting'], 'paused', () =>
      ctx.runtime.engine.pause(ctx, { companyId: ctx.companyId, runIds: [id] }, 'paused by a person'),
    ),
});

export const resumeRun = operation({
  name: 'runs.resume',
  summary: 'Let a paused run go on; what fell due meanwhile happens now',
  http: 'POST /api/runs/{run_id}/resume',
  cli: 'runs resume',
  access: 'write',
  status: 200,
  input: z.object({ runId: runId() }),
  output: RunDetail,
  run: (ctx, { runId: id }) =>
    steer(ctx, id, ['paused'], 'resumed', () => ctx.runtime.engine.resume(ctx, { companyId: ctx.companyId, runIds: [id] })),
});

export const cancelRun = operation({
  name: 'runs.cancel',
  summary: 'End a run at once',
  http: 'POST /api/runs/{run_id}/cancel',
  cli: 'runs cancel',
  access: 'write',
  status: 200,
  destructive: true,
  input: z.object({ runId: runId() }),
  output: RunDetail,
  run: (ctx, { runId: id }) =>
    steer(ctx, id, LIVE, 'cancelled', () =>
      ctx.runtime.engine.cancel(ctx, { companyId: ctx.companyId, runIds: [id] }, 'cancelled by a person'),
    ),
});

const fromStep = () => z.string().min(1).max(100).optional().describe('From this step; default: where it stands');
const byVersion = () =>
  z.coerce.number().int().min(1).optional().describe('By this version of the workflow, with the outputs recorded so far; default: its own');

/** Another run of the same subject began between the look and the write. */
export async function asConflict<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (errorCode(error) !== '23505') throw error;
    throw new Conflict('Another run of this workflow is under way for the same subject; cancel that one first');
  }
}

export const retryRun = operation({
  name: 'runs.retry',
  summary: 'Let a run go on from a step: the one where it stands, or any other, by its own version or a newer one',
  http: 'POST /api/runs/{run_id}/retry',
  cli: 'runs retry',
  access: 'write',
  status: 200,
  input: z.object({ runId: runId(), stepId: fromStep(), version: byVersion() }),
  output: RunDetail,
  run: (ctx, { runId: id, stepId, version }) =>
    steer(ctx, id, RUN_STATES, 'retried', () =>
      asConflict(() =>
        ctx.runtime.engine.retry(ctx, {
          companyId: ctx.companyId,
          runId: id,
          ...(stepId === undefined ? {} : { stepId }),
          ...(version === undefined ? {} : { version }),
        }),
      ),
    ),
});

/** What `runs.retry` would find: which recorded outputs it takes along, which are missing, what would be done again. */
export const forwardRun = operation({
  name: 'runs.forward',
  summary: 'Preview of letting a run go on from a step of a version: recorded outputs that it has, and those that it lacks',
  http: 'GET /api/runs/{run_id}/forward',
  cli: 'runs forward',
  access: 'read',
  input: z.object({ runId: runId(), stepId: fromStep(), version: byVersion() }),
  output: ForwardView,
  async run(ctx, input) {
    const row = await runRow(ctx, input.runId);
    const version = input.version ?? row.newest_version;
    const compiled = await compiledVersions(ctx, ctx.runtime, ctx.companyId, row.workflow_id, [row.version, version]);
    const workflow = compiled.get(version);
    if (workflow === undefined) throw new NotFound(`This workflow has no version ${version}`);
    const stepId = input.stepId ?? row.step_id ?? '';
    if (workflow instanceof Error)
      return { version, stepId, stepTitle: stepId, possible: false, reason: workflow.message, kept: [], missing: [], again: [], steps: [] };
    const old = compiled.get(row.version);
    const line = row.branch === null || old === undefined || old instanceof Error ? '' : (old.steps.get(row.step_id ?? '')?.branch ?? '');
    const target = workflow.steps.get(stepId);
    const reason =
      target === undefined ? `Version ${version} has no step ${stepId}` : placeFault(workflow, { ...row, frames: null }, stepId, line);
    const { kept, missing, again } = forward(workflow.definition, stepId, row.outputs);
    return {
      version,
      stepId,
      stepTitle: target?.node.title ?? stepId,
      possible: reason === null,
      reason,
      kept: [...kept],
      missing: missing.map((one) => ({ ...one, usedBy: [...one.usedBy] })),
      again: [...again],
      steps: placedSteps(workflow.definition.steps).map(({ node }) => ({
        stepId: node.id,
        title: node.title,
        type: node.type,
        done: node.id in row.outputs,
      })),
    };
  },
});

/** A new run beside the old one, with what started that: same subject, same payload, the version that new runs get. The gate is asked as usual. */
export const replayRun = operation({
  name: 'runs.replay',
  summary: 'Start a copy of a run: same subject and payload, on the version that new runs get; messages pass the gate as usual',
  http: 'POST /api/runs/{run_id}/replay',
  cli: 'runs replay',
  access: 'write',
  input: z.object({ runId: runId() }),
  output: RunDetail,
  async run(ctx, input) {
    const row = await runRow(ctx, input.runId);
    if (row.branch !== null) throw new Conflict('This is a branch of another run; replay that one');
    const key = `${row.subject_type} ${row.subject_id}`;
    const subject = { companyId: ctx.companyId, type: row.subject_type, id: row.subject_id };
    const loaded = (await loadSubjects(ctx.runtime.engine.vocabulary, ctx, [subject])).get(key);
    if (loaded === undefined) throw new NotFound(`The ${row.subject_type} of this run is gone`);
    const started = await ctx.runtime.engine.start(ctx, {
      companyId: ctx.companyId,
      workflow: row.workflow_name,
      subjects: [{ type: row.subject_type, id: row.subject_id, personId: loaded.personId }],
      trigger: { type: 'manual', id: `replay:${row.id}:${newId()}`, payload: payloadOf(row.outputs['trigger']) },
    });
    const id = started.get(row.subject_id);
    const copy = id === undefined ? null : await runRow(ctx, id);
    if (copy === null || !copy.trigger_id.startsWith(`replay:${row.id}:`))
      throw new Conflict(
        copy !== null && LIVE.some((state) => state === copy.state)
          ? 'Another run of this workflow is under way for the same subject; cancel that one first'
          : 'This workflow runs once for each subject, so it has no copies; retry the run from a step instead',
      );
    ctx.subject('runs', copy.id);
    ctx.afterCommit(() => ctx.runtime.engine.nudge());
    return runDetail(ctx, copy.id);
  },
});

function payloadOf(value: Json | undefined): Facts {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}
