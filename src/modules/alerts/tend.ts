import type { Runtime } from '#core/runtime.ts';
import { watchAlerts } from './watch.ts';

/** In real time. */
const LOOK_MS = 30_000;

/** The worker's share: looks whether something is wrong, or well again. */
export async function tendAlerts(runtime: Runtime): Promise<() => Promise<void>> {
  let busy: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    busy = busy
      .then(() => watchAlerts(runtime))
      .catch((error: unknown) => runtime.log.warn({ err: error }, 'could not look for what is wrong'));
  }, LOOK_MS).unref();
  return async () => {
    clearInterval(timer);
    await busy;
  };
}
