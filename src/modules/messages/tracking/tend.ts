import type { Statement } from '#core/database/database.ts';
import { nowAndThen, type Stop } from '#core/now-and-then.ts';
import type { Runtime } from '#core/runtime.ts';
import { judgeHits } from './judge.ts';

/** In real time. */
const LOOK_MS = 5_000;

/** Each company says how long; 90 days where it has said nothing (it wanted to know once). */
const FORGET: Statement = {
  name: 'tracking.forget',
  text: `delete from message_hits h using (
           select h.id from message_hits h left join tracking t on t.company_id = h.company_id
            where h.at < $1::timestamptz - coalesce(t.keep_days, 90) * interval '1 day' order by h.at limit 1000 for update of h skip locked) old where h.id = old.id`,
};

/** Judges what is due and forgets what is old. Answers how many hits were judged. */
export async function tendHits(runtime: Runtime): Promise<number> {
  return runtime.system.write(async (tx) => {
    await tx.query(FORGET, [runtime.clock.now()]);
    return judgeHits(tx, runtime);
  });
}

/** The worker's share. */
export function watchHits(runtime: Runtime): Stop {
  return nowAndThen({
    log: runtime.log,
    everyMs: LOOK_MS,
    what: 'look at openings and clicks',
    async round() {
      if ((await tendHits(runtime)) > 0) runtime.engine.nudge();
    },
  });
}
