import type { Statement, Transaction } from '#core/database/database.ts';
import { crashPoint } from '#core/effects/crash-points.ts';
import type { Whose } from './outbox.ts';
import type { Parts } from './parts.ts';
import { fireSchedules, SCHEDULES_DUE, type DueSchedule } from './scheduler.ts';

const WAKE: Statement = {
  name: 'engine.runs_wake',
  text: `update runs r set state = 'running', ticket = gen_random_uuid(), wake_at = null, waits_for = '{}', updated_at = $1::timestamptz
          where r.id = any (array(select id from runs where state = 'waiting' and wake_at <= $1::timestamptz order by wake_at limit $2 for update skip locked))
         returning r.id, r.company_id, r.ticket`,
};
// As many of each company `k`. Bounds instead of an equality, and the company in the order: only the index by company gives that, whatever the planner
// thinks of a company's part of them all.
const OF_EACH = `mine as (
           select e.id from k cross join lateral (
             select r.id from runs r where r.company_id >= k.company_id and r.company_id <= k.company_id and r.state = 'waiting' and r.wake_at <= $1::timestamptz
              order by r.company_id, r.wake_at limit greatest(1, $2::int / greatest(1, (select count(*)::int from k))) for update skip locked) e)
         update runs r set state = 'running', ticket = gen_random_uuid(), wake_at = null, waits_for = '{}', updated_at = $1::timestamptz
          where r.id = any (array(select id from mine))
         returning r.id, r.company_id, r.ticket`;
const WAKE_OF: Statement = {
  name: 'engine.runs_wake_of',
  text: `with k as materialized (select unnest($3::uuid[]) as company_id), ${OF_EACH}`,
};
// One step of the index for each company with runs that wait, whatever its backlog.
const WAKE_BESIDE: Statement = {
  name: 'engine.runs_wake_beside',
  text: `with recursive c as (
           (select company_id from runs where state = 'waiting' order by company_id limit 1)
           union all
           select (select r.company_id from runs r where r.state = 'waiting' and r.company_id > c.company_id order by r.company_id limit 1)
             from c where c.company_id is not null),
         k as materialized (
           select c.company_id from c where c.company_id is not null and c.company_id <> all ($3::uuid[])
              and (select r.wake_at from runs r where r.company_id >= c.company_id and r.company_id <= c.company_id and r.state = 'waiting' and r.wake_at is not null
                    order by r.company_id, r.wake_at limit 1) <= $1::timestamptz limit 2000),
         ${OF_EACH}`,
};
const NEXT: Statement = {
  name: 'engine.next_moment',
  text: `select least((select min(wake_at) from runs where state = 'waiting'), (select min(next_at) from schedules where next_at is not null)) as at`,
};

export interface Woken {
  /** Runs put on the queue and schedules that fired. */
  readonly due: number;
  /** When the next run or schedule is due; null when nothing waits. */
  readonly next: Date | null;
  /** The company of each run. */
  readonly companies: readonly string[];
}

/** Most schedules in one round. */
const SCHEDULES = 100;

/**
 * Puts runs whose time has come on the queue, and fires schedules. A waiting run is one row; the three index look-ups of this
 * round, sent together, are all that a million of them cost.
 * @param whose of these companies alone, or of all beside them; as many of each
 */
export async function wake(parts: Parts, limit: number, whose: Whose = {}): Promise<Woken> {
  let fired = 0;
  const woken = await parts.system.round('relaxed', async (tx) => {
    const now = parts.clock.now();
    const [, schedules, woken, [next]] = await Promise.all([
      parts.fence.check(tx),
      tx.query<DueSchedule>(SCHEDULES_DUE, [now, SCHEDULES]),
      due(tx, now, limit, whose),
      tx.query<{ at: Date | null }>(NEXT, []),
    ]);
    await fireSchedules(parts, tx, schedules, now);
    fired = schedules.length;
    await parts.queue.add(
      tx,
      'runs',
      woken.map((row) => ({ id: row.ticket, runId: row.id, companyId: row.company_id })),
    );
    if (woken.length > 0) crashPoint('engine.wake.before-commit');
    return { due: woken.length + schedules.length, next: next?.at ?? null, companies: woken.map((row) => row.company_id) };
  });
  if (fired > 0) crashPoint('engine.schedule.after-commit');
  return woken;
}

function due(
  tx: Transaction,
  now: Date,
  limit: number,
  { of, beside }: Whose,
): Promise<{ id: string; company_id: string; ticket: string }[]> {
  if (of !== undefined) return tx.query(WAKE_OF, [now, limit, of]);
  if (beside !== undefined) return tx.query(WAKE_BESIDE, [now, limit, beside]);
  return tx.query(WAKE, [now, limit]);
}
