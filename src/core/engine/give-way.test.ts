import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BatchSize, GiveWay } from './give-way.ts';

/** Time that passes only when somebody sleeps; sleepers wake in the order of their moments. */
function virtual() {
  let at = 0;
  const sleepers: { at: number; wake: () => void }[] = [];
  const pace = {
    now: () => at,
    sleep: (ms: number) => new Promise<void>((wake) => void sleepers.push({ at: at + ms, wake })),
  };
  /** Until `end`: the one whose time comes first goes on, and whatever follows from it. */
  const run = async (end: number): Promise<void> => {
    for (;;) {
      for (let i = 0; i < 50; i++) await Promise.resolve();
      sleepers.sort((x, y) => x.at - y.at);
      const next = sleepers[0];
      if (next === undefined || next.at > end) break;
      sleepers.shift();
      at = Math.max(at, next.at);
      next.wake();
    }
    at = end;
  };
  return { pace, run };
}

/** A backlog that never ends, and others' rounds of `othersMs` with gaps between; answers the batches as [from, to] and when others were at work. */
async function beside(batchMs: number, othersMs: number, gapMs: number, forMs: number) {
  const { pace, run } = virtual();
  const giveWay = new GiveWay(pace);
  const size = new BatchSize(10, 60);
  const batches: [number, number][] = [];
  const others: [number, number][] = [];
  let over = false;
  const backlog = async () => {
    while (!over)
      await giveWay.backlog(
        size,
        async () => {
          const from = pace.now();
          await pace.sleep(batchMs);
          batches.push([from, pace.now()]);
        },
        () => 0,
      );
  };
  const foreground = async () => {
    while (!over) {
      const from = pace.now();
      await giveWay.others(
        () => pace.sleep(othersMs),
        () => 1,
      );
      others.push([from, pace.now()]);
      await pace.sleep(gapMs);
    }
  };
  giveWay.seen();
  const both = [foreground(), backlog()];
  await run(forMs);
  over = true;
  await run(forMs + 10_000);
  await Promise.all(both);
  const worked = batches.filter(([, to]) => to <= forMs);
  return { worked, others, share: worked.reduce((sum, [from, to]) => sum + to - from, 0) / forMs };
}

describe('a backlog beside the work of others', () => {
  test('gets a third of the time even when they never rest', async () => {
    const times = fc.integer({ min: 1, max: 60 });
    await fc.assert(
      fc.asyncProperty(times, times, fc.integer({ min: 1, max: 14 }), async (batchMs, othersMs, gapMs) => {
        const { share } = await beside(batchMs, othersMs, gapMs, 5_000);
        // One batch may stand across the end.
        expect(share).toBeGreaterThan(1 / 3 - (3 * batchMs + 3) / 5_000);
        expect(share).toBeLessThan(0.5);
      }),
      { numRuns: 40 },
    );
  });

  test('does not begin while a run of theirs is under way, and takes what time they leave', async () => {
    // Others at work for 20 ms of each 500: a batch has long been over when they come, or waits for them.
    const { worked, others, share } = await beside(15, 20, 480, 10_000);
    expect(share).toBeGreaterThan(0.85);
    // The second half of each round: the first may overlap a batch that had begun before.
    const begun = worked.filter(([from]) => others.some(([a, b]) => from > a + 16 && from < b));
    expect(begun).toEqual([]);
  });

  test('waits for nobody when nobody else is there, and goes on after a batch that failed', async () => {
    const { pace, run } = virtual();
    const giveWay = new GiveWay(pace);
    const size = new BatchSize(10, 60);
    const ended: number[] = [];
    const batch = () =>
      giveWay.backlog(
        size,
        async () => {
          await pace.sleep(10);
          ended.push(pace.now());
        },
        () => 0,
      );
    const alone = [batch(), batch()];
    await run(10);
    await Promise.all(alone);
    expect(ended).toEqual([10, 10]); // side by side
    giveWay.seen();
    const failed = giveWay.backlog(
      size,
      () => Promise.reject(new Error('the database is away')),
      () => 0,
    );
    const after = batch();
    await Promise.all([expect(failed).rejects.toThrow('the database is away'), run(200), after]);
    expect(ended.at(-1)).toBeLessThanOrEqual(60);
  });
});

test('batches become smaller when they take long, larger when they are quick, within their bounds', () => {
  const size = new BatchSize(10, 60);
  expect(size.now).toBe(35);
  size.took(400, 20);
  expect(size.now).toBe(18);
  for (let i = 0; i < 10; i++) size.took(400, 20);
  expect(size.now).toBe(10);
  for (let i = 0; i < 20; i++) size.took(5, 20);
  expect(size.now).toBe(60);
});
