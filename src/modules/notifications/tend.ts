import type { Runtime } from '#core/runtime.ts';
import { sendDigests, sweepNotifications } from './digest.ts';
import { lookAround } from './watch.ts';

/** In real time. */
const LOOK_MS = 20_000;
const HOUSEKEEPING_MS = 600_000;

/** The worker's share: looks for what fell due, writes the daily mails, clears what is old. */
export async function tendNotifications(runtime: Runtime): Promise<() => Promise<void>> {
  let busy: Promise<unknown> = Promise.resolve();
  const every = (ms: number, what: string, work: () => Promise<unknown>) =>
    setInterval(() => {
      busy = busy.then(work).catch((error: unknown) => runtime.log.warn({ err: error }, `could not ${what}`));
    }, ms).unref();
  const timers = [
    every(LOOK_MS, 'look for what is due', () => lookAround(runtime)),
    every(HOUSEKEEPING_MS, 'write daily notification mails', () => sendDigests(runtime)),
    every(HOUSEKEEPING_MS, 'clear old notifications', () => sweepNotifications(runtime)),
  ];
  return async () => {
    timers.forEach((timer) => clearInterval(timer));
    await busy;
  };
}
