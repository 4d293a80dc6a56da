import { setTimeout as pause } from 'node:timers/promises';
import { MaybeDone } from '#core/connector/errors.ts';

/** Milliseconds before the second and the third try. */
const PAUSES_MS = [250, 1_000];

/**
 * A call under an idempotency key, made again at once when its answer was lost. From the first lost answer on the mail may be out: any end
 * but a success is then MaybeDone, also a refusal, since the vendor may have taken the first try.
 */
export async function keyed<T>(call: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  let lost: MaybeDone | undefined;
  for (let tries = 0; ; tries++) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof MaybeDone) && lost === undefined) throw error;
      lost ??= error instanceof MaybeDone ? error : undefined;
      const wait = PAUSES_MS[tries];
      if (wait === undefined || signal?.aborted === true) throw lost ?? error;
      await pause(wait);
    }
  }
}
