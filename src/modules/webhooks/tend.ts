import { nowAndThen, together, type Stop } from '#core/now-and-then.ts';
import type { Runtime } from '#core/runtime.ts';
import { pumpWaiting } from './deliver/pump.ts';
import { sweepDeliveries } from './deliver/sweep.ts';

/** In real time. */
const LOOK_MS = 5_000;
const SWEEP_MS = 600_000;

/** The worker's share: tries endpoints again whose time has come, clears the old log. */
export function tendWebhooks(runtime: Runtime): Stop {
  const { log } = runtime;
  const look = async () => {
    if ((await pumpWaiting(runtime)) > 0) runtime.engine.nudge();
  };
  return together(
    nowAndThen({ log, everyMs: LOOK_MS, what: 'send what webhooks wait for', round: look }),
    nowAndThen({ log, everyMs: SWEEP_MS, what: 'clear old deliveries', round: () => sweepDeliveries(runtime) }),
  );
}
