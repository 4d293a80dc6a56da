import type { Statement, Transaction } from '#core/database/database.ts';
import type { DomainEvent, Facts } from '#core/engine/types.ts';
import { OnboardingSettled } from '../shapes.ts';
import { advance } from './advance.ts';

/** The task and its onboarding, both running. Whoever comes second finds it settled. */
const SETTLE: Statement = {
  name: 'onboarding.settle',
  text: `update onboarding_tasks t set state = $4, settled_at = $5, settled_by = $6, answers = coalesce($7::jsonb, t.answers), file_id = coalesce($8::uuid, t.file_id), file_name = coalesce($9, t.file_name), updated_at = $5
           from onboardings o, clients c where t.company_id = $1 and t.onboarding_id = $2 and t.id = $3 and t.state in ('open', 'waiting') and (t.state = 'open' or $4 = 'skipped')
            and o.id = t.onboarding_id and o.state = 'running' and c.id = t.client_id
         returning t.key, t.title, t.owner, t.todo_id as "todoId", c.person_id as "personId"`,
};
const CLOSE_TODO: Statement = {
  name: 'onboarding.close_todo',
  text: `update tasks set state = $3, done_at = $4, done_by = $5, updated_at = $4 where company_id = $1 and id = $2 and state = 'open'`,
};
const LOCK: Statement = { name: 'onboarding.lock', text: 'select id from onboardings where company_id = $1 and id = $2 for update' };

export interface Settled {
  readonly onboardingId: string;
  readonly taskId: string;
  readonly state: 'done' | 'skipped';
  /** User, where one did it. */
  readonly by: string | null;
  /** The client did it, on their page. */
  readonly byClient?: true;
  readonly answers?: Facts;
  readonly file?: { readonly id: string; readonly name: string };
}

/** Settles a task and what follows from it, in the caller's transaction. Answers what happened, for the outbox. @throws OnboardingSettled */
export async function settleTask(tx: Transaction, companyId: string, what: Settled, at: Date): Promise<DomainEvent[]> {
  const { onboardingId, taskId, state, by, byClient, answers, file } = what;
  await tx.query(LOCK, [companyId, onboardingId]);
  const [task] = await tx.query<{ key: string; title: string; owner: string; todoId: string | null; personId: string }>(SETTLE, [
    companyId, onboardingId, taskId, state, at, by, answers === undefined ? null : JSON.stringify(answers), file?.id ?? null, file?.name ?? null,
  ]); // prettier-ignore
  if (task === undefined) throw new OnboardingSettled('This task is settled already, or its turn has not come; load the page anew');
  if (task.todoId !== null) await tx.query(CLOSE_TODO, [companyId, task.todoId, state === 'done' ? 'done' : 'dropped', at, by]);
  const { key, title, owner, personId } = task;
  const settled: DomainEvent = {
    name: 'onboarding.task_settled',
    companyId,
    subject: { type: 'onboarding', id: onboardingId },
    personId,
    payload: { task: title, key, owner, state, by: byClient === true ? 'client' : 'us' },
  };
  return [settled, ...(await advance(tx, companyId, onboardingId, at))];
}
