import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { pauseWorkflow, resumeWorkflow } from '#core/engine/control.ts';
import { syncTriggers } from '#core/engine/install.ts';
import { loadSubjects } from '#core/engine/subjects.ts';
import type { Facts } from '#core/engine/types.ts';
import { Conflict, NotFound } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { pageInput, pageOf } from '#core/operation/page.ts';
import {
  addVersion,
  addWorkflow,
  asFacts,
  present,
  readDefinition,
  WORKFLOW_SELECT,
  WorkflowExists,
  workflowRow,
  type WorkflowRow,
} from '../definitions.ts';
import { listPage } from '../list.ts';
import { Workflow, WorkflowDetail } from '../shapes.ts';
import { draftOf, presentDraft, putDraft } from '../versions/drafts.ts';

const workflowId = () => z.uuid().describe('Id of the workflow');
const json = () => z.record(z.string(), z.json());

export function userIdOf(ctx: Ctx): string | null {
  return 'userId' in ctx.principal ? ctx.principal.userId : null;
}

export const listWorkflows = operation({
  name: 'workflows.list',
  summary: 'List workflows with the state of their runs',
  http: 'GET /api/workflows',
  cli: 'workflows list',
  columns: ['title', 'name', 'subject', 'active', 'paused', 'version', 'id'],
  access: 'read',
  input: z.object({ ...pageInput, active: z.boolean().optional().describe('Only those switched on, or off') }),
  output: pageOf(Workflow),
  async run(ctx, { active, ...page }) {
    const listing = { name: 'workflows.list', select: WORKFLOW_SELECT, conditions: { active: 't.active = ?' } };
    const { items, nextCursor } = await listPage<WorkflowRow>(ctx, ctx.companyId, listing, { active }, page);
    return { items: await present(ctx, items), nextCursor };
  },
});

const STEPS: Statement = {
  name: 'workflows.steps',
  text: `select step_id, count(*) filter (where state <> 'failed')::int as live, count(*) filter (where state = 'failed')::int as failed
           from runs where workflow_id = $1 and state in ('running', 'waiting', 'paused', 'failed') and step_id is not null group by step_id`,
};
const HOOKS: Statement = {
  name: 'workflows.hooks',
  text: `select key, token from workflow_hooks where company_id = $1 and workflow_id = $2 order by key`,
};

/** One workflow as the API shows it whole. @throws NotFound */
export async function workflowDetail(ctx: Ctx, id: string) {
  const row = await workflowRow(ctx, ctx.companyId, id);
  const [shown] = await present(ctx, [row]);
  if (shown === undefined) throw new NotFound('There is no such workflow');
  const steps = await ctx.query<{ step_id: string; live: number; failed: number }>(STEPS, [id]);
  const hooks = await ctx.query<{ key: string; token: string }>(HOOKS, [ctx.companyId, id]);
  const draft = await draftOf(ctx, ctx.companyId, id);
  const { name, title, subject, reentry } = row.definition;
  return {
    ...shown,
    draft: draft === null ? null : presentDraft(draft),
    definition: {
      name,
      title,
      subject,
      ...(reentry === undefined ? {} : { reentry }),
      triggers: row.definition.triggers.map(asFacts),
      stopOn: row.definition.stopOn.map((rule) => (typeof rule === 'string' ? rule : asFacts(rule))),
      settings: row.definition.settings,
      steps: row.definition.steps.map(asFacts),
    },
    steps: steps.map((step) => ({ stepId: step.step_id, live: step.live, failed: step.failed })),
    hooks: hooks.map((hook) => ({ key: hook.key, path: `/hooks/${hook.token}` })),
  };
}

export const getWorkflow = operation({
  name: 'workflows.get',
  summary: 'Read one workflow: its definition, settings, webhook addresses, and how many runs stand at each step',
  http: 'GET /api/workflows/{workflow_id}',
  cli: 'workflows get',
  access: 'read',
  input: z.object({ workflowId: workflowId() }),
  output: WorkflowDetail,
  run: (ctx, input) => workflowDetail(ctx, input.workflowId),
});

/** A workflow of this name that does nothing: what a draft stands on until it is published. */
function emptyLike(definition: Facts): Facts {
  const { name = null, title = null, subject = null } = definition;
  return { name, title, subject, triggers: [], steps: [{ id: 'end', title: 'End', type: 'end', input: {} }] };
}

