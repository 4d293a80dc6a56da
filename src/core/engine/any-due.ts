import type { Statement } from '#core/database/database.ts';
import type { Parts } from './parts.ts';
import { waits } from '../effects/waiting.ts';

// What each kind of round would find; `blocked` and groups of the queue are left to it, so this may say yes where a round then takes nothing.
const ANY: Statement = {
  name: 'engine.any_due',
  text: `select exists (select from outbox where failed_at is null and due_at <= $1::timestamptz)
             or exists (select from runs where state = 'waiting' and wake_at <= $1::timestamptz)
             or exists (select from schedules where next_at <= $1::timestamptz)
             or exists (select from pgboss.job where name in ('runs', 'activities') and state < 'active' and start_after <= now())
             or exists (select from effects e where e.kind = any ($2::text[]) and ${waits('e')} and e.due_at <= $1::timestamptz) as due`,
};

/**
 * One look instead of a round of each kind, a transaction each: a drain of a moment at which nothing is due costs a tenth, and so does its end.
 * @param kinds of effects that this process does
 */
export async function anyDue({ system, clock }: Parts, kinds: readonly string[]): Promise<boolean> {
  const [row] = await system.read((tx) => tx.query<{ due: boolean }>(ANY, [clock.now(), kinds]));
  return row?.due !== false;
}
