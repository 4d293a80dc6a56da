import type { Statement } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';

const BATCH = 1_000;

/** Open tasks whose day has passed where the company is, each told once. onboarding_tasks_due serves it. */
const OVERDUE: Statement = {
  name: 'onboarding.overdue',
  text: `with late as (
      select t.id from onboarding_tasks t join companies co on co.id = t.company_id join onboardings o on o.id = t.onboarding_id and o.company_id = t.company_id and o.state = 'running'
       where t.state = 'open' and t.overdue_told_at is null and t.due_on < ($1::timestamptz at time zone coalesce(co.settings ->> 'time_zone', 'UTC'))::date
       order by t.due_on limit ${BATCH} for update of t skip locked
    )
    update onboarding_tasks t set overdue_told_at = $1 from late, clients c where t.id = late.id and c.id = t.client_id
    returning t.company_id as "companyId", t.onboarding_id as "onboardingId", t.title, t.key, t.owner, t.due_on::text as "dueOn", c.person_id as "personId"`,
};

interface Late {
  readonly companyId: string;
  readonly onboardingId: string;
  readonly personId: string;
  readonly title: string;
  readonly key: string;
  readonly owner: string;
  readonly dueOn: string;
}

/** Says, once a task, that its day has passed. Answers how many. */
export async function tendOnboardings(runtime: Runtime, going: () => boolean = () => true): Promise<number> {
  let told = 0;
  for (let found = BATCH; found === BATCH && going();) {
    found = await runtime.system.write(async (tx) => {
      const late = await tx.query<Late>(OVERDUE, [runtime.clock.now()]);
      await runtime.engine.emit(
        tx,
        late.map(({ companyId, onboardingId, personId, title, key, owner, dueOn }) => ({
          name: 'onboarding.task_overdue',
          companyId,
          subject: { type: 'onboarding', id: onboardingId },
          personId,
          payload: { task: title, key, owner, due_on: dueOn },
        })),
      );
      return late.length;
    });
    told += found;
  }
  if (told > 0) runtime.engine.nudge('events');
  return told;
}
