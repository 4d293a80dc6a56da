import type { FastifyInstance } from 'fastify';
import type { Runtime } from '#core/runtime.ts';
import { watchSchedules } from './watch.ts';

/** In real time. */
const LOOK_MS = 20_000;

/** Looks again and again. Answers its stop. */
export function tendSchedules(runtime: Runtime): () => Promise<void> {
  let busy: Promise<unknown> = Promise.resolve();
  const look = () => watchSchedules(runtime).catch((error: unknown) => runtime.log.warn({ err: error }, 'could not look after schedules'));
  const timer = setInterval(() => void (busy = busy.then(look)), LOOK_MS).unref();
  return async () => {
    clearInterval(timer);
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
