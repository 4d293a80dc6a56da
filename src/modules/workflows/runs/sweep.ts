import type { Statement } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';

/** Runs a transaction: nobody waits for it. */
const MOST = 2_000;
const DAY_MS = 86_400_000;

// Journal and moves go with the run, by triggers; messages, effects and decisions stay: they prove what was done. Who has a run below her that goes on stays, too.
const SWEEP: Statement = {
  name: 'runs.sweep',
  text: `delete from runs where id = any (array(
           select r.id from runs r where r.completed_at < $1
              and not exists (select from runs c where c.parent_id = r.id and c.company_id = r.company_id and c.completed_at is null)
            order by r.id limit $2)) returning id`,
};

/** Deletes runs that ended before KEEP_RUNS_DAYS, a batch after the other. @returns how many went */
export async function sweepRuns(runtime: Runtime): Promise<number> {
  const days = runtime.config.KEEP_RUNS_DAYS;
  if (days === undefined || runtime.standing.held) return 0;
  const before = new Date(runtime.clock.now().getTime() - days * DAY_MS);
  let gone = 0;
  for (;;) {
    const batch = await runtime.system.write((tx) => tx.query(SWEEP, [before, MOST]));
    gone += batch.length;
    if (batch.length < MOST) return gone;
  }
}
