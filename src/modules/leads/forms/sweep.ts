import type { Statement } from '#core/database/database.ts';
import { nowAndThen, type Stop } from '#core/now-and-then.ts';
import type { Runtime } from '#core/runtime.ts';

const HOUR_MS = 3_600_000;

/** $1: now. By age alone, in every company. */
const SWEEPS: readonly Statement[] = [
  {
    name: 'forms.sweep.partials',
    text: `delete from form_partials t using forms f where f.id = t.form_id and f.company_id = t.company_id and t.updated_at < $1::timestamptz - make_interval(days => f.partial_days)`,
  },
  { name: 'forms.sweep.limits', text: `delete from form_limits where minute < $1::timestamptz - interval '1 hour'` },
  { name: 'forms.sweep.proofs', text: 'delete from form_proofs where expires_at < $1::timestamptz' },
];

/** Deletes what was begun and not sent once its days are over, and counters that count no more. Any number of processes may do it. */
export async function sweepForms(runtime: Runtime): Promise<void> {
  const now = runtime.clock.now();
  for (const statement of SWEEPS) await runtime.system.write((tx) => tx.query(statement, [now]));
}

/** The worker's share. */
export function startSweepingForms(runtime: Runtime): Stop {
  return nowAndThen({
    log: runtime.log,
    everyMs: HOUR_MS,
    what: 'clear old rows of forms',
    atOnce: true,
    round: () => sweepForms(runtime),
  });
}
