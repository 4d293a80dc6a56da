import { z } from 'zod';
import type { Statement, Transaction } from '#core/database/database.ts';
import { BY_HAND, FAILURES, WORKED_S } from './gauges.ts';
import { DAY_MS, INTERVENTIONS } from './words.ts';

/** One thing behind a gauge. */
export const GaugeRow = z.object({
  id: z.string(),
  title: z.string(),
  detail: z.string().nullable(),
  at: z.date(),
  seconds: z.number().nullable().describe('How long it worked, or took to recover'),
  open: z.boolean().describe('Still failed'),
  link: z.string().nullable(),
});
export type GaugeRow = z.output<typeof GaugeRow>;

export const GAUGES = ['failed', 'work', 'interventions', 'recoveries'] as const;
export type GaugeName = (typeof GAUGES)[number];

const MOST = 200;

/** Failed runs of a day of the company's zone; without one, of the last 24 hours. Index runs_completed. $1 company, $2 day, $3 now */
const FAILED: Statement = {
  name: 'gauge_rows.failed',
  text: `select r.id, w.title, r.error as detail, r.completed_at as at, null::float8 as seconds, true as open, '/runs/' || r.id as link
           from companies c join runs r on r.company_id = c.id join workflows w on w.id = r.workflow_id
          where c.id = $1 and r.state = 'failed' and r.branch is null
            and r.completed_at >= case when $2::date is null then $3::timestamptz - interval '24 hours' else $2::date::timestamp at time zone coalesce(c.settings ->> 'time_zone', 'UTC') end
            and r.completed_at < case when $2::date is null then $3::timestamptz + interval '1 second' else ($2::date + 1)::timestamp at time zone coalesce(c.settings ->> 'time_zone', 'UTC') end
          order by r.completed_at desc limit ${MOST}`,
};

/** The longest working ones of the latest 2,000. $1 company, $2 since */
const WORK: Statement = {
  name: 'gauge_rows.work',
  text: `select * from (
           select r.id, w.title, r.outcome as detail, r.completed_at as at, ${WORKED_S} as seconds, r.state = 'failed' as open, '/runs/' || r.id as link
             from (select id, workflow_id, outcome, completed_at, state from runs where company_id = $1 and completed_at > $2 and state in ('done', 'failed') and branch is null
                    order by completed_at desc limit 2000) r join workflows w on w.id = r.workflow_id) x
          order by seconds desc, at desc limit ${MOST}`,
};

/** $1 companies, $2 now, $3 operations */
const MANUAL: Statement = {
  name: 'gauge_rows.interventions',
  text: `select a.id::text as id, case a.operation when 'runs.retry' then 'A run was taken up again' when 'runs.bulk' then 'Runs were taken up again'
                  when 'effects.decide' then 'An act in doubt was decided' else 'An event was tried again' end as title,
                coalesce(nullif(u.full_name, ''), u.email, a.principal_kind) as detail, a.at, null::float8 as seconds, false as open,
                case when a.operation = 'runs.retry' and a.subject_id is not null then '/runs/' || a.subject_id when a.operation = 'effects.decide' then '/outbox' end as link
           from companies c join audit_log a on ${BY_HAND} left join users u on u.id = a.user_id and u.company_id = a.company_id
          where c.id = any ($1::uuid[]) order by a.at desc, a.id desc limit ${MOST}`,
};

/** $1 companies, $2 since, $3 now */
const RECOVERIES: Statement = {
  name: 'gauge_rows.recoveries',
  text: `select f.run_id::text || ':' || f.place as id, (select w.title from workflows w where w.id = r.workflow_id) as title, f.error as detail, f.finished_at as at,
                extract(epoch from coalesce(fixed.at, $3::timestamptz) - f.finished_at)::float8 as seconds, fixed.at is null as open, '/runs/' || f.run_id as link
           ${FAILURES} order by f.finished_at desc limit ${MOST}`,
};

export const Day = z.object({ day: z.iso.date(), done: z.int(), failed: z.int() });

/** Days of the company's zone on which runs ended, the oldest first. Index runs_completed. $1 company, $2 since */
const DAYS: Statement = {
  name: 'gauges.days',
  text: `select to_char(r.completed_at at time zone coalesce(c.settings ->> 'time_zone', 'UTC'), 'YYYY-MM-DD') as day,
                count(*) filter (where r.state = 'done')::int as done, count(*) filter (where r.state = 'failed')::int as failed
           from companies c join runs r on r.company_id = c.id
          where c.id = $1 and r.completed_at > $2 and r.state in ('done', 'failed') and r.branch is null group by 1 order by 1`,
};

export function days(tx: Transaction, companyId: string, now: Date): Promise<z.output<typeof Day>[]> {
  return tx.query(DAYS, [companyId, new Date(now.getTime() - 30 * DAY_MS)]);
}

/** What a gauge counted, the newest or the longest first; two hundred at most. */
export function behind(tx: Transaction, companyId: string, gauge: GaugeName, day: string | null, now: Date): Promise<GaugeRow[]> {
  const since = (count: number) => new Date(now.getTime() - count * DAY_MS);
  switch (gauge) {
    case 'failed':
      return tx.query<GaugeRow>(FAILED, [companyId, day, now]);
    case 'work':
      return tx.query<GaugeRow>(WORK, [companyId, since(1)]);
    case 'interventions':
      return tx.query<GaugeRow>(MANUAL, [[companyId], now, INTERVENTIONS]);
    case 'recoveries':
      return tx.query<GaugeRow>(RECOVERIES, [[companyId], since(30), now]);
  }
}
