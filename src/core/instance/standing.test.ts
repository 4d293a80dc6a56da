import { mkdtemp, cp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSystemDatabase, type OpenSystemDatabase } from '#core/database/system.ts';
import { HeldInstance } from '#core/errors.ts';
import { openLog } from '#core/log.ts';
import { queryAs, testDatabase, type TestDatabase } from '#testing/database.ts';
import { placeOf } from './place.ts';
import { openHome, type Home } from './seat.ts';
import { Standing } from './standing.ts';

let database: TestDatabase;
let system: OpenSystemDatabase;
let directory: string;
beforeEach(async () => {
  database = await testDatabase();
  system = openSystemDatabase(database.target);
  directory = await mkdtemp(join(tmpdir(), 'steward-seat-'));
});
afterEach(async () => {
  await system.close();
  await database.drop();
  await rm(directory, { recursive: true });
});

const homeOf = (name: string): Home => ({ id: `name:${name}`, mark: '', says: name });
const enter = (home: Home, { place = 'here', asked = false, keep = null as string | null, at = system } = {}) =>
  Standing.enter({ system: at, log: openLog('silent'), seat: { home, place, directory: keep }, asked });
/** What a worker's transaction does first. */
const act = (standing: Standing) => system.write((tx) => standing.check(tx));

describe('whether a process may act on a database', () => {
  test('the first home of a new database may, and every process of that home', async () => {
    const web = await enter(homeOf('a'));
    const worker = await enter(homeOf('a'));
    expect([web.held, worker.held]).toEqual([false, false]);
    await act(worker);
  });

  test('a second home may once a process that works on this very database has seen it', async () => {
    const first = await enter(homeOf('a'));
    const second = await enter(homeOf('b'));
    expect(second.why).toMatchObject({ because: 'unknown' });
    await expect(act(second)).rejects.toThrow(HeldInstance);
    await first.look();
    await second.look();
    expect(second.held).toBe(false);
    await act(second);
  });

  test('nobody vouches in a copy: a home that the database knows from another address is held there', async () => {
    await enter(homeOf('a'), { place: 'the original' });
    const there = await enter(homeOf('a'), { place: 'a copy of it' });
    expect(there.why).toMatchObject({ because: 'moved', other: 'a' });
    await there.look();
    await there.look();
    await expect(act(there)).rejects.toThrow(HeldInstance);
  });

  test('a copied data directory is told from the one it was copied from', async () => {
    const one = await openHome(join(directory, 'one'), undefined);
    await enter(one);
    await cp(join(directory, 'one'), join(directory, 'two'), { recursive: true, preserveTimestamps: true });
    const two = await openHome(join(directory, 'two'), undefined);
    expect(two.id).toBe(one.id);
    expect((await enter(two)).why).toMatchObject({ because: 'copied', other: expect.stringContaining('one') });
    expect(await openHome(join(directory, 'one'), undefined)).toEqual(one);
    expect((await enter(one)).held).toBe(false);
  });

  test('a named installation is itself wherever its directory is', async () => {
    await enter(await openHome(join(directory, 'one'), 'acme'));
    expect((await enter(await openHome(join(directory, 'two'), 'acme'))).held).toBe(false);
  });

  test('STEWARD_HELD holds a home until it is released, and nobody vouches for it', async () => {
    const first = await enter(homeOf('a'));
    const second = await enter(homeOf('b'), { asked: true });
    await first.look();
    await second.look();
    expect(second.why).toMatchObject({ because: 'asked' });
    expect((await enter(homeOf('b'))).held).toBe(true);
    await act(first);
  });

  test('a release moves the epoch: who worked on the same database before is fenced off in the transaction that would act', async () => {
    const old = await enter(homeOf('old'));
    const next = await enter(homeOf('next'), { asked: true });
    const { acting, fenced } = await next.release('Ada', () => Promise.resolve());
    expect({ acting, fenced }).toEqual({ acting: ['next'], fenced: ['old'] });
    expect(old.held).toBe(false); // it has not looked yet, and need not
    await expect(act(old)).rejects.toThrow(HeldInstance);
    await act(next);
    await old.look();
    expect(old.why).toMatchObject({ because: 'taken_over', other: 'next' });
    // Nobody vouches for it: that was a person's decision.
    await next.look();
    await old.look();
    expect(old.held).toBe(true);
  });

  test('a release waits for what is being taken up, and nothing of the older epoch comes after it', async () => {
    const old = await enter(homeOf('old'));
    const next = await enter(homeOf('next'), { asked: true });
    const order: string[] = [];
    let mayEnd = () => undefined as void;
    const begun = Promise.withResolvers<void>();
    const taking = system
      .write(async (tx) => {
        await old.check(tx);
        begun.resolve();
        await new Promise<void>((resolve) => (mayEnd = resolve));
      })
      .then(() => order.push('taken up'));
    await begun.promise;
    const releasing = next.release('Ada', () => Promise.resolve()).then(() => order.push('released'));
    const waiting = `select count(*)::int as n from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())`;
    await expect.poll(async () => (await queryAs<{ n: number }>(database.target, 'owner', waiting))[0]?.n).toBe(1);
    const late = act(old).then(
      () => order.push('late'),
      () => order.push('refused'),
    );
    mayEnd();
    await Promise.all([taking, releasing, late]);
    expect(order.toSorted()).toEqual(['refused', 'released', 'taken up']);
    expect(order[0]).toBe('taken up');
  });

  test('a hold of the whole database stops everybody at once, and its release takes them all along', async () => {
    const a = await enter(homeOf('a'));
    const b = await enter(homeOf('b'));
    await a.look();
    await a.hold('Ada', 'moving house');
    await expect(act(b)).rejects.toThrow(HeldInstance);
    expect(a.why).toMatchObject({ because: 'asked', note: 'moving house' });
    await a.release('Ada', () => Promise.resolve());
    await act(a);
    await act(b);
  });

  test('a database that was put back to an older state under the same name is found out', async () => {
    const before = await enter(homeOf('a'), { keep: directory });
    await before.look();
    await queryAs(database.target, 'owner', 'update steward_instance set ticks = 0');
    const after = await enter(homeOf('a'), { keep: directory });
    expect(after.why).toMatchObject({ because: 'went_back' });
    await after.release('Ada', () => Promise.resolve());
    expect((await enter(homeOf('a'), { keep: directory })).held).toBe(false);
  });

  test('the place of a database is not that of its copy in the same PostgreSQL', async () => {
    const other = await testDatabase();
    const there = openSystemDatabase(other.target);
    try {
      expect(await placeOf(there, null)).not.toBe(await placeOf(system, null));
      expect(await placeOf(system, database.target)).not.toBe(await placeOf(system, { ...database.target, host: 'elsewhere' }));
    } finally {
      await there.close();
      await other.drop();
    }
  });
});
