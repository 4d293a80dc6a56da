import { afterAll, beforeAll, expect, test } from 'vitest';
import { CredentialsRejected, VendorRefused, VendorUnavailable } from '#core/connector/errors.ts';
import type { SourcePort } from '#core/ports/source.ts';
import { emptyDatabase, queryAs, type TestDatabase } from '#testing/database.ts';
import { openSource, readPass } from '#testing/sql-source.ts';
import postgresql from './connector.ts';

/** A database of somebody else's, on the real server. */
let theirs: TestDatabase;
const sql = (text: string) => queryAs(theirs.target, 'owner', text);
beforeAll(async () => {
  theirs = await emptyDatabase();
  await sql(`create table customers (no bigint primary key, mail text, paid numeric, active boolean, changed timestamptz)`);
  await sql(
    `insert into customers select i, 'c' || i || '@acme.test', i + 0.5, i % 2 = 0, '2026-05-01'::timestamptz + make_interval(secs => i) from generate_series(1, 2500) i`,
  );
});
afterAll(() => theirs.drop());

const credentials = () =>
  postgresql.credentials.parse({
    host: theirs.target.host,
    port: theirs.target.port,
    database: theirs.target.database,
    user: 'steward_owner',
    password: 'not needed here',
    tls: 'off',
  });
const open = (more: object = {}) => openSource(postgresql, credentials(), more);
const pass = (port: SourcePort, mark: string | null, between?: () => unknown) => readPass(port, ['mail', 'paid', 'active'], mark, between);

test('everything in pages, then what changed, also while the pages were read', async () => {
  const port = open();
  expect(await port.fields('query')).toMatchObject([
    { name: 'no', type: 'number' },
    { name: 'mail', type: 'text' },
    { type: 'number' },
    { type: 'boolean' },
    { type: 'moment' },
  ]);
  let edited = false;
  const first = await pass(port, null, async () => {
    if (!edited) await sql(`update customers set mail = 'early@acme.test', changed = '2026-05-02' where no = 3`);
    edited = true;
  });
  expect(first.pages).toBe(3);
  expect(new Set(first.records.map(({ externalId }) => externalId)).size).toBe(2_500);
  expect(first.records[1]).toEqual({
    externalId: '2',
    changedAt: new Date('2026-05-01T00:00:02Z'),
    values: { mail: 'c2@acme.test', paid: '2.5', active: true },
  });
  const second = await pass(port, first.mark);
  expect(second.records.at(-1)).toMatchObject({ externalId: '3', values: { mail: 'early@acme.test' } });
  // Five minutes of overlap and the change, not everything.
  expect(second.records.length).toBeLessThan(400);
  const third = await pass(port, second.mark);
  expect(third.records.map(({ externalId }) => externalId)).toEqual(['3']);
});

test('many rows of one moment are all read', async () => {
  await sql(
    `create table moments (no int primary key, changed timestamptz); insert into moments select i, '2026-05-01' from generate_series(1, 2300) i`,
  );
  const port = open({ query: 'select no, changed, null as mail, 1 as paid, true as active from moments' });
  const { records } = await pass(port, '2026-05-01 00:00:00+00');
  expect(new Set(records.map(({ externalId }) => externalId)).size).toBe(2_300);
});

test('nothing is written, whatever the query says', async () => {
  await sql(`create function spoil() returns int language sql volatile as 'insert into customers (no) values (-1) returning 1'`);
  await expect(
    open({ query: 'select no, mail, changed, spoil() as paid, active from customers' }).page({
      object: 'query',
      fields: ['paid'],
      mark: null,
      cursor: null,
    }),
  ).rejects.toThrow(/read-only/);
  await expect(
    open({ query: 'select 1 as no, now() as changed) q; delete from customers; select * from (select 1' }).fields('query'),
  ).rejects.toThrow(VendorRefused);
  expect(await sql('select count(*)::int as n from customers')).toEqual([{ n: 2_500 }]);
});

test('what is wrong is said: a column, the query, the address, the database', async () => {
  await expect(open({ idColumn: 'id' }).fields('query')).rejects.toThrow('no column id');
  await expect(open({ query: 'select nothing from nowhere' }).fields('query')).rejects.toThrow(/nowhere/);
  await expect(postgresql.verify({ ...credentials(), port: 1 }, { baseUrl: undefined })).rejects.toBeInstanceOf(VendorUnavailable);
  await expect(postgresql.verify({ ...credentials(), database: 'no_such' }, { baseUrl: undefined })).rejects.toBeInstanceOf(
    CredentialsRejected,
  );
  expect(await postgresql.verify(credentials(), { baseUrl: undefined })).toContain('steward_owner');
});
