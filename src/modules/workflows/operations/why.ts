import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { workflowRow, type WorkflowRow } from '../definitions.ts';
import { candidates } from '../enrol/candidates.ts';
import { judge } from '../enrol/findings.ts';
import { RUN_STATES } from '../shapes.ts';
import { newestRun, WHY, whyOf } from '../runs/why.ts';

/** Explains each message of a workflow to whoever asks about one person: what left, what did not, and what one can do. */
export const whyOperation = operation({
  name: 'workflows.why',
  summary: 'Why somebody did or did not get the messages of a workflow',
  http: 'GET /api/workflows/{workflow_id}/why/{person_id}',
  cli: 'workflows why',
  access: 'read',
  input: z.object({ workflowId: z.uuid().describe('Id of the workflow'), personId: z.uuid().describe('Id of the person') }),
  output: z.object({
    workflow: z.object({ id: z.uuid(), title: z.string(), active: z.boolean() }),
    run: z
      .object({ id: z.uuid(), state: z.enum(RUN_STATES), version: z.int(), startedAt: z.date(), completedAt: z.date().nullable() })
      .nullable()
      .describe('The newest run about them; null: there never was one'),
    says: z.string(),
    reasons: z
      .array(z.object({ says: z.string(), detail: z.string() }))
      .describe('Without a run: what keeps them out, or is to be known before'),
    steps: z.array(
      z.object({
        stepId: z.string(),
        title: z.string(),
        state: z.enum(WHY),
        says: z.string(),
        at: z.date().nullable().describe('When it left or was decided, or when it is due'),
        messageId: z.uuid().nullable(),
        reasons: z.array(z.object({ says: z.string(), fix: z.string() })).describe('What the gate said, and what a person may do about it'),
      }),
    ),
  }),
  async run(ctx, { workflowId, personId }) {
    const workflow = await workflowRow(ctx, ctx.companyId, workflowId);
    const run = await newestRun(ctx, workflowId, personId);
    const out = run === null ? await leftOut(ctx, workflow, personId) : { says: saysOf(run.state), reasons: [] };
    const definition = run?.definition ?? workflow.definition;
    const steps = await whyOf(ctx, definition, run, 'They never were in it');
    return {
      workflow: { id: workflow.id, title: workflow.title, active: workflow.active },
      run:
        run === null
          ? null
          : { id: run.id, state: run.state, version: run.version, startedAt: run.started_at, completedAt: run.completed_at },
      ...out,
      steps: steps.map((step) => ({ ...step, reasons: [...step.reasons] })),
    };
  },
});

function saysOf(state: (typeof RUN_STATES)[number]): string {
  if (state === 'done') return 'They went through it';
  if (state === 'failed') return 'Their run failed';
  if (state === 'cancelled') return 'Their run was ended';
  return state === 'paused' ? 'Their run is paused' : 'They are in it';
}

/** Closed ones, too: that is a reason. */
const LEADS: Statement = {
  name: 'workflows.why.leads',
  text: 'select id from leads where company_id = $1 and person_id = $2',
};

/** Why there is no run: what the check of an enrolment would say of this one person. @throws NotFound for a stranger */
async function leftOut(ctx: Ctx, { id, subject, active }: WorkflowRow, personId: string) {
  const off = active ? [] : [{ says: 'The workflow is off', detail: 'it starts nobody' }];
  const leads = await ctx.query<{ id: string }>(LEADS, [ctx.companyId, personId]);
  const who = { personIds: [personId], leadIds: leads.map((lead) => lead.id) };
  const all = await candidates(ctx, ctx.companyId, id, subject, who, ctx.clock.now());
  if (subject !== 'lead' && subject !== 'person') return { says: `It is about a ${subject}, not about a person`, reasons: off };
  const { enter, findings } = judge(all, subject, null, []);
  const reasons = [...off, ...findings.map((one) => ({ says: one.says, detail: one.people[0]?.detail ?? '' }))];
  const says =
    enter.length === 0 ? 'They never were in it, and can not enter' : 'They never were in it: nothing that starts it happened to them';
  return { says, reasons };
}
