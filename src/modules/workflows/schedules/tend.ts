import type { FastifyInstance } from 'fastify';
import type { Runtime } from '#core/runtime.ts';
import { sweepRequests } from '../hooks/record.ts';
import { sweepRuns } from '../runs/sweep.ts';
import { watchSchedules } from './watch.ts';

/** In real time. */
const LOOK_MS = 20_000;
const SWEEP_MS = 600_000;
const OLD_RUNS_MS = 3_600_000;

/** Looks again and again. Answers its stop. */
export function tendSchedules(runtime: Runtime): () => Promise<void> {
  let busy: Promise<unknown> = Promise.resolve();
  // Held, nothing is expected to run.
  const look = () =>
    runtime.standing.held
      ? Promise.resolve()
      : watchSchedules(runtime).catch((error: unknown) => runtime.log.warn({ err: error }, 'could not look after schedules'));
  const sweep = () =>
    sweepRequests(runtime).catch((error: unknown) => runtime.log.warn({ err: error }, 'could not clear old requests of hooks'));
  const sweepOld = () => sweepRuns(runtime).catch((error: unknown) => runtime.log.warn({ err: error }, 'could not clear old runs'));
  const timers = [
    setInterval(() => void (busy = busy.then(look)), LOOK_MS).unref(),
    setInterval(() => void (busy = busy.then(sweep)), SWEEP_MS).unref(),
    setInterval(() => void (busy = busy.then(sweepOld)), OLD_RUNS_MS).unref(),
  ];
  return async () => {
    timers.forEach((timer) => clearInterval(timer));
    await busy;
  };
}

/** A process that only serves the web looks, too: it may be the only one left to see that no worker is. */
export function watchFromTheWeb(http: FastifyInstance, runtime: Runtime): void {
  if (runtime.config.ROLE !== 'web') return;
  let stop: (() => Promise<void>) | null = null;
  http.addHook('onReady', () => {
    stop = tendSchedules(runtime);
    return Promise.resolve();
  });
  http.addHook('onClose', async () => stop?.());
}