export const createWorkflow = operation({
  name: 'workflows.create',
  summary: 'Create a workflow from its definition; off until it is switched on',
  http: 'POST /api/workflows',
  cli: 'workflows create',
  access: 'write',
  role: 'manager',
  input: z.object({
    definition: json().describe('name, title, subject, triggers, stop_on, settings, steps'),
    active: z.boolean().default(false),
    settings: json().default({}),
    templates: json().default({}),
    draft: z
      .boolean()
      .default(false)
      .describe('Store it as a draft, faults and all: only name, title and subject must be good. Version 1 does nothing yet'),
  }),
  output: WorkflowDetail,
  errors: [WorkflowExists],
  async run(ctx, input) {
    const now = ctx.clock.now();
    const userId = userIdOf(ctx);
    const definition = readDefinition(ctx.runtime, input.draft ? emptyLike(input.definition) : input.definition);
    const active = input.active && !input.draft;
    const id = await addWorkflow(ctx, ctx.companyId, definition, { ...input, active, userId, now });
    if (input.draft) await putDraft(ctx, { id, company_id: ctx.companyId, version: 1 }, input.definition, userId, now);
    ctx.subject('workflows', id);
    return workflowDetail(ctx, id);
  },
});

const CHANGE: Statement = {
  name: 'workflows.change',
  text: `update workflows set active = $3, settings = $4, templates = $5, updated_at = date_trunc('milliseconds', $6::timestamptz) where company_id = $1 and id = $2`,
};

/** Changes what it names. A changed definition is a new version: runs under way keep theirs. */
export const updateWorkflow = operation({
  name: 'workflows.update',
  summary: 'Switch a workflow on or off, pause its runs, change its settings, templates or definition',
  http: 'PUT /api/workflows/{workflow_id}',
  cli: 'workflows update',
  access: 'write',
  role: 'manager',
  input: z.object({
    workflowId: workflowId(),
    active: z.boolean().optional().describe('Its triggers start runs'),
    paused: z.boolean().optional().describe('Its runs stand still'),
    settings: json().optional().describe('Named ones are changed, others stay'),
    templates: json().optional(),
    definition: json().optional().describe('A new version for runs to come'),
  }),
  output: WorkflowDetail,
  async run(ctx, input) {
    const row = await workflowRow(ctx, ctx.companyId, input.workflowId, true);
    ctx.expectVersion({ updatedAt: row.updated_at });
    const now = ctx.clock.now();
    const definition = input.definition === undefined ? row.definition : readDefinition(ctx.runtime, input.definition);
    if (input.definition !== undefined) await addVersion(ctx, row, definition, userIdOf(ctx));
    const settings = { ...row.settings, ...input.settings };
    const templates = { ...row.templates, ...input.templates };
    await ctx.query(CHANGE, [ctx.companyId, row.id, input.active ?? row.active, JSON.stringify(settings), JSON.stringify(templates), now]);
    if (input.definition !== undefined || input.active !== undefined) await syncTriggers(ctx, [row.id], definition, now);
    if (input.paused === true) await pauseWorkflow(ctx, ctx.companyId, row.id, now);
    if (input.paused === false) await resumeWorkflow(ctx, ctx.companyId, row.id, now);
    ctx.subject('workflows', row.id);
    ctx.afterCommit(() => ctx.runtime.engine.nudge());
    return workflowDetail(ctx, row.id);
  },
});

/** Starts runs by hand, one for each subject; a subject with a live run keeps that one. */
export const startWorkflow = operation({
  name: 'workflows.start',
  summary: 'Start a workflow by hand for one or more subjects',
  http: 'POST /api/workflows/{workflow_id}/start',
  cli: 'workflows start',
  access: 'write',
  status: 200,
  input: z.object({
    workflowId: workflowId(),
    subjectIds: z
      .array(z.uuid())
      .min(1)
      .max(1_000)
      .optional()
      .describe('Leads, people … as the workflow says; leave out for a workflow about the company'),
    payload: json().default({}).describe('What the run sees as trigger'),
  }),
  output: z.object({ runs: z.array(z.object({ subjectId: z.uuid(), runId: z.uuid() })) }),
  async run(ctx, input) {
    const row = await workflowRow(ctx, ctx.companyId, input.workflowId);
    if (input.subjectIds === undefined && row.subject !== 'company') throw new Conflict(`Say for which ${row.subject}: subject_ids`);
    const ids = input.subjectIds ?? [ctx.companyId];
    const loaded = await loadSubjects(
      ctx.runtime.engine.vocabulary,
      ctx,
      ids.map((id) => ({ companyId: ctx.companyId, type: row.subject, id })),
    );
    const subjects = ids.map((id) => {
      const found = loaded.get(`${row.subject} ${id}`);
      if (found === undefined || (row.subject === 'company' && id !== ctx.companyId))
        throw new NotFound(`There is no ${row.subject} ${id}`);
      return { type: row.subject, id, personId: found.personId };
    });
    const started = await ctx.runtime.engine.start(ctx, {
      companyId: ctx.companyId,
      workflow: row.name,
      subjects,
      trigger: { type: 'manual', id: newId(), payload: input.payload },
    });
    ctx.subject('workflows', row.id);
    ctx.afterCommit(() => ctx.runtime.engine.nudge());
    return { runs: [...started].map(([subjectId, runId]) => ({ subjectId, runId })) };
  },
});
