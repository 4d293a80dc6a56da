import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Unavailable } from '../errors.ts';
import { queryAs, testDatabase, type TestDatabase } from '#testing/database.ts';
import type { Transaction } from './database.ts';
import { openSystemDatabase, type OpenSystemDatabase } from './system.ts';

let own: TestDatabase;
let system: OpenSystemDatabase;

beforeAll(async () => {
  own = await testDatabase();
  await queryAs(own.target, 'owner', 'create table probe (id int primary key)');
  system = openSystemDatabase(own.target);
});
afterAll(async () => {
  await system.close();
  await own.drop();
});

const insert = (tx: Transaction, id: number) => tx.query({ name: 'probe.insert', text: 'insert into probe values ($1)' }, [id]);
const has = (id: number) => queryAs(own.target, 'owner', 'select id from probe where id = $1', [id]).then((rows) => rows.length === 1);

test('settings of the target hold beside our own', async () => {
  const set = openSystemDatabase({ ...own.target, options: '-c work_mem=7MB' });
  const text = `select current_setting('work_mem') as memory, current_setting('TimeZone') as zone, current_setting('jit') as jit`;
  expect(await set.read((tx) => tx.query({ name: 'probe.settings', text }, []))).toEqual([{ memory: '7MB', zone: 'UTC', jit: 'off' }]);
  await set.close();
});

test('what work throws comes out, and nothing of it stays', async () => {
  await expect(
    system.write(async (tx) => {
      await insert(tx, 1);
      throw new Error('second thoughts');
    }),
  ).rejects.toThrow('second thoughts');
  expect(await has(1)).toBe(false);
});

test('a swallowed failure does not pass for a commit', async () => {
  await expect(
    system.write(async (tx) => {
      await insert(tx, 2);
      await insert(tx, 2).catch(() => undefined);
    }),
  ).rejects.toThrow('rolled back');
  expect(await has(2)).toBe(false);
});

test('work that goes on after its transaction has ended is refused, not run in the next one', async () => {
  let escaped: Transaction | undefined;
  await system.write(async (tx) => {
    escaped = tx;
  });
  if (escaped === undefined) throw new Error('no transaction');
  await expect(insert(escaped, 3)).rejects.toThrow('has ended');
  await expect(escaped.db.execute(sql`insert into probe values (3)`)).rejects.toThrow();
  expect(await has(3)).toBe(false);
});

test('a nested transaction is a savepoint: its failure leaves the outer one whole', async () => {
  await system.write(async (tx) => {
    await insert(tx, 4);
    await tx.db
      .transaction(async (inner) => {
        await inner.execute(sql`insert into probe values (5)`);
        throw new Error('inner');
      })
      .catch(() => undefined);
  });
  expect([await has(4), await has(5)]).toEqual([true, false]);
});

test('a read cannot write', async () => {
  await expect(system.read((tx) => insert(tx, 6))).rejects.toThrow('read-only');
});

test('statements sent at once keep their order and their answers', async () => {
  const rows = await system.read((tx) =>
    Promise.all([1, 2, 3, 4, 5].map((n) => tx.query({ name: 'probe.n', text: 'select $1::int as n' }, [n]))),
  );
  expect(rows.flat()).toEqual([1, 2, 3, 4, 5].map((n) => ({ n })));
});

test('a connection cut mid-transaction is Unavailable, and the pool goes on', async () => {
  const cut = system.write(async (tx) => {
    await insert(tx, 7);
    const [mine] = await tx.query<{ pid: number }>({ name: 'probe.pid', text: 'select pg_backend_pid() as pid' }, []);
    await queryAs(own.target, 'system', 'select pg_terminate_backend($1)', [mine?.pid]);
    await insert(tx, 8);
  });
  await expect(cut).rejects.toBeInstanceOf(Unavailable);
  await system.write((tx) => insert(tx, 9));
  expect([await has(7), await has(9)]).toEqual([false, true]);
});

test('listens across connections, and says when it had to come back', async () => {
  const heard: string[] = [];
  let wake = () => {};
  const stop = await system.listen('probe', (payload) => {
    heard.push(payload);
    wake();
  });
  const next = () => new Promise<void>((resolve) => (wake = resolve));
  const first = next();
  await system.execute(`notify probe, 'hello'`);
  await first;
  const second = next();
  await queryAs(
    own.target,
    'system',
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'steward listens to probe' and datname = current_database()`,
  );
  await second;
  expect(heard).toEqual(['hello', '']);
  await stop();
});
