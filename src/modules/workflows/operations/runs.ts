import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { errorCode } from '#core/database/pg-error.ts';
import { loadSubjects } from '#core/engine/subjects.ts';
import type { Facts, Json, StepNode, WorkflowDefinition } from '#core/engine/types.ts';
import { Conflict, NotFound } from '#core/errors.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { pageInput, pageOf } from '#core/operation/page.ts';
import { nameIn } from '../definitions.ts';
import { listPage, type Listing } from '../list.ts';
import { Run, RUN_STATES, RunDetail } from '../shapes.ts';

type RunState = (typeof RUN_STATES)[number];

interface RunRow {
  readonly id: string;
  readonly company_id: string;
  readonly workflow_id: string;
  readonly workflow_name: string;
  readonly workflow_title: string;
  readonly definition: WorkflowDefinition;
  readonly version: number;
  readonly subject_type: string;
  readonly subject_id: string;
  readonly person_id: string | null;
  readonly state: RunState;
  readonly step_id: string | null;
  readonly attempt: number;
  readonly wake_at: Date | null;
  readonly reason: string | null;
  readonly outcome: string | null;
  readonly error: string | null;
  readonly trigger_type: string;
  readonly trigger_id: string;
  readonly outputs: Facts;
  readonly started_at: Date;
  readonly completed_at: Date | null;
  readonly updated_at: Date;
}

const SELECT = `select t.*, w.name as workflow_name, w.title as workflow_title, v.definition from runs t
  join workflows w on w.id = t.workflow_id join workflow_versions v on v.workflow_id = t.workflow_id and v.version = t.version`;

const LISTING: Listing = {
  name: 'runs.list',
  select: SELECT,
  conditions: {
    workflowId: 't.workflow_id = ?',
    workflow: 'w.name = ?',
    state: 't.state = ?',
    stepId: 't.step_id = ?',
    subjectId: 't.subject_id = ?',
    personId: 't.person_id = ?',
    error: `t.error ilike '%' || ? || '%'`,
  },
};

const runId = () => z.uuid().describe('Id of the run');

/** Rows as the API shows them; names of subjects come from their facts, one query a type. */
async function present(ctx: Ctx, rows: readonly RunRow[]) {
  const subjects = rows.map((row) => ({ companyId: row.company_id, type: row.subject_type, id: row.subject_id }));
  const loaded = await loadSubjects(ctx.runtime.engine.vocabulary, ctx, subjects);
  return rows.map((row) => ({
    id: row.id,
    companyId: row.company_id,
    workflowId: row.workflow_id,
    workflowConfigId: row.workflow_id,
    workflowName: row.workflow_name,
    workflowTitle: row.workflow_title,
    version: row.version,
    subject: {
      type: row.subject_type,
      id: row.subject_id,
      name: nameIn(loaded.get(`${row.subject_type} ${row.subject_id}`)?.facts ?? {}, row.subject_type),
    },
    personId: row.person_id,
    state: row.state,
    status: row.state,
    stepId: row.step_id,
    stepTitle: nodesOf(row.definition.steps).get(row.step_id ?? '')?.title ?? null,
    attempt: row.attempt,
    dueAt: row.wake_at,
    reason: row.reason,
    outcome: row.outcome,
    error: row.error,
    triggerType: row.trigger_type,
    triggerId: row.trigger_id,
    startedAt: row.started_at,
    completedAt: row.completed_at,
    updatedAt: row.updated_at,
  }));
}

/** Every step of a definition by id, branches included. */
function nodesOf(steps: readonly StepNode[], nodes = new Map<string, StepNode>()): Map<string, StepNode> {
  for (const step of steps) {
    nodes.set(step.id, step);
    nodesOf(step.then ?? [], nodes);
    nodesOf(step.otherwise ?? [], nodes);
  }
  return nodes;
}

export const listRuns = operation({
  name: 'runs.list',
  summary: 'List runs, newest first, by workflow, state, step, subject, person or words of the error',
  http: 'GET /api/runs',
  cli: 'runs list',
  access: 'read',
  input: z.object({
    ...pageInput,
    workflowId: z.uuid().optional(),
    workflow: z.string().max(100).optional().describe('Name of the workflow'),
    state: z.enum(RUN_STATES).optional(),
    stepId: z.string().max(100).optional().describe('The step at which it stands'),
    subjectId: z.uuid().optional(),
    personId: z.uuid().optional(),
    error: z.string().min(1).max(200).optional().describe('Words in its error'),
  }),
  output: pageOf(Run),
  async run(ctx, { limit, cursor, ...filters }) {
    const { items, nextCursor } = await listPage<RunRow>(ctx, ctx.companyId, LISTING, filters, { limit, cursor });
    return { items: await present(ctx, items), nextCursor };
  },
});

