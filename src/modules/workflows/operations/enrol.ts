import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { Conflict, InvalidInput, NotFound } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { workflowRow } from '../definitions.ts';
import { candidates } from '../enrol/candidates.ts';
import { Finding, judge, WARNINGS } from '../enrol/findings.ts';
import { RehearsalNeeded, RehearsalOutdated } from '../launch/errors.ts';
import { Rehearsed, rehearsedFor, requireRehearsed, type Launch } from '../launch/rehearsed.ts';
import { userIdOf } from './workflows.ts';

const MOST = 10_000;
const ids = (what: string) =>
  z
    .array(z.uuid())
    .max(MOST)
    .optional()
    .describe(`Ids of the ${what}, ${MOST.toLocaleString('en')} at most`);
const who = {
  workflowId: z.uuid().describe('Id of the workflow'),
  leadIds: ids('leads'),
  personIds: ids('people'),
  leaveOut: z.array(z.enum(WARNINGS)).default([]).describe('Warnings that keep a person out'),
};
/** Of the parameter, wherever something is launched. */
const HASH = 'Of the rehearsal that this is to be like: refused when steps, templates, settings or people have changed since';
interface Who {
  readonly workflowId: string;
  readonly leadIds?: readonly string[] | undefined;
  readonly personIds?: readonly string[] | undefined;
  readonly leaveOut: readonly string[];
}

async function look(ctx: Ctx, input: Who) {
  if ((input.leadIds ?? []).length + (input.personIds ?? []).length === 0)
    throw new InvalidInput('Say who: lead_ids or person_ids', {
      fields: [{ path: 'lead_ids', message: 'or person_ids: at least one id' }],
    });
  const workflow = await workflowRow(ctx, ctx.companyId, input.workflowId);
  if (workflow.subject !== 'lead' && workflow.subject !== 'person')
    throw new Conflict(`${workflow.title} is about a ${workflow.subject}: nobody can be enrolled in it`);
  const all = await candidates(ctx, ctx.companyId, workflow.id, workflow.subject, input, ctx.clock.now());
  const verdict = judge(all, workflow.subject, userIdOf(ctx), input.leaveOut);
  const launch: Launch = { workflowId: workflow.id, definition: workflow.definition, personIds: verdict.enter.map((one) => one.personId) };
  return { workflow, all, verdict, launch };
}

export const checkEnrolment = operation({
  name: 'workflows.enrol_check',
  summary: 'Who of these would enter the sequence, who can not and why, and what to know before: nothing is started',
  http: 'POST /api/workflows/{workflow_id}/enrol/check',
  cli: 'workflows enrol-check',
  access: 'read',
  status: 200,
  input: z.object(who),
  output: z.object({
    asked: z.int().describe('People meant, each once'),
    enter: z.int(),
    leftOut: z.int(),
    findings: z.array(Finding),
    rehearsed: Rehearsed,
  }),
  async run(ctx, input) {
    const { all, verdict, launch } = await look(ctx, input);
    const rehearsed = await rehearsedFor(ctx, ctx.companyId, launch, null);
    return { asked: all.length, enter: verdict.enter.length, leftOut: verdict.leftOut, findings: verdict.findings, rehearsed };
  },
});

const STARTED: Statement = {
  name: 'workflows.enrol.started',
  text: `select count(*)::int as count from runs where company_id = $1 and workflow_id = $2 and subject_id = any ($3::uuid[]) and trigger_id = $4`,
};

export const Enrolled = z.object({
  enrolmentId: z.uuid().describe('Takes it back: POST /api/workflows/{workflow_id}/remove'),
  started: z.int(),
  leftOut: z.int(),
  findings: z.array(Finding),
});
export type Enrolled = z.output<typeof Enrolled>;

/**
 * Those who can enter do, each with a run; all have the enrolment as their trigger. In the caller's transaction.
 * @throws RehearsalNeeded, RehearsalOutdated, and what `workflows.enrol` throws
 */
export async function enrolPeople(ctx: Ctx, input: Who & { readonly rehearsalHash?: string | undefined }): Promise<Enrolled> {
  const { workflow, verdict, launch } = await look(ctx, input);
  await requireRehearsed(ctx, ctx.companyId, launch, input.rehearsalHash);
  const enrolmentId = newId();
  const subjects = verdict.enter.map((one) => ({
    type: workflow.subject,
    id: workflow.subject === 'lead' ? (one.leadId ?? one.personId) : one.personId,
    personId: one.personId,
  }));
  if (subjects.length > 0) {
    const trigger = { type: 'manual', id: enrolmentId } as const;
    await ctx.runtime.engine.start(ctx, { companyId: ctx.companyId, workflow: workflow.name, subjects, trigger });
  }
  // Whom somebody else enrolled in the same moment has that run, not ours.
  const [ours] = await ctx.query<{ count: number }>(STARTED, [
    ctx.companyId,
    workflow.id,
    subjects.map((subject) => subject.id),
    enrolmentId,
  ]);
  const started = ours?.count ?? 0;
  ctx.subject('workflows', workflow.id);
  ctx.afterCommit(() => ctx.runtime.engine.nudge());
  return { enrolmentId, started, leftOut: verdict.enter.length + verdict.leftOut - started, findings: verdict.findings };
}

