import { nowAndThen, type Stop } from '#core/now-and-then.ts';
import type { Runtime } from '#core/runtime.ts';
import { watchAlerts } from './watch.ts';

/** In real time. */
const LOOK_MS = 30_000;

/** The worker's share: looks whether something is wrong, or well again. */
export function tendAlerts(runtime: Runtime): Stop {
  return nowAndThen({ log: runtime.log, everyMs: LOOK_MS, what: 'look for what is wrong', round: () => watchAlerts(runtime) });
}
