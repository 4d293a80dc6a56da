import type { Statement } from '#core/database/database.ts';
import { nowAndThen, type Stop } from '#core/now-and-then.ts';
import type { Runtime } from '#core/runtime.ts';
import { evaluate } from './members.ts';
import { lockSegment } from './segment.ts';

/** How often a worker looks for segments that are due, in real time. */
const EVERY_MS = 5_000;
/** A segment that failed, or whose worker died, comes up again after so long. */
const AGAIN_S = 600;

/** Takes the one that waited longest: it is not due for a while, so that no other worker takes it, too. Across companies, under steward_system. */
const TAKE: Statement = {
  name: 'segments.take',
  text: `update segments set due_at = $1::timestamptz + make_interval(secs => $2) where id in (
      select id from segments where due_at <= $1::timestamptz order by due_at limit 1 for update skip locked) returning id, company_id`,
};
const FAILED: Statement = { name: 'segments.failed', text: 'update segments set error = $3 where id = $1 and company_id = $2' };

/** Brings all segments up to date that are due. Answers how many. */
export async function tendSegments(runtime: Runtime): Promise<number> {
  const { system, database, clock, log } = runtime;
  for (let tended = 0; ; tended++) {
    const [due] = await system.write((tx) => tx.query<{ id: string; company_id: string }>(TAKE, [clock.now(), AGAIN_S]));
    if (due === undefined) return tended;
    try {
      await database.write(due.company_id, async (tx) => evaluate(tx, runtime, await lockSegment(tx, due.company_id, due.id)));
      runtime.engine.nudge();
    } catch (error) {
      log.warn({ err: error, segment: due.id }, 'a segment could not be brought up to date');
      const reason = error instanceof Error ? error.message : String(error);
      await database.write(due.company_id, (tx) => tx.query(FAILED, [due.id, due.company_id, reason.slice(0, 500)]));
    }
  }
}

/** The worker's share: looks now and then until stopped. */
export function startTending(runtime: Runtime): Stop {
  return nowAndThen({ log: runtime.log, everyMs: EVERY_MS, what: 'look after segments', round: () => tendSegments(runtime) });
}
