import { nowAndThen, type Stop } from '#core/now-and-then.ts';
import type { Runtime } from '#core/runtime.ts';
import { forgetTraces } from '#core/telemetry/links.ts';

const DAY_MS = 86_400_000;

/** Old places in traces are forgotten. */
export function sweepTraces(runtime: Runtime): Stop {
  return nowAndThen({
    log: runtime.log,
    everyMs: DAY_MS,
    what: 'clear old traces',
    atOnce: true,
    round: () => runtime.system.write((tx) => forgetTraces(tx, runtime.clock.now())),
  });
}
