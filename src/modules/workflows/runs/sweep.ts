import type { Statement } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';

/** Runs a transaction: nobody waits for it. */
const MOST = 2_000;

// Journal and moves go with the run, by triggers; messages, effects and decisions stay: they prove what was done. Who has a run below her that goes on stays, too.
// Each company's own days, else $2, never more than $3. One range of the index runs_completed for each company.
const SWEEP: Statement = {
  name: 'runs.sweep',
  text: `with k as materialized (
           select id, $1::timestamptz - make_interval(days => least(coalesce(
                    case jsonb_typeof(settings -> 'keep_runs_days') when 'number' then (settings ->> 'keep_runs_days')::numeric::int end, $2::int), $3::int)) as before
             from companies)
         delete from runs where id = any (array(
           select e.id from k cross join lateral (
             select r.id from runs r where r.company_id = k.id and r.completed_at < k.before
                and not exists (select from runs c where c.parent_id = r.id and c.company_id = r.company_id and c.completed_at is null)
              order by r.completed_at limit $4) e
            where k.before is not null limit $4)) returning id`,
};

/** Deletes runs that ended before their company's days, a batch after the other. @returns how many went */
export async function sweepRuns(runtime: Runtime): Promise<number> {
  const { KEEP_RUNS_DAYS: days = null, KEEP_RUNS_DAYS_MOST: most = null } = runtime.config;
  if (runtime.standing.held) return 0;
  const now = runtime.clock.now();
  let gone = 0;
  for (;;) {
    const batch = await runtime.system.write((tx) => tx.query(SWEEP, [now, days, most, MOST]));
    gone += batch.length;
    if (batch.length < MOST) return gone;
  }
}
