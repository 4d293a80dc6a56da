import type { Statement, Transaction } from '#core/database/database.ts';
import type { PortalVisit } from '#core/portal/types.ts';
import { getOnboarding, type OnboardingDetail, type Task } from '../shapes.ts';

/** What is under way, and what was finished within a month. */
const OF_CLIENT: Statement = {
  name: 'onboarding.of_client',
  text: `select id from onboardings where company_id = $1 and client_id = $2 and (state = 'running' or (state = 'done' and ended_at > $3::timestamptz - interval '30 days'))
          order by state = 'running' desc, created_at desc limit 5`,
};
const OF_TASK: Statement = {
  name: 'onboarding.of_task',
  text: `select onboarding_id as id from onboarding_tasks where company_id = $1 and client_id = $2 and id::text = $3 and owner = 'client'`,
};

export async function onboardingsOf(tx: Transaction, { companyId, clientId, now }: PortalVisit): Promise<OnboardingDetail[]> {
  const found: OnboardingDetail[] = [];
  // Seldom more than one.
  for (const { id } of await tx.query<{ id: string }>(OF_CLIENT, [companyId, clientId, now]))
    found.push(await getOnboarding(tx, companyId, id, now));
  return found;
}

/** A task of this client's own; null: there is none by this id. */
export async function taskOf(
  tx: Transaction,
  { companyId, clientId, now }: PortalVisit,
  taskId: string,
): Promise<{ onboarding: OnboardingDetail; task: Task } | null> {
  const [row] = await tx.query<{ id: string }>(OF_TASK, [companyId, clientId, taskId]);
  if (row === undefined) return null;
  const onboarding = await getOnboarding(tx, companyId, row.id, now);
  const task = onboarding.tasks.find(({ id }) => id === taskId);
  return task === undefined ? null : { onboarding, task };
}