/** One run for each, all with the enrolment as their trigger: that is what `workflows.remove` takes back. */
export const enrol = operation({
  name: 'workflows.enrol',
  summary: 'Enrol people in a sequence; says of those left out why',
  http: 'POST /api/workflows/{workflow_id}/enrol',
  cli: 'workflows enrol',
  access: 'write',
  status: 200,
  input: z.object({ ...who, rehearsalHash: z.string().max(100).optional().describe(HASH) }),
  errors: [RehearsalNeeded, RehearsalOutdated],
  output: Enrolled,
  run: (ctx, input) => enrolPeople(ctx, input),
});

const LIVE: Statement = {
  name: 'workflows.remove.live',
  text: `select id from runs
          where company_id = $1 and workflow_id = $2 and state in ('running', 'waiting', 'paused')
            and ($3::uuid[] is null or id = any ($3::uuid[]))
            and ($4::uuid[] is null or subject_id = any ($4::uuid[]))
            and ($5::uuid[] is null or person_id = any ($5::uuid[]))
            and ($6::text is null or trigger_id = $6)
          order by id`,
};
const KNOWN: Statement = {
  name: 'workflows.remove.known',
  text: `select (select count(*)::int from runs where company_id = $1 and id = any ($2::uuid[])) as runs,
                (select count(*)::int from leads where company_id = $1 and id = any ($3::uuid[])) as leads,
                (select count(*)::int from people where company_id = $1 and id = any ($4::uuid[])) as people,
                $5::text is null or exists (select from runs where company_id = $1 and workflow_id = $6 and trigger_id = $5) as enrolment`,
};

export const removeFromSequence = operation({
  name: 'workflows.remove',
  summary: 'End the runs of these people in a sequence at once, or take a whole enrolment back',
  http: 'POST /api/workflows/{workflow_id}/remove',
  cli: 'workflows remove',
  access: 'write',
  status: 200,
  destructive: true,
  input: z.object({
    workflowId: z.uuid().describe('Id of the workflow'),
    runIds: ids('runs'),
    leadIds: ids('leads'),
    personIds: ids('people'),
    enrolmentId: z.uuid().optional().describe('What workflows.enrol answered'),
  }),
  output: z.object({ ended: z.int() }),
  async run(ctx, input) {
    const { runIds, leadIds, personIds, enrolmentId } = input;
    if (runIds === undefined && leadIds === undefined && personIds === undefined && enrolmentId === undefined)
      throw new InvalidInput('Say whose runs: run_ids, lead_ids, person_ids or enrolment_id', {
        fields: [{ path: 'run_ids', message: 'or lead_ids, person_ids, enrolment_id' }],
      });
    const workflow = await workflowRow(ctx, ctx.companyId, input.workflowId);
    const [known] = await ctx.query<{ runs: number; leads: number; people: number; enrolment: boolean }>(KNOWN, [
      ctx.companyId,
      runIds ?? [],
      leadIds ?? [],
      personIds ?? [],
      enrolmentId ?? null,
      workflow.id,
    ]);
    const missing = (asked: readonly string[] | undefined, found: number | undefined) => new Set(asked).size > (found ?? 0);
    if (missing(runIds, known?.runs)) throw new NotFound('One of run_ids is no run of yours');
    if (missing(leadIds, known?.leads)) throw new NotFound('One of lead_ids is no lead of yours');
    if (missing(personIds, known?.people)) throw new NotFound('One of person_ids is no person of yours');
    if (known?.enrolment !== true) throw new NotFound('This enrolment started no run in this sequence');
    const live = await ctx.query<{ id: string }>(LIVE, [
      ctx.companyId,
      workflow.id,
      runIds ?? null,
      leadIds ?? null,
      personIds ?? null,
      enrolmentId ?? null,
    ]);
    ctx.subject('workflows', workflow.id);
    if (live.length === 0) return { ended: 0 };
    const which = { companyId: ctx.companyId, runIds: live.map((run) => run.id) };
    return {
      ended: await ctx.runtime.engine.cancel(ctx, which, enrolmentId === undefined ? 'taken out by a person' : 'enrolment taken back'),
    };
  },
});