const GET: Statement = { name: 'runs.get', text: `${SELECT} where t.company_id = $1 and t.id = $2` };
// A run of years may have thousands of rows; the latest are what people look for.
const JOURNAL: Statement = {
  name: 'runs.journal',
  text: `select * from (select * from run_steps where company_id = $1 and run_id = $2 order by place desc limit 500) s order by place`,
};

interface JournalRow {
  readonly place: number;
  readonly step_id: string;
  readonly type: string;
  readonly attempt: number;
  readonly state: 'open' | 'waiting' | 'done' | 'retrying' | 'failed' | 'lost' | 'cancelled';
  readonly output: Json;
  readonly reason: string | null;
  readonly error: string | null;
  readonly wake_at: Date | null;
  readonly started_at: Date;
  readonly finished_at: Date | null;
}

async function detail(ctx: Ctx, id: string) {
  const [row] = await ctx.query<RunRow>(GET, [ctx.companyId, id]);
  if (row === undefined) throw new NotFound('There is no such run');
  const [shown] = await present(ctx, [row]);
  if (shown === undefined) throw new NotFound('There is no such run');
  const journal = await ctx.query<JournalRow>(JOURNAL, [ctx.companyId, id]);
  const nodes = nodesOf(row.definition.steps);
  return {
    ...shown,
    journal: journal.map((entry) => ({
      id: `${id}/${entry.place}`,
      place: entry.place,
      stepId: entry.step_id,
      stepType: entry.type,
      title: nodes.get(entry.step_id)?.title ?? entry.step_id,
      attempt: entry.attempt,
      state: entry.state,
      input: nodes.get(entry.step_id)?.input ?? {},
      output: entry.output,
      reason: entry.reason,
      error: entry.error,
      dueAt: entry.wake_at,
      startedAt: entry.started_at,
      endedAt: entry.finished_at,
    })),
    actionsPerformed: journal.filter((entry) => entry.state === 'done').map((entry) => entry.step_id),
    results: row.outputs,
  };
}

export const getRun = operation({
  name: 'runs.get',
  summary: 'Read one run with its journal: every attempt of every step',
  http: 'GET /api/runs/{run_id}',
  cli: 'runs get',
  access: 'read',
  input: z.object({ runId: runId() }),
  output: RunDetail,
  run: (ctx, input) => detail(ctx, input.runId),
});

/** Does it to one run, which must be in a state that allows it. */
async function steer(ctx: Ctx, id: string, allowed: readonly RunState[], verb: string, act: () => Promise<unknown>) {
  const [row] = await ctx.query<RunRow>(GET, [ctx.companyId, id]);
  if (row === undefined) throw new NotFound('There is no such run');
  if (!allowed.includes(row.state)) throw new Conflict(`This run is ${row.state}: it can't be ${verb}`);
  await act();
  ctx.subject('runs', id);
  ctx.afterCommit(() => ctx.runtime.engine.nudge());
  return detail(ctx, id);
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

export const retryRun = operation({
  name: 'runs.retry',
  summary: 'Let a run go on from a step: the one where it stands, or any other of its workflow',
  http: 'POST /api/runs/{run_id}/retry',
  cli: 'runs retry',
  access: 'write',
  status: 200,
  input: z.object({ runId: runId(), stepId: z.string().min(1).max(100).optional().describe('From this step; default: where it stands') }),
  output: RunDetail,
  run: (ctx, { runId: id, stepId }) =>
    steer(ctx, id, RUN_STATES, 'retried', async () => {
      try {
        await ctx.runtime.engine.retry(ctx, { companyId: ctx.companyId, runId: id, ...(stepId === undefined ? {} : { stepId }) });
      } catch (error) {
        if (errorCode(error) !== '23505') throw error;
        throw new Conflict('Another run of this workflow is under way for the same subject; cancel that one first');
      }
    }),
});
