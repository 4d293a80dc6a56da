import fc from '#testing/property.ts';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { HeldBack, rhythm, turns, type Limit, type Turn, type TurnSource } from '#core/connector/turns.ts';
import { openSystemDatabase, type OpenSystemDatabase } from '#core/database/system.ts';
import { testApp } from '#testing/app.ts';
import { callByName } from '#testing/by-name.ts';
import { turnSource } from './turns.ts';

/** Time that passes when everything waits: the earliest sleeper is next, and late, as timers are. */
class Time {
  ms = 0;
  /** Questions to the database that are not answered yet. */
  asking = 0;
  readonly #sleepers: { at: number; wake: () => void }[] = [];
  readonly #late: () => number;
  constructor(late: () => number) {
    this.#late = late;
  }
  now(): number {
    return this.ms;
  }
  pause(ms: number): Promise<void> {
    return new Promise((wake) => this.#sleepers.push({ at: this.ms + ms, wake }));
  }
  async until(over: () => boolean): Promise<void> {
    while (!over()) {
      do await new Promise((resolve) => setImmediate(resolve));
      while (this.asking > 0);
      const next = this.#sleepers.toSorted((a, b) => a.at - b.at)[0];
      if (next === undefined) continue;
      this.#sleepers.splice(this.#sleepers.indexOf(next), 1);
      this.ms = Math.max(this.ms, next.at + this.#late());
      next.wake();
    }
  }
}

const START = Date.UTC(2026, 5, 2);
let app: Awaited<ReturnType<typeof testApp>>;
/** Two processes: a pool each. */
let pools: OpenSystemDatabase[];
let connectionId: string;
beforeAll(async () => {
  app = await testApp();
  pools = [openSystemDatabase(app.target), openSystemDatabase(app.target)];
  const made = await callByName(
    app,
    'connections.create',
    { connector: 'http', credentials: { hosts: 'a.test', secret: 's' } },
    app.company.admin,
  );
  connectionId = z.looseObject({ id: z.string() }).parse(made).id;
});
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.close()));
  await app.close();
});
afterEach(() => app.runtime.system.write((tx) => tx.query({ name: 'test.turns', text: 'delete from connection_turns' }, [])));

/** The turns as one process takes them, and how often it asks for them. */
function processOf(pool: OpenSystemDatabase, limit: Limit, time: Time): { turn: Turn; asked: () => number } {
  const source = turnSource(pool, { id: connectionId, companyId: app.company.companyId }, () => new Date(START + time.ms));
  let asked = 0;
  const counted = async <T>(work: () => Promise<T>): Promise<T> => {
    asked++;
    time.asking++;
    return work().finally(() => time.asking--);
  };
  const through: TurnSource = { lease: (wanted) => counted(() => source.lease(wanted)), hold: (ms) => counted(() => source.hold(ms)) };
  return { turn: turns(limit, through, time), asked: () => asked };
}

/** A turn, however far off: who is held back comes again when told. */
async function turnOf(turn: Turn, time: Time): Promise<void> {
  for (;;) {
    try {
      return await turn.wait();
    } catch (error) {
      if (!(error instanceof HeldBack)) throw error;
      await time.pause((error.retryAfterS ?? 1) * 1_000);
    }
  }
}

/** Each process makes so many calls, ten at once, as soon as it may. Answers when each call was made, and by whom. */
async function send(limit: Limit, calls: readonly number[], late: () => number) {
  const time = new Time(late);
  const made: { at: number; by: number }[] = [];
  const those = pools.map((pool) => processOf(pool, limit, time));
  let over = false;
  const all = those.map(async ({ turn }, by) => {
    let left = calls[by] ?? 0;
    const caller = async () => {
      while (left-- > 0) {
        await turnOf(turn, time);
        made.push({ at: time.ms, by });
      }
    };
    await Promise.all(Array.from({ length: 10 }, caller));
  });
  const done = Promise.all(all).finally(() => (over = true));
  await time.until(() => over);
  await done;
  return { made, asked: those.reduce((sum, one) => sum + one.asked(), 0) };
}

test('two processes together never make more calls than the limit, in any stretch of its time', { timeout: 120_000 }, async () => {
  const limits = fc.record({ requests: fc.integer({ min: 1, max: 30 }), perMs: fc.constantFrom(100, 1_000, 10_000) });
  // turns further apart than anybody waits for are among them
  const calls = fc.array(fc.integer({ min: 5, max: 40 }), { minLength: 2, maxLength: 2 });
  const lates = fc.array(fc.integer({ min: 0, max: 150 }), { minLength: 5, maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(limits, calls, lates, async (limit, each, late) => {
      await app.runtime.system.write((tx) => tx.query({ name: 'test.turns', text: 'delete from connection_turns' }, []));
      let at = 0;
      const { made } = await send(limit, each, () => late[at++ % late.length] ?? 0);
      expect(made).toHaveLength(each.reduce((sum, one) => sum + one, 0));
      const times = made.map((one) => one.at).toSorted((a, b) => a - b);
      for (const [i, first] of times.entries()) {
        const beyond = times[i + limit.requests];
        if (beyond !== undefined) expect(beyond - first).toBeGreaterThanOrEqual(limit.perMs);
      }
    }),
    { numRuns: 15 },
  );
});

test('they share the turns evenly, use nine tenths of the limit, and ask the database far less often than they call', async () => {
  const limit = { requests: 100, perMs: 1_000 };
  const { made, asked } = await send(limit, [300, 300], () => 0);
  const lasted = Math.max(...made.map((one) => one.at));
  expect(600 / lasted).toBeGreaterThan((0.9 * limit.requests) / limit.perMs);
  const half = made.filter((one) => one.at < lasted / 2);
  const mine = half.filter((one) => one.by === 0).length / half.length;
  expect(mine).toBeGreaterThan(0.4);
  expect(mine).toBeLessThan(0.6);
  expect(asked).toBeLessThan(600 / 5);
});

test('a vendor that asks one for quiet is left alone by all; what would wait long goes back instead', async () => {
  const time = new Time(() => 0);
  const [one, other] = pools.map((pool) => processOf(pool, { requests: 10, perMs: 1_000 }, time).turn);
  if (one === undefined || other === undefined) throw new Error('two processes');
  let ready = false;
  const first = one
    .wait()
    .then(() => one.hold(5))
    .then(() => (ready = true));
  await time.until(() => ready);
  await first;
  const heldAt = time.ms;
  const second = other.wait().then(() => (ready = false));
  await time.until(() => !ready);
  await second;
  expect(time.ms - heldAt).toBeGreaterThanOrEqual(5_000);
  ready = false;
  const third = one
    .hold(3_600)
    .then(() => other.wait())
    .catch((error: unknown) => error)
    .finally(() => (ready = true));
  await time.until(() => ready);
  const refused = await third;
  expect(refused).toBeInstanceOf(HeldBack);
  expect(refused).toMatchObject({ retryAfterS: 3_600 });
});

test('the price of never being too fast is a tenth', () => {
  for (const limit of [
    { requests: 1, perMs: 1_000 },
    { requests: 80, perMs: 10_000 },
    { requests: 2, perMs: 60_000 },
  ]) {
    const { spacingMs } = rhythm(limit);
    expect(limit.perMs / (spacingMs * limit.requests)).toBeGreaterThanOrEqual(0.9);
  }
});
