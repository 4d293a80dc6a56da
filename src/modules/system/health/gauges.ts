import { z } from 'zod';
import type { Statement, Transaction } from '#core/database/database.ts';
import { DAY_MS, INTERVENTIONS, STANDING } from './words.ts';

/** The four promises, measured; null where there was nothing to measure. What counts stands in words.ts. */
export const Gauges = z.object({
  dailySuccess: z.number().nullable().describe('Share of the runs that ended in the last 24 hours and did not fail; target above 0.99'),
  meanRunS: z.number().nullable().describe('Mean seconds a run of the last 24 hours worked, without its waits; target under 60'),
  manualInterventions: z.int().describe('Times this month that a person settled what went wrong; target under 1'),
  recoveryS: z
    .number()
    .nullable()
    .describe('Mean seconds from a failure to its success, last 30 days, open failures with their age; target under 86,400'),
});
export type Gauges = z.output<typeof Gauges>;

/** Sums over one company or all of them. */
interface Sums {
  readonly done: number;
  readonly ended: number;
  readonly worked: number;
  readonly workedS: number;
  readonly interventions: number;
  readonly recoveries: number;
  readonly recoveryS: number;
}

/** Index runs_completed. $1 companies, $2 since */
const RUNS: Statement = {
  name: 'gauges.runs',
  text: `select count(*) filter (where state = 'done')::int as done, count(*)::int as ended from runs
         where company_id = any ($1::uuid[]) and completed_at > $2 and state in ('done', 'failed') and branch is null`,
};

/** Working time of a run `r`; what its branches did counts for it. */
export const WORKED_S = `(select coalesce(sum(extract(epoch from s.finished_at - coalesce(s.worked_from, s.started_at))), 0)::float8 from run_steps s
                            where s.finished_at is not null and s.run_id in (select r.id union all select b.id from runs b where b.parent_id = r.id and b.branch is not null) and s.type not in (${STANDING.map((type) => `'${type}'`).join(', ')}))`;

/** The latest 2,000 of each company stand for the rest. $1 companies, $2 since */
const WORKED: Statement = {
  name: 'gauges.worked',
  text: `select count(*)::int as worked, coalesce(sum(w.seconds), 0)::float8 as "workedS"
           from unnest($1::uuid[]) as c (id) cross join lateral (
             select ${WORKED_S} as seconds from (
               select id from runs where company_id = c.id and completed_at > $2 and state in ('done', 'failed') and branch is null order by completed_at desc limit 2000) r) w`,
};

/** Rows `a` of the audit log by which a person of company `c` settled something this month in its zone; index audit_log_recent. $2 now, $3 operations */
export const BY_HAND = `a.company_id = c.id and a.operation = any ($3) and a.principal_kind <> 'engine' and (a.operation <> 'runs.bulk' or a.input ->> 'action' = 'retry')
           and a.at >= date_trunc('month', $2::timestamptz at time zone coalesce(c.settings ->> 'time_zone', 'UTC')) at time zone coalesce(c.settings ->> 'time_zone', 'UTC')`;
const MANUAL: Statement = {
  name: 'gauges.manual',
  text: `select count(*)::int as count from companies c join audit_log a on ${BY_HAND} where c.id = any ($1::uuid[])`,
};

/** Failures `f` with their run `r` and the success after them. Index run_steps_failed. $1 companies, $2 since */
export const FAILURES = `from run_steps f join runs r on r.id = f.run_id left join lateral (
             select min(s.finished_at) as at from run_steps s where s.run_id = f.run_id and s.place > f.place and s.state = 'done'
           ) fixed on true
           where f.company_id = any ($1::uuid[]) and f.finished_at > $2 and f.state in ('failed', 'lost') and (fixed.at is not null or r.state = 'failed')`;
/** $3 now */
const RECOVERY: Statement = {
  name: 'gauges.recovery',
  text: `select count(*)::int as recoveries, coalesce(sum(extract(epoch from coalesce(fixed.at, $3::timestamptz) - f.finished_at)), 0)::float8 as "recoveryS" ${FAILURES}`,
};

/** The sums behind the gauges: four statements, whatever the number of companies. */
export async function measure(tx: Transaction, companyIds: readonly string[], now: Date): Promise<Sums> {
  const before = (days: number) => new Date(now.getTime() - days * DAY_MS);
  const [[runs], [worked], [manual], [recovery]] = await Promise.all([
    tx.query<{ done: number; ended: number }>(RUNS, [companyIds, before(1)]),
    tx.query<{ worked: number; workedS: number }>(WORKED, [companyIds, before(1)]),
    tx.query<{ count: number }>(MANUAL, [companyIds, now, INTERVENTIONS]),
    tx.query<{ recoveries: number; recoveryS: number }>(RECOVERY, [companyIds, before(30), now]),
  ]);
  return {
    done: runs?.done ?? 0,
    ended: runs?.ended ?? 0,
    worked: worked?.worked ?? 0,
    workedS: worked?.workedS ?? 0,
    interventions: manual?.count ?? 0,
    recoveries: recovery?.recoveries ?? 0,
    recoveryS: recovery?.recoveryS ?? 0,
  };
}

export function gaugesOf(sums: Sums): Gauges {
  const share = (part: number, whole: number) => (whole === 0 ? null : part / whole);
  return {
    dailySuccess: share(sums.done, sums.ended),
    meanRunS: share(sums.workedS, sums.worked),
    manualInterventions: sums.interventions,
    recoveryS: share(sums.recoveryS, sums.recoveries),
  };
}

export async function gauges(tx: Transaction, companyId: string, now: Date): Promise<Gauges> {
  return gaugesOf(await measure(tx, [companyId], now));
}
