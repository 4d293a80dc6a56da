import { expect, test } from 'vitest';
import { pace } from './pace.ts';

test('the first turn comes at once, the others evenly and in order', async () => {
  const turn = pace(50);
  const begun = performance.now();
  const order: number[] = [];
  await Promise.all(
    [0, 1, 2, 3].map(async (i) => {
      await turn();
      order.push(i);
    }),
  );
  expect(order).toEqual([0, 1, 2, 3]);
  // a lower bound only: a slow machine may take longer. Timers may fire a millisecond early
  expect(performance.now() - begun).toBeGreaterThanOrEqual(57);
});
