import { nowAndThen, together, type Stop } from '#core/now-and-then.ts';
import type { Runtime } from '#core/runtime.ts';
import { sendDigests, sweepNotifications } from './digest.ts';
import { lookAround } from './watch.ts';

/** In real time. */
const LOOK_MS = 20_000;
const HOUSEKEEPING_MS = 600_000;

/** The worker's share: looks for what fell due, writes the daily mails, clears what is old. */
export function tendNotifications(runtime: Runtime): Stop {
  const { log } = runtime;
  return together(
    nowAndThen({ log, everyMs: LOOK_MS, what: 'look for what is due', round: () => lookAround(runtime) }),
    nowAndThen({ log, everyMs: HOUSEKEEPING_MS, what: 'write daily notification mails', round: () => sendDigests(runtime) }),
    nowAndThen({ log, everyMs: HOUSEKEEPING_MS, what: 'clear old notifications', round: () => sweepNotifications(runtime) }),
  );
}
