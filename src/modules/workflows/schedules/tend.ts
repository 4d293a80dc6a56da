import type { FastifyInstance } from 'fastify';
import { nowAndThen, together, type Stop } from '#core/now-and-then.ts';
import type { Runtime } from '#core/runtime.ts';
import { sweepRequests } from '../hooks/record.ts';
import { sweepRuns } from '../runs/sweep.ts';
import { watchSchedules } from './watch.ts';

/** In real time. */
const LOOK_MS = 20_000;
const SWEEP_MS = 600_000;
const OLD_RUNS_MS = 3_600_000;

/** The worker's share. */
export function tendSchedules(runtime: Runtime): Stop {
  const { log, standing } = runtime;
  return together(
    nowAndThen({
      log,
      everyMs: LOOK_MS,
      what: 'look after schedules',
      // Held, nothing is expected to run.
      round: async () => (standing.held ? undefined : watchSchedules(runtime)),
    }),
    nowAndThen({ log, everyMs: SWEEP_MS, what: 'clear old requests of hooks', round: () => sweepRequests(runtime) }),
    nowAndThen({ log, everyMs: OLD_RUNS_MS, what: 'clear old runs', round: () => sweepRuns(runtime) }),
  );
}

/** A process that only serves the web looks, too: it may be the only one left to see that no worker is. */
export function watchFromTheWeb(http: FastifyInstance, runtime: Runtime): void {
  if (runtime.config.ROLE !== 'web') return;
  let stop: Stop | null = null;
  http.addHook('onReady', () => {
    stop = tendSchedules(runtime);
    return Promise.resolve();
  });
  http.addHook('onClose', async () => stop?.());
}
