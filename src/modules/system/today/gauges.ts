import { z } from 'zod';
import type { Statement, Transaction } from '#core/database/database.ts';

/** The four promises, measured; null where there was nothing to measure. */
export const Gauges = z.object({
  dailySuccess: z.number().nullable().describe('Share of the runs that ended in the last 24 hours and did not fail; target above 0.99'),
  meanRunS: z.number().nullable().describe('Mean seconds a run of the last 24 hours worked, without its waits; target under 60'),
  manualInterventions: z.int().describe('Runs and effects that a person had to settle this month; target under 1'),
  recoveryS: z
    .number()
    .nullable()
    .describe('Mean seconds from a failed step to its success, last 30 days, open failures with their age; target under 86,400'),
});
export type Gauges = z.output<typeof Gauges>;

/** Index runs_completed. $1 company, $2 since */
const RUNS: Statement = {
  name: 'gauges.runs',
  text: `select count(*) filter (where state = 'done')::int as done, count(*)::int as ended from runs
         where company_id = $1 and completed_at > $2 and state in ('done', 'failed') and branch is null`,
};

/** The latest 2,000 stand for the rest. What branches did counts for their run. Steps of kind wait and message stand still by intent (a date, sending hours), and a parallel
 * one while its branches work. $1 company, $2 since */
const WORKED: Statement = {
  name: 'gauges.worked',
  text: `select avg(worked.seconds)::float8 as "meanS"
         from (select id from runs where company_id = $1 and completed_at > $2 and state in ('done', 'failed') and branch is null order by completed_at desc limit 2000) r,
         lateral (
           select coalesce(sum(extract(epoch from s.finished_at - s.started_at)), 0) as seconds
           from run_steps s where s.finished_at is not null and s.type not in ('wait', 'message', 'parallel')
             and s.run_id in (select r.id union all select b.id from runs b where b.parent_id = r.id and b.branch is not null)
         ) worked`,
};

/** What a person does because something went wrong, by operation. */
const INTERVENTIONS = ['runs.retry', 'effects.decide', 'events.retry'];

/** This calendar month in the company's zone; index audit_log_recent. $1 company, $2 now, $3 operations */
const MANUAL: Statement = {
  name: 'gauges.manual',
  text: `select count(*)::int as count from audit_log a, companies c
         where c.id = $1 and a.company_id = $1 and a.operation = any($3) and a.principal_kind <> 'engine'
           and a.at >= date_trunc('month', $2::timestamptz at time zone coalesce(c.settings ->> 'time_zone', 'UTC')) at time zone coalesce(c.settings ->> 'time_zone', 'UTC')`,
};

/** Index run_steps_failed. A run that a person gave up is not recovered and not open: it does not count. $1 company, $2 since, $3 now */
const RECOVERY: Statement = {
  name: 'gauges.recovery',
  text: `select avg(extract(epoch from coalesce(fixed.at, $3::timestamptz) - f.finished_at))::float8 as seconds
         from run_steps f join runs r on r.id = f.run_id left join lateral (
           select min(s.finished_at) as at from run_steps s where s.run_id = f.run_id and s.place > f.place and s.state = 'done'
         ) fixed on true
         where f.company_id = $1 and f.finished_at > $2 and f.state in ('failed', 'lost') and (fixed.at is not null or r.state = 'failed')`,
};

const DAY_MS = 86_400_000;

export async function gauges(tx: Transaction, companyId: string, now: Date): Promise<Gauges> {
  const before = (days: number) => new Date(now.getTime() - days * DAY_MS);
  const [[runs], [worked], [manual], [recovery]] = await Promise.all([
    tx.query<{ done: number; ended: number }>(RUNS, [companyId, before(1)]),
    tx.query<{ meanS: number | null }>(WORKED, [companyId, before(1)]),
    tx.query<{ count: number }>(MANUAL, [companyId, now, INTERVENTIONS]),
    tx.query<{ seconds: number | null }>(RECOVERY, [companyId, before(30), now]),
  ]);
  return {
    dailySuccess: runs === undefined || runs.ended === 0 ? null : runs.done / runs.ended,
    meanRunS: worked?.meanS ?? null,
    manualInterventions: manual?.count ?? 0,
    recoveryS: recovery?.seconds ?? null,
  };
}
