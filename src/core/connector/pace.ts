import { setTimeout as pause } from 'node:timers/promises';

/**
 * Turns, evenly spread: no more than so many a second, in the order in which they were asked for. Within this process; a vendor that counts
 * several processes together says 429 and is waited for.
 */
export function pace(perSecond: number): () => Promise<void> {
  const spacingMs = 1_000 / perSecond;
  let next = 0;
  return async () => {
    const now = performance.now();
    const turn = Math.max(now, next);
    next = turn + spacingMs;
    if (turn > now) await pause(turn - now);
  };
}
