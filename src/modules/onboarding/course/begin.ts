import type { Statement, Transaction } from '#core/database/database.ts';
import type { DomainEvent } from '#core/engine/types.ts';
import { newId } from '#core/ids.ts';
import type { Material, PlanTask } from '../plan/task.ts';
import { OnboardingSettled } from '../shapes.ts';
import { advance } from './advance.ts';

const BEGIN: Statement = {
  name: 'onboarding.begin',
  text: `insert into onboardings (id, company_id, client_id, plan_id, name, welcome, materials, started_on, created_by, created_at, updated_at)
         values ($2, $1, $3, $4, $5, $6, $7::jsonb, $8::date, $9, $10, $10) on conflict (client_id, plan_id) where state = 'running' do nothing returning id`,
};
const TASKS: Statement = {
  name: 'onboarding.begin_tasks',
  text: `insert into onboarding_tasks (id, company_id, onboarding_id, client_id, key, position, title, body, owner, kind, spec, due_days, due_of, due_after, needs, assignee_id, updated_at)
         select e.id, $1, $2, $3, e.key, e.position, e.title, e.body, e.owner, e.kind, e.spec, e.due_days, e.due_of, e.due_after, e.needs, e.assignee_id, $5
           from jsonb_to_recordset($4::jsonb) as e(id uuid, key text, position integer, title text, body text, owner text, kind text, spec jsonb, due_days integer, due_of text,
             due_after text, needs text[], assignee_id uuid)`,
};

export interface Begin {
  readonly client: { readonly id: string; readonly personId: string };
  readonly plan: {
    readonly id: string;
    readonly name: string;
    readonly welcome: string;
    readonly materials: readonly Material[];
    readonly tasks: readonly PlanTask[];
  };
  readonly startedOn: string;
  readonly by: string | null;
}

/** The onboarding with its tasks, in the caller's transaction. @throws OnboardingSettled the client is in this plan already */
export async function begin(
  tx: Transaction,
  companyId: string,
  { client, plan, startedOn, by }: Begin,
  at: Date,
): Promise<{ id: string; events: DomainEvent[] }> {
  const id = newId();
  const made = await tx.query(BEGIN, [
    companyId,
    id,
    client.id,
    plan.id,
    plan.name,
    plan.welcome,
    JSON.stringify(plan.materials),
    startedOn,
    by,
    at,
  ]);
  if (made.length === 0) throw new OnboardingSettled(`“${plan.name}” is under way for this client already`);
  const rows = plan.tasks.map((task, position) => ({
    id: newId(),
    position,
    key: task.key,
    title: task.title,
    body: task.body,
    owner: task.owner,
    kind: task.kind,
    spec: task.spec,
    due_days: task.dueDays,
    due_of: task.dueOf,
    due_after: task.dueAfter,
    needs: task.needs,
    assignee_id: task.assigneeId,
  }));
  await tx.query(TASKS, [companyId, id, client.id, JSON.stringify(rows), at]);
  const started: DomainEvent = {
    name: 'onboarding.started',
    companyId,
    subject: { type: 'onboarding', id },
    personId: client.personId,
    payload: { plan: plan.name },
  };
  return { id, events: [started, ...(await advance(tx, companyId, id, at))] };
}
