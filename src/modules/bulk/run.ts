import type { Statement, Transaction } from '#core/database/database.ts';
import { nowAndThen, type Stop } from '#core/now-and-then.ts';
import type { Runtime } from '#core/runtime.ts';
import { applyTo } from './apply.ts';
import { lockChange, note, rowsIn, settle, type Change } from './change.ts';
import { undoOf } from './undo.ts';

/** Rows a transaction when there are many: progress shows, and nobody waits long for a lock. */
const BATCH = 1_000;
/** Up to so many rows are changed in the request's own transaction: all or nothing, and done when it answers. */
export const AT_ONCE = 2_000;

/** Does up to `most` rows of a change that is running or undoing, and settles it when none is left. Answers whether more remain. */
export async function step(tx: Transaction, runtime: Runtime, change: Change, most: number): Promise<boolean> {
  const at = runtime.clock.now();
  const undoing = change.state === 'undoing';
  const rows = await rowsIn(tx, change, undoing ? 'changed' : 'waiting', most);
  if (rows.length > 0) {
    const { outcomes, events } = undoing ? await undoOf(tx, change, rows, at) : await applyTo(tx, change, rows, at);
    await note(tx, change, outcomes, at);
    if (events.length > 0) await runtime.engine.emit(tx, events);
  }
  if (rows.length === most) return true;
  await settle(tx, change, undoing ? 'undone' : 'done', at);
  return false;
}

/** Goes on until it is done; each batch commits with its journal, so that a killed process loses and repeats nothing. */
export async function runChange(runtime: Runtime, companyId: string, changeId: string): Promise<void> {
  try {
    for (let more = true; more;) {
      more = await runtime.database.write(companyId, async (tx) => {
        const change = await lockChange(tx, companyId, changeId);
        return change.state === 'running' || change.state === 'undoing' ? step(tx, runtime, change, BATCH) : false;
      });
    }
    runtime.engine.nudge();
  } catch (error) {
    runtime.log.error({ err: error, changeId }, 'bulk change failed');
    await runtime.database.write(companyId, async (tx) => {
      const change = await lockChange(tx, companyId, changeId);
      await settle(
        tx,
        change,
        'failed',
        runtime.clock.now(),
        'It stopped because of an error of ours; what was changed so far can be taken back',
      );
    });
  }
}

const EVERY_MS = 30_000;
/** A running change commits every second or so; one this quiet has lost its process. */
const QUIET_S = 60;

const TAKE: Statement = {
  name: 'bulk.resume',
  text: `update bulk_changes set updated_at = $1 where id in (
      select id from bulk_changes where state in ('running', 'undoing') and updated_at < $1::timestamptz - make_interval(secs => $2) order by updated_at limit 1 for update skip locked
    ) returning id, company_id as "companyId"`,
};
const DROP: Statement = {
  name: 'bulk.drop',
  text: `delete from bulk_changes where undo_until < $1 and state not in ('running', 'undoing')`,
};

/** Goes on with changes whose process died, and forgets old values when their time is over. */
export async function tendChanges(runtime: Runtime): Promise<number> {
  const { system, clock } = runtime;
  await system.write((tx) => tx.query(DROP, [clock.now()]));
  for (let taken = 0; ; taken++) {
    const [stale] = await system.write((tx) => tx.query<{ id: string; companyId: string }>(TAKE, [clock.now(), QUIET_S]));
    if (stale === undefined) return taken;
    await runChange(runtime, stale.companyId, stale.id);
  }
}

/** The worker's share. */
export function tendChangesForEver(runtime: Runtime): Stop {
  return nowAndThen({ log: runtime.log, everyMs: EVERY_MS, what: 'look after bulk changes', round: () => tendChanges(runtime) });
}
