import type { Statement } from '#core/database/database.ts';
import { crashPoint } from '#core/effects/crash-points.ts';
import type { Parts } from './parts.ts';
import { relaxed } from './relaxed.ts';

const WAKE: Statement = {
  name: 'engine.runs_wake',
  text: `update runs r set state = 'running', ticket = gen_random_uuid(), wake_at = null, waits_for = '{}', updated_at = $1::timestamptz
          where r.id = any (array(select id from runs where state = 'waiting' and wake_at <= $1::timestamptz order by wake_at limit $2 for update skip locked))
         returning r.id, r.company_id, r.ticket`,
};
const NEXT: Statement = {
  name: 'engine.next_moment',
  text: `select least((select min(wake_at) from runs where state = 'waiting'), (select min(next_at) from schedules where next_at is not null)) as at`,
};

/** Puts runs whose time has come on the queue. A waiting run is one row; this index scan is all that a million of them cost. */
export async function wake(parts: Parts, limit: number): Promise<number> {
  return parts.system.write(async (tx) => {
    const [woken] = await Promise.all([tx.query<{ id: string; company_id: string; ticket: string }>(WAKE, [parts.clock.now(), limit]), relaxed(tx)]);
    await parts.queue.add(tx, 'runs', woken.map((row) => ({ id: row.ticket, runId: row.id, companyId: row.company_id })));
    if (woken.length > 0) crashPoint('engine.wake.before-commit');
    return woken.length;
  });
}

/** When the next run or schedule is due; null when nothing waits. */
export async function nextMoment(parts: Parts): Promise<Date | null> {
  const [row] = await parts.system.read((tx) => tx.query<{ at: Date | null }>(NEXT, []));
  return row?.at ?? null;
}
