import type { Statement, Transaction } from '#core/database/database.ts';
import { setWorkflowActive } from '#modules/workflows/public.ts';
import { CHECKINS } from './names.ts';

const SET: Statement = {
  name: 'checkins.set_plan',
  text: `insert into checkin_plans (client_id, company_id, unit, every, anchor_on, next_on, updated_at) values ($1, $2, $3, $4, $5::date, $6::date, $7)
         on conflict (client_id) do update set unit = excluded.unit, every = excluded.every, anchor_on = excluded.anchor_on, next_on = excluded.next_on, updated_at = excluded.updated_at`,
};
const GET: Statement = {
  name: 'checkins.plan',
  text: 'select unit, every, anchor_on::text as "anchorOn", next_on::text as "nextOn" from checkin_plans where company_id = $1 and client_id = $2',
};

export interface Plan {
  readonly unit: 'days' | 'months';
  readonly every: number;
  readonly anchorOn: string;
  readonly nextOn: string | null;
}

export async function planOf(tx: Transaction, companyId: string, clientId: string): Promise<Plan | null> {
  const [plan] = await tx.query<Plan>(GET, [companyId, clientId]);
  return plan ?? null;
}

export async function setPlan(
  tx: Transaction,
  companyId: string,
  clientId: string,
  { unit, every, anchorOn, nextOn }: Plan,
  at: Date,
): Promise<void> {
  await tx.query(SET, [clientId, companyId, unit, every, anchorOn, nextOn, at]);
}

/** Clients that are active and have no plan get one: a month from the day, and every month after that. Answers the companies whose first plans these are. */
const USUAL: Statement = {
  name: 'checkins.usual_plan',
  text: `with made as (
      insert into checkin_plans (client_id, company_id, unit, every, anchor_on, next_on, updated_at)
      select c.id, c.company_id, 'months', 1, d.day, (d.day + interval '1 month')::date, $2
        from clients c join companies co on co.id = c.company_id cross join lateral (select ($2::timestamptz at time zone coalesce(co.settings ->> 'time_zone', 'UTC'))::date as day) d
       where c.id = any ($1::uuid[]) and c.status = 'active' on conflict (client_id) do nothing returning company_id
    )
    select distinct m.company_id as "companyId" from made m where not exists (select from checkin_plans k where k.company_id = m.company_id)`,
};
const NONE_YET: Statement = {
  name: 'checkins.none_yet',
  text: 'select not exists (select from checkin_plans where company_id = $1) as none',
};

/** With the first plan of a company its daily look begins; before that there is nobody to look for. Who switches it off later keeps it off. */
export async function givePlans(tx: Transaction, clientIds: readonly string[], at: Date): Promise<void> {
  for (const { companyId } of await tx.query<{ companyId: string }>(USUAL, [clientIds, at]))
    await setWorkflowActive(tx, companyId, CHECKINS, true, at);
}

/** To be called before a plan is set by hand: the same. */
export async function beginWithFirst(tx: Transaction, companyId: string, at: Date): Promise<void> {
  const [row] = await tx.query<{ none: boolean }>(NONE_YET, [companyId]);
  if (row?.none === true) await setWorkflowActive(tx, companyId, CHECKINS, true, at);
}
