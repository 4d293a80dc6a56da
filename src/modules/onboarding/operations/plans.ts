import { z } from 'zod';
import type { Statement, Transaction } from '#core/database/database.ts';
import { NotFound } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import { operation } from '#core/operation/operation.ts';
import { requireUsers } from '#modules/people/public.ts';
import { Material, PlanTask, requireSound } from '../plan/task.ts';

/** No such plan in this company. */
export class PlanNotFound extends NotFound {
  override readonly code = 'onboarding_plan_not_found';
}

const Plan = z.object({
  id: z.uuid(),
  companyId: z.uuid(),
  name: z.string(),
  welcome: z.string().describe('What the client reads first'),
  materials: z.array(Material).describe('What to read to begin with'),
  tasks: z.array(PlanTask),
  running: z.int().describe('Onboardings by it that are under way'),
  createdAt: z.date(),
  updatedAt: z.date(),
});
type Plan = z.output<typeof Plan>;

const COLUMNS = `p.id, p.company_id as "companyId", p.name, p.welcome, p.materials, p.tasks, p.created_at as "createdAt", p.updated_at as "updatedAt",
  (select count(*)::int from onboardings o where o.plan_id = p.id and o.state = 'running') as running`;
const LIST: Statement = {
  name: 'onboarding.plans',
  text: `select ${COLUMNS} from onboarding_plans p where p.company_id = $1 order by p.name, p.id limit 500`,
};
const GET: Statement = { name: 'onboarding.plan', text: `select ${COLUMNS} from onboarding_plans p where p.company_id = $1 and p.id = $2` };
const INSERT: Statement = {
  name: 'onboarding.plan_create',
  text: `insert into onboarding_plans (id, company_id, name, welcome, materials, tasks, created_at, updated_at) values ($2, $1, $3, $4, $5::jsonb, $6::jsonb, $7, $7)`,
};
const UPDATE: Statement = {
  name: 'onboarding.plan_update',
  text: `update onboarding_plans set name = $3, welcome = $4, materials = $5::jsonb, tasks = $6::jsonb, updated_at = $7 where company_id = $1 and id = $2`,
};
const DELETE: Statement = { name: 'onboarding.plan_delete', text: 'delete from onboarding_plans where company_id = $1 and id = $2' };

/** @throws PlanNotFound */
export async function getPlan(tx: Transaction, companyId: string, planId: string): Promise<Plan> {
  const [plan] = await tx.query<Plan>(GET, [companyId, planId]);
  if (plan === undefined) throw new PlanNotFound('There is no such plan; list them with: steward onboarding plans');
  return plan;
}

const fields = {
  name: z.string().trim().min(1).max(200),
  welcome: z.string().trim().max(5_000),
  materials: z.array(Material).max(30),
  tasks: z.array(PlanTask).min(1).max(100),
};
const planId = () => z.uuid().describe('Id of the plan');

export const listPlans = operation({
  name: 'onboarding_plans.list',
  summary: 'Plans by which clients are taken on',
  http: 'GET /api/onboarding/plans',
  cli: 'onboarding plans',
  access: 'read',
  input: z.object({}),
  output: z.object({ items: z.array(Plan), nextCursor: z.null() }),
  run: async (ctx) => ({ items: await ctx.query<Plan>(LIST, [ctx.companyId]), nextCursor: null }),
});

export const getPlanOperation = operation({
  name: 'onboarding_plans.get',
  summary: 'Read one plan',
  http: 'GET /api/onboarding/plans/{plan_id}',
  cli: 'onboarding plan',
  access: 'read',
  input: z.object({ planId: planId() }),
  output: Plan,
  errors: [PlanNotFound],
  run: (ctx, input) => getPlan(ctx, ctx.companyId, input.planId),
});

export const createPlan = operation({
  name: 'onboarding_plans.create',
  summary: 'Make a plan: what is done with every new client, by whom and until when',
  http: 'POST /api/onboarding/plans',
  cli: 'onboarding create-plan',
  access: 'write',
  input: z.object({ ...fields, welcome: fields.welcome.default(''), materials: fields.materials.default([]) }),
  output: Plan,
  async run(ctx, input) {
    requireSound(input.tasks);
    await requireUsers(ctx, ctx.companyId, assigneesOf(input.tasks));
    const id = newId();
    const { name, welcome, materials, tasks } = input;
    await ctx.query(INSERT, [ctx.companyId, id, name, welcome, JSON.stringify(materials), JSON.stringify(tasks), ctx.clock.now()]);
    return getPlan(ctx, ctx.companyId, id);
  },
});

export const updatePlan = operation({
  name: 'onboarding_plans.update',
  summary: 'Change a plan; onboardings that are under way stay as they began',
  http: 'PUT /api/onboarding/plans/{plan_id}',
  cli: 'onboarding update-plan',
  access: 'write',
  input: z.object({
    planId: planId(),
    name: fields.name.optional(),
    welcome: fields.welcome.optional(),
    materials: fields.materials.optional(),
    tasks: fields.tasks.optional(),
  }),
  output: Plan,
  errors: [PlanNotFound],
  async run(ctx, input) {
    const before = await getPlan(ctx, ctx.companyId, input.planId);
    ctx.expectVersion(before);
    const tasks = input.tasks ?? before.tasks;
    requireSound(tasks);
    await requireUsers(ctx, ctx.companyId, assigneesOf(input.tasks ?? []));
    await ctx.query(UPDATE, [
      ctx.companyId, before.id, input.name ?? before.name, input.welcome ?? before.welcome, JSON.stringify(input.materials ?? before.materials), JSON.stringify(tasks), ctx.clock.now(),
    ]); // prettier-ignore
    return getPlan(ctx, ctx.companyId, before.id);
  },
});

export const deletePlan = operation({
  name: 'onboarding_plans.delete',
  summary: 'Delete a plan; onboardings by it go on',
  http: 'DELETE /api/onboarding/plans/{plan_id}',
  cli: 'onboarding delete-plan',
  access: 'write',
  destructive: true,
  input: z.object({ planId: planId() }),
  output: z.null(),
  errors: [PlanNotFound],
  async run(ctx, input) {
    const plan = await getPlan(ctx, ctx.companyId, input.planId);
    ctx.expectVersion(plan);
    await ctx.query(DELETE, [ctx.companyId, plan.id]);
    ctx.subject('onboarding_plans', plan.id);
    return null;
  },
});

const assigneesOf = (tasks: readonly PlanTask[]): string[] => [...new Set(tasks.flatMap(({ assigneeId }) => assigneeId ?? []))];
