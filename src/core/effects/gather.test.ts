import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { VirtualClock } from '#core/clock.ts';
import type { Statement, SystemDatabase, Transaction } from '#core/database/database.ts';
import { NO_FENCE } from '#core/instance/fence.ts';
import { openLog } from '#core/log.ts';
import type { Runtime } from '#core/runtime.ts';
import { Lease } from './lease.ts';
import { Sender } from './sender.ts';
import type { EffectKind, Receipt } from './types.ts';

/** Effects `a` and `b` are due; what ends is settled in `rounds`, each with how many it held. */
function aSender() {
  const due = ['a', 'b'];
  const rounds: number[] = [];
  const calls = new Map<string, (receipt: Receipt) => void>();
  const tx = {
    query(statement: Statement, values: readonly unknown[]) {
      if (statement.name === 'effects.companies_due') return Promise.resolve([{ company_id: 'c' }]);
      if (statement.name === 'effects.claim.post')
        return Promise.resolve(due.splice(0).map((id) => ({ id, company_id: 'c', kind: 'post', key: id, attempts: 0, hold: null })));
      if (statement.name === 'effects.settle') rounds.push(JSON.parse(String(values[2])).length);
      return Promise.resolve([]);
    },
  } as unknown as Transaction; // all that a round asks of it
  const system = { read: (work: (tx: Transaction) => unknown) => work(tx), write: (work: (tx: Transaction) => unknown) => work(tx) };
  const kind: EffectKind = {
    kind: 'post',
    concurrency: 2,
    apart: true,
    check: (_tx, effects) => Promise.resolve(effects.map(() => ({ go: true }))),
    perform: ({ id }) => new Promise((end) => calls.set(id, end)),
    settled: () => Promise.resolve(),
  };
  const database = { ...system, round: (_kind: string, work: (tx: Transaction) => unknown) => work(tx) } as unknown as SystemDatabase;
  const sender = new Sender(kind, {
    system: database,
    clock: new VirtualClock(new Date('2026-06-02T08:00:00Z')),
    log: openLog('silent'),
    lease: new Lease(database),
    fence: NO_FENCE,
    traced: () => false,
    runtime: () => ({}) as Runtime, // the kind asks nothing of it
  });
  const end = async (id: string) => {
    calls.get(id)?.({ externalId: null, detail: {} });
    await vi.advanceTimersByTimeAsync(0);
  };
  return { sender, rounds, end };
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

test('calls that end close together are settled by one round', async () => {
  const { sender, rounds, end } = aSender();
  expect(await sender.round(true)).toBe(true);
  await vi.advanceTimersByTimeAsync(10);
  await end('a');
  expect(await sender.round(true)).toBe(false);
  expect(rounds).toEqual([]);
  await end('b');
  await sender.round(true);
  expect(rounds).toEqual([2]);
});

test('a call that takes long is waited for no longer than the one that ended took, and asks for its round by itself', async () => {
  const { sender, rounds, end } = aSender();
  let asked = 0;
  sender.onFinished = () => void (asked += 1);
  await sender.round(true);
  await vi.advanceTimersByTimeAsync(10);
  await end('a');
  expect(asked).toBe(1);
  await sender.round(true);
  await vi.advanceTimersByTimeAsync(9);
  expect(asked).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(asked).toBe(2);
  await sender.round(true);
  expect(rounds).toEqual([1]);
});

test('slow calls end one by one: none waits for another', async () => {
  const { sender, rounds, end } = aSender();
  await sender.round(true);
  await vi.advanceTimersByTimeAsync(150);
  await end('a');
  await sender.round(true);
  expect(rounds).toEqual([1]);
});
