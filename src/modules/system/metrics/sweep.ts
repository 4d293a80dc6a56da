import type { Runtime } from '#core/runtime.ts';
import { forgetTraces } from '#core/telemetry/links.ts';

const DAY_MS = 86_400_000;

/** Old places in traces are forgotten: now, and then once a day while this process works. */
export async function sweepTraces(runtime: Runtime): Promise<() => Promise<void>> {
  let running = Promise.resolve();
  const go = () => {
    running = runtime.system
      .write((tx) => forgetTraces(tx, runtime.clock.now()))
      .catch((error: unknown) => runtime.log.warn({ err: error }, 'clearing old traces failed'));
  };
  go();
  const timer = setInterval(go, DAY_MS).unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
}
