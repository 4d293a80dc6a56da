import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openLog } from './log.ts';
import { nowAndThen, together, type Rounds } from './now-and-then.ts';

const lines: string[] = [];
const log = openLog('debug', { write: (line) => void lines.push(line) });

/** Rounds that end when the test says so. */
function rounds(options: Partial<Rounds> = {}) {
  const ends: PromiseWithResolvers<void>[] = [];
  const asked: (() => boolean)[] = [];
  const stop = nowAndThen({
    log,
    everyMs: 1_000,
    what: 'count sheep',
    round: (going) => {
      asked.push(going);
      const end = Promise.withResolvers<void>();
      ends.push(end);
      return end.promise;
    },
    ...options,
  });
  return {
    stop,
    asked,
    begun: () => ends.length,
    end: (nth: number) => ends[nth]?.resolve(),
    fail: (nth: number) => ends[nth]?.reject(new Error('no sheep')),
  };
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => {
  vi.useFakeTimers();
  lines.length = 0;
});
afterEach(() => void vi.useRealTimers());

test('a round comes every interval, the first after one', async () => {
  const { stop, begun, end } = rounds();
  expect(begun()).toBe(0);
  await pass(1_000);
  expect(begun()).toBe(1);
  end(0);
  await pass(2_000);
  expect(begun()).toBe(2);
  end(1);
  await stop();
  await pass(5_000);
  expect(begun()).toBe(2);
});

test('where it is asked for, the first comes at once', async () => {
  const { stop, begun, end } = rounds({ atOnce: true });
  expect(begun()).toBe(1);
  end(0);
  await stop();
});

test('a round that takes longer than the interval has no second beside it and none queued behind it', async () => {
  const { stop, begun, end } = rounds();
  await pass(10_500);
  expect(begun()).toBe(1);
  end(0);
  await pass(499);
  expect(begun()).toBe(1);
  await pass(1);
  expect(begun()).toBe(2);
  end(1);
  await stop();
});

test('a failure is logged with its words, and the rhythm goes on', async () => {
  const { stop, begun, fail, end } = rounds();
  await pass(1_000);
  fail(0);
  await pass(1_000);
  expect(begun()).toBe(2);
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ level: 40, msg: 'could not count sheep', err: { message: 'no sheep' } }]);
  end(1);
  await stop();
});

test('a round that throws before it awaits anything is a failure like any other', async () => {
  const stop = nowAndThen({
    log,
    everyMs: 1_000,
    what: 'begin',
    round: () => {
      throw new Error('at once');
    },
  });
  await pass(2_000);
  expect(lines).toHaveLength(2);
  await stop();
});

test('after a failure it rests as long as it was told', async () => {
  const { stop, begun, fail, end } = rounds({ afterFailureMs: 30_000 });
  await pass(1_000);
  fail(0);
  await pass(29_000);
  expect(begun()).toBe(1);
  await pass(2_000);
  expect(begun()).toBe(2);
  end(1);
  await pass(1_000);
  expect(begun()).toBe(3);
  end(2);
  await stop();
});

describe('stopping', () => {
  test('waits for the round under way, which hears of it', async () => {
    const { stop, asked, end } = rounds();
    await pass(1_000);
    expect(asked[0]?.()).toBe(true);
    const stopped = vi.fn<() => void>();
    const stopping = stop().then(stopped);
    await pass(60_000);
    expect(asked[0]?.()).toBe(false);
    expect(stopped).not.toHaveBeenCalled();
    end(0);
    await stopping;
    expect(asked).toHaveLength(1);
  });

  test('makes one more round where that is asked for, after the one under way, and only once', async () => {
    const { stop, asked, end } = rounds({ atEnd: true });
    await pass(1_000);
    const stopping = stop();
    const stopped = vi.fn<() => void>();
    const again = stop().then(stopped);
    await pass(0);
    expect(asked).toHaveLength(1);
    end(0);
    await pass(0);
    expect(asked).toHaveLength(2);
    expect(stopped).not.toHaveBeenCalled();
    expect(asked[1]?.()).toBe(true);
    end(1);
    await Promise.all([stopping, again]);
    expect(asked).toHaveLength(2);
  });

  test('several are told at once, and all are waited for', async () => {
    const [one, other] = [rounds(), rounds()];
    await pass(1_000);
    const stopped = vi.fn<() => void>();
    const stopping = together(one.stop, other.stop)().then(stopped);
    await pass(0);
    expect([one.asked[0]?.(), other.asked[0]?.()]).toEqual([false, false]);
    one.end(0);
    await pass(0);
    expect(stopped).not.toHaveBeenCalled();
    other.end(0);
    await stopping;
  });
});

test('the timer keeps no process alive', async () => {
  vi.useRealTimers();
  const before = process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
  const stop = nowAndThen({ log, everyMs: 60_000, what: 'wait', round: () => Promise.resolve() });
  expect(process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout')).toHaveLength(before);
  await stop();
});
