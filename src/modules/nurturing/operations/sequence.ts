import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { operation } from '#core/operation/operation.ts';
import { isOn } from '../switch.ts';
import { LEAD_NURTURING } from '../names.ts';

const STEPS: Statement = {
  name: 'nurturing.sequence.steps',
  text: `select w.id as "workflowId", w.version, v.definition -> 'steps' as steps
           from workflows w join workflow_versions v on v.workflow_id = w.id and v.version = w.version
          where w.company_id = $1 and w.name = $2`,
};
const WHERE: Statement = {
  name: 'nurturing.sequence.where',
  text: `select r.step_id as "stepId", r.state, count(*)::int as count, min(r.wake_at) as "nextAt"
           from runs r where r.workflow_id = $1 and r.company_id = $2 and r.state in ('running', 'waiting', 'paused', 'failed')
          group by r.step_id, r.state`,
};
const OUTCOMES: Statement = {
  name: 'nurturing.sequence.outcomes',
  text: `select coalesce(outcome, state) as outcome, count(*)::int as count
           from runs where workflow_id = $1 and company_id = $2 and state in ('done', 'cancelled') and branch is null group by 1 order by 2 desc`,
};

const StoredStep = z.object({ id: z.string(), title: z.string(), type: z.string() });

export const nurturingSequence = operation({
  name: 'nurturing.sequence',
  summary: 'The sequence step by step, with how many people stand where and how the others ended',
  http: 'GET /api/lead-nurturing/sequence',
  cli: 'nurturing sequence',
  access: 'read',
  scope: 'nurturing:read',
  input: z.object({}),
  output: z.object({
    active: z.boolean(),
    workflowId: z.uuid().nullable(),
    steps: z.array(
      z.object({
        id: z.string(),
        title: z.string(),
        type: z.string(),
        waiting: z.int(),
        running: z.int(),
        paused: z.int(),
        failed: z.int(),
        nextAt: z.date().nullable(),
        list: z.string(),
      }),
    ),
    outcomes: z.array(z.object({ outcome: z.string(), count: z.int() })),
  }),
  async run(ctx) {
    const active = await isOn(ctx, ctx.companyId);
    const [stored] = await ctx.query<{ workflowId: string; version: number; steps: unknown }>(STEPS, [ctx.companyId, LEAD_NURTURING]);
    if (stored === undefined) return { active, workflowId: null, steps: [], outcomes: [] };
    const rows = await ctx.query<{
      stepId: string;
      state: 'running' | 'waiting' | 'paused' | 'failed';
      count: number;
      nextAt: Date | null;
    }>(WHERE, [stored.workflowId, ctx.companyId]);
    const outcomes = await ctx.query<{ outcome: string; count: number }>(OUTCOMES, [stored.workflowId, ctx.companyId]);
    const count = (step: string, state: string) => rows.find((row) => row.stepId === step && row.state === state)?.count ?? 0;
    const steps = z
      .array(StoredStep)
      .parse(stored.steps)
      .map(({ id, title, type }) => ({
        id,
        title,
        type,
        waiting: count(id, 'waiting'),
        running: count(id, 'running'),
        paused: count(id, 'paused'),
        failed: count(id, 'failed'),
        nextAt: rows.find((row) => row.stepId === id && row.state === 'waiting')?.nextAt ?? null,
        list: `/api/runs?workflow_id=${stored.workflowId}&step_id=${id}`,
      }));
    return { active, workflowId: stored.workflowId, steps, outcomes };
  },
});
