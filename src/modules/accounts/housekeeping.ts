import type { Statement } from '#core/database/database.ts';
import { nowAndThen, type Stop } from '#core/now-and-then.ts';
import type { Runtime } from '#core/runtime.ts';

const HOUR_MS = 3_600_000;

/** $1: now. Answers to idempotency keys are kept for a day, links and sessions until a week after they ended. */
const SWEEPS: readonly Statement[] = [
  { name: 'sweep.idempotency', text: `delete from idempotency_keys where created_at < $1::timestamptz - interval '1 day'` },
  { name: 'sweep.sessions', text: `delete from sessions where expires_at < $1::timestamptz - interval '7 days'` },
  { name: 'sweep.resets', text: `delete from password_resets where expires_at < $1::timestamptz - interval '7 days'` },
  { name: 'sweep.setup', text: `delete from setup_tokens where expires_at < $1::timestamptz` },
  { name: 'sweep.attempts', text: `delete from sign_in_attempts where last_at < $1::timestamptz - interval '2 days'` },
];

/** Throws nothing out that still means something. Any number of processes may do it. */
export async function sweep(runtime: Runtime): Promise<void> {
  const now = runtime.clock.now();
  for (const statement of SWEEPS) await runtime.system.write((tx) => tx.query(statement, [now]));
}

/** The worker's share. */
export function startSweeping(runtime: Runtime): Stop {
  return nowAndThen({ log: runtime.log, everyMs: HOUR_MS, what: 'clear old sign-in rows', atOnce: true, round: () => sweep(runtime) });
}
