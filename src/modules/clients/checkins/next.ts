import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { batchStep, type RunView, type StepResult } from '#core/engine/types.ts';
import { setWorkflowActive } from '#modules/workflows/public.ts';
import { CHECKINS } from './names.ts';

/** The day is the company's; the rhythm of a client who has one stays. Answers the companies whose first plans these are. */
const NEXT: Statement = {
  name: 'checkins.next_in_days',
  text: `with made as (
      insert into checkin_plans (client_id, company_id, unit, every, anchor_on, next_on, updated_at)
      select distinct on (c.id) c.id, c.company_id, 'months', 1, d.day + w.days, d.day + w.days, $2
        from jsonb_to_recordset($1::jsonb) as w(company_id uuid, client_id uuid, days integer)
        join clients c on c.id = w.client_id and c.company_id = w.company_id join companies co on co.id = c.company_id
        cross join lateral (select ($2::timestamptz at time zone coalesce(co.settings ->> 'time_zone', 'UTC'))::date as day) d
       order by c.id
      on conflict (client_id) do update set anchor_on = excluded.anchor_on, next_on = excluded.next_on, updated_at = excluded.updated_at returning company_id
    )
    select distinct m.company_id as "companyId" from made m where not exists (select from checkin_plans k where k.company_id = m.company_id)`,
};

const clientOf = ({ facts }: RunView): string | null => {
  const client = facts['client'];
  const id = typeof client === 'object' && client !== null && !Array.isArray(client) ? client['id'] : null;
  return typeof id === 'string' ? id : null;
};

/** For any run that is about a client, or about something of one. */
export const nextCheckinStep = batchStep({
  type: 'client_next_checkin',
  title: 'Say when the client is heard from next',
  description: 'The next check-in with the client of this run comes in so many days; the rhythm after it stays.',
  input: z.object({ days: z.int().min(0).max(3650).describe('In so many days') }),
  changesFacts: false,
  async run(tx, items, runtime) {
    const rows = items.flatMap(({ run, input }) => {
      const client = clientOf(run);
      return client === null ? [] : [{ company_id: run.companyId, client_id: client, days: input.days }];
    });
    const at = runtime.clock.now();
    for (const { companyId } of await tx.query<{ companyId: string }>(NEXT, [JSON.stringify(rows), at]))
      await setWorkflowActive(tx, companyId, CHECKINS, true, at);
    return items.map(({ run }): StepResult =>
      clientOf(run) === null
        ? { kind: 'fail', error: 'This run is about no client; use it where there is one', retry: 'never' }
        : { kind: 'next' },
    );
  },
});
