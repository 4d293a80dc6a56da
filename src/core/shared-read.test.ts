import { expect, test } from 'vitest';
import { shareReads } from './shared-read.ts';

test('who asks while a read is under way shares the next, with what was true when they asked', async () => {
  let stored = 1;
  const asked: string[][] = [];
  const gates: (() => void)[] = [];
  const ask = shareReads<string, number>(async (keys) => {
    asked.push([...keys]);
    const seen = stored;
    await new Promise<void>((resolve) => gates.push(resolve));
    return new Map(keys.map((key) => [key, seen]));
  });
  const first = ask('a');
  await expect.poll(() => asked).toEqual([['a']]);
  stored = 2;
  const later = [ask('a'), ask('b'), ask('a')];
  gates[0]?.();
  expect(await first).toBe(1);
  await expect.poll(() => asked).toEqual([['a'], ['a', 'b']]);
  gates[1]?.();
  expect(await Promise.all(later)).toEqual([2, 2, 2]);
});

test('a read that fails fails for those who share it, and the next one goes on', async () => {
  let times = 0;
  const ask = shareReads<string, number>((keys) => (times++ === 0 ? Promise.reject(new Error('gone')) : Promise.resolve(new Map(keys.map((key) => [key, times])))));
  const both = await Promise.allSettled([ask('a'), ask('b')]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await ask('a')).toBe(2);
  expect(times).toBe(2);
}); // prettier-ignore
