import type { Runtime } from '#core/runtime.ts';
import { pumpWaiting } from './deliver/pump.ts';
import { sweepDeliveries } from './deliver/sweep.ts';

/** In real time. */
const LOOK_MS = 5_000;
const SWEEP_MS = 600_000;

/** The worker's share: tries endpoints again whose time has come, clears the old log. */
export async function tendWebhooks(runtime: Runtime): Promise<() => Promise<void>> {
  let busy: Promise<unknown> = Promise.resolve();
  const every = (ms: number, what: string, work: () => Promise<unknown>) =>
    setInterval(() => {
      busy = busy.then(work).catch((error: unknown) => runtime.log.warn({ err: error }, `could not ${what}`));
    }, ms).unref();
  const look = async () => {
    if ((await pumpWaiting(runtime)) > 0) runtime.engine.nudge();
  };
  const timers = [
    every(LOOK_MS, 'send what webhooks wait for', look),
    every(SWEEP_MS, 'clear old deliveries', () => sweepDeliveries(runtime)),
  ];
  return async () => {
    timers.forEach((timer) => clearInterval(timer));
    await busy;
  };
}
