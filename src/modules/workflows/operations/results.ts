import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { operation } from '#core/operation/operation.ts';
import { pageInput, pageOf } from '#core/operation/page.ts';
import { workflowRow } from '../definitions.ts';
import { listPage, type Listing } from '../list.ts';
import { MESSAGE_STEP } from '../runs/message-step.ts';
import { RUN_STATES } from '../shapes.ts';

/** What came of a step, or of the whole sequence. */
export const RESULTS = ['reached', 'sent', 'blocked', 'bounced', 'replied'] as const;

const Counts = z.object({
  reached: z.int().describe('People who came to this step'),
  sent: z.int().describe('People whose message left, or was captured'),
  blocked: z.int(),
  bounced: z.int().describe('Refused by the mail server, or bounced'),
  replied: z.int().describe('People who answered this very message'),
});

const DAYS = 90;
const DAY_MS = 86_400_000;

const OUTCOMES: Statement = {
  name: 'workflows.results.outcomes',
  text: `select case when state in ('done', 'cancelled', 'failed') then coalesce(outcome, state) else 'under_way' end as outcome, count(*)::int as count
           from runs where company_id = $1 and workflow_id = $2 and started_at >= $3 and branch is null group by 1 order by 2 desc, 1`,
};
/** Runs of the period are gathered once; journal and messages hang off them by primary key and messages_step. */
const STEPS: Statement = {
  name: 'workflows.results.steps',
  text: `with mine as materialized (
      select id from runs where company_id = $1 and workflow_id = $2 and started_at >= $3
    ), reached as (
      select s.step_id, count(distinct s.run_id)::int as reached from mine join run_steps s on s.run_id = mine.id and s.company_id = $1 group by s.step_id
    ), written as (
      select ${MESSAGE_STEP} as step_id, count(*) filter (where m.state in ('sent', 'captured'))::int as sent, count(*) filter (where m.state = 'blocked')::int as blocked,
             count(*) filter (where m.state = 'refused')::int as bounced,
             count(*) filter (where exists (select from messages a where a.reply_to_id = m.id and a.company_id = $1 and a.direction = 'inbound' and not a.auto))::int as replied
        from mine join messages m on m.run_id = mine.id and m.company_id = $1 where m.direction = 'outbound' group by 1
    )
    select step_id as "stepId", coalesce(reached, 0) as reached, coalesce(sent, 0) as sent, coalesce(blocked, 0) as blocked,
           coalesce(bounced, 0) as bounced, coalesce(replied, 0) as replied
      from reached full join written using (step_id)`,
};

export const workflowResults = operation({
  name: 'workflows.results',
  summary: 'What came of a sequence, step by step and in the end; each number opens its people with workflows.people',
  http: 'GET /api/workflows/{workflow_id}/results',
  cli: 'workflows results',
  access: 'read',
  input: z.object({
    workflowId: z.uuid().describe('Id of the workflow'),
    since: z.coerce.date().optional().describe(`Runs that began since then; default: the last ${DAYS} days`),
  }),
  output: z.object({
    since: z.date(),
    runs: z.int(),
    outcomes: z.array(z.object({ outcome: z.string(), count: z.int() })),
    steps: z.array(Counts.extend({ stepId: z.string() })),
  }),
  async run(ctx, input) {
    await workflowRow(ctx, ctx.companyId, input.workflowId);
    const since = input.since ?? new Date(ctx.clock.now().getTime() - DAYS * DAY_MS);
    const values = [ctx.companyId, input.workflowId, since];
    const outcomes = await ctx.query<{ outcome: string; count: number }>(OUTCOMES, values);
    const steps = await ctx.query<z.output<typeof Counts> & { stepId: string }>(STEPS, values);
    return { since, runs: outcomes.reduce((sum, row) => sum + row.count, 0), outcomes, steps };
  },
});

const written = (state: string) =>
  `exists (select from messages m where m.run_id = t.id and m.company_id = t.company_id and m.direction = 'outbound' and ${state} and ${MESSAGE_STEP} = ?)`;

const LISTING: Listing = {
  name: 'workflows.people',
  select: `select t.id, t.person_id as "personId", p.full_name as name, p.email, o.name as organisation, l.id as "leadId", l.status as "leadStatus",
      t.state, t.step_id as "stepId", t.outcome, t.reason, t.error, t.wake_at as "dueAt", t.started_at as "startedAt", t.completed_at as "completedAt", t.version
    from runs t join people p on p.id = t.person_id and p.company_id = t.company_id
    left join organisations o on o.id = p.organisation_id
    left join leads l on l.id = t.subject_id and t.subject_type = 'lead' and l.company_id = t.company_id`,
  conditions: {
    workflowId: 't.workflow_id = ?',
    state: 't.state = ?',
    at: `t.state in ('running', 'waiting', 'paused') and t.step_id = ?`,
    outcome: `t.branch is null and case when t.state in ('done', 'cancelled', 'failed') then coalesce(t.outcome, t.state) else 'under_way' end = ?`,
    since: 't.started_at >= ?',
    reached: `exists (select from run_steps s where s.run_id = t.id and s.company_id = t.company_id and s.step_id = ?)`,
    sent: written(`m.state in ('sent', 'captured')`),
    blocked: written(`m.state = 'blocked'`),
    bounced: written(`m.state = 'refused'`),
    replied: written(
      `exists (select from messages a where a.reply_to_id = m.id and a.company_id = m.company_id and a.direction = 'inbound' and not a.auto)`,
    ),
    q: `position(lower(?) in lower(p.full_name || ' ' || coalesce(p.email, ''))) > 0`,
  },
};

const InSequence = z.object({
  id: z.uuid().describe('Id of the run'),
  personId: z.uuid(),
  name: z.string(),
  email: z.string().nullable(),
  organisation: z.string().nullable(),
  leadId: z.uuid().nullable(),
  leadStatus: z.string().nullable(),
  state: z.enum(RUN_STATES),
  stepId: z.string().nullable(),
  outcome: z.string().nullable(),
  reason: z.string().nullable(),
  error: z.string().nullable(),
  dueAt: z.date().nullable(),
  startedAt: z.date(),
  completedAt: z.date().nullable(),
  version: z.int(),
});

export const workflowPeople = operation({
  name: 'workflows.people',
  summary: 'Who is where in a sequence, and whom a number of its results counts; newest run first',
  http: 'GET /api/workflows/{workflow_id}/people',
  cli: 'workflows people',
  access: 'read',
  input: z.object({
    ...pageInput,
    workflowId: z.uuid().describe('Id of the workflow'),
    state: z.enum(RUN_STATES).optional(),
    at: z.string().max(100).optional().describe('Those who stand at this step now'),
    outcome: z.string().max(100).optional().describe('Those whose run ended so, or under_way'),
    result: z.enum(RESULTS).optional().describe('With step_id: those of whom this is true'),
    stepId: z.string().max(100).optional().describe('The step that result is about'),
    since: z.coerce.date().optional().describe('Runs that began since then'),
    q: z.string().min(1).max(200).optional().describe('Words of the name or address'),
  }),
  output: pageOf(InSequence),
  async run(ctx, { limit, cursor, result, stepId, ...filters }) {
    await workflowRow(ctx, ctx.companyId, filters.workflowId);
    const ofStep = stepId === undefined ? {} : { [result ?? 'reached']: stepId };
    return listPage<z.output<typeof InSequence>>(ctx, ctx.companyId, LISTING, { ...filters, ...ofStep }, { limit, cursor });
  },
});
