import { expect, test } from 'vitest';
import { meaningOf } from '#core/connector/sql/session.ts';
import { SqlSettings, sqlSource } from '#core/connector/sql/source.ts';
import { CredentialsRejected, VendorRefused, VendorUnavailable } from '#core/connector/errors.ts';
import sqlserver from './connector.ts';
import { sqlServerDialect as dialect } from './dialect.ts';
import { meaning } from './session.ts';

/** No SQL Server is at hand: what is sent is looked at, what would be answered is made up. `answers`: rows for each statement. */
function recorded(query: string, columns: Readonly<Record<string, string>>, answers: Record<string, unknown>[][] = []) {
  const asked: { text: string; values: readonly unknown[] }[] = [];
  const settings = SqlSettings.parse({ query, cursorColumn: 'changed' });
  const source = sqlSource(settings, dialect, (work) =>
    work(
      (text, values) => {
        asked.push({ text: text.replaceAll(/\s+/g, ' '), values });
        return Promise.resolve(answers.shift() ?? []);
      },
      () => Promise.resolve(Object.entries(columns).map(([name, type]) => ({ name, type }))),
    ),
  );
  return { source, asked };
}
const CUSTOMERS = { id: 'bigint', mail: 'varchar(200)', paid: 'money', changed: 'datetime' };

const credentialsOf = (password: string) =>
  sqlserver.credentials.parse({ host: '127.0.0.1', port: 1, database: 'shop', user: 'shop', password, tls: 'off' });

test('everything in the order of ids, and what is bound has the type of its column', async () => {
  const row = (id: number) => ({ f0: 'a@b.test', f1: 1.5, steward_id: String(id), steward_at: '2026-05-01T10:00:00.003' });
  const { source, asked } = recorded('select * from customers;', CUSTOMERS, [
    [{ mark: '2026-05-01T10:00:00.003', total: 1_001 }],
    Array.from({ length: 1_000 }, (_, i) => row(i)),
  ]);
  const first = await source.page({ object: 'query', fields: ['mail', 'paid'], mark: null, cursor: null });
  expect(first).toMatchObject({ total: 1_001, mark: null });
  expect(first.records[7]).toEqual({
    externalId: '7',
    changedAt: new Date('2026-05-01T10:00:00.003Z'),
    values: { mail: 'a@b.test', paid: 1.5 },
  });
  await source.page({ object: 'query', fields: ['mail', 'paid'], mark: null, cursor: first.cursor });
  expect(asked.map(({ text }) => text)).toEqual([
    'select convert(nvarchar(40), max(q.[changed]), 126) as mark, count(*) as total from ( select * from customers ) q',
    'select top (1000) left(cast(q.[mail] as nvarchar(max)), 20000) as f0, q.[paid] as f1, convert(nvarchar(450), q.[id]) as steward_id, convert(nvarchar(40), q.[changed], 126) as steward_at ' +
      'from ( select * from customers ) q where q.[id] is not null order by q.[id]',
    'select top (1000) left(cast(q.[mail] as nvarchar(max)), 20000) as f0, q.[paid] as f1, convert(nvarchar(450), q.[id]) as steward_id, convert(nvarchar(40), q.[changed], 126) as steward_at ' +
      'from ( select * from customers ) q where q.[id] > cast(@p1 as bigint) order by q.[id]',
  ]);
  expect(asked[2]?.values).toEqual(['999']);
});

test('what has changed: with the overlap of its kind, then behind the last row', async () => {
  const wanted = { object: 'query', fields: [], mark: '2026-05-01T10:00:00.003', cursor: null };
  const whereOf = async (changed: string, mark: string, cursor: string | null = null) => {
    const { source, asked } = recorded('select * from t', { ...CUSTOMERS, changed });
    await source.page({ ...wanted, mark, cursor });
    return [/where (.+) order by/.exec(asked[0]?.text ?? '')?.[1], asked[0]?.values];
  };
  expect(await whereOf('datetime', wanted.mark)).toEqual([
    'q.[changed] >= dateadd(minute, -5, convert(datetime, @p1, 126))',
    [wanted.mark],
  ]);
  expect(await whereOf('datetimeoffset(7)', 'm')).toEqual([
    'q.[changed] >= dateadd(minute, -5, convert(datetimeoffset(7), @p1, 127))',
    ['m'],
  ]);
  expect(await whereOf('timestamp', '0x07D1')).toEqual([
    'q.[changed] >= convert(binary(8), convert(bigint, convert(varbinary(8), @p1, 1)) - 10000)',
    ['0x07D1'],
  ]);
  expect(await whereOf('int', '7')).toEqual(['q.[changed] >= cast(@p1 as int)', ['7']]);
  expect(await whereOf('int', '7', JSON.stringify({ at: '9', id: '3', mark: '7' }))).toEqual([
    '(q.[changed] > cast(@p1 as int) or (q.[changed] = cast(@p2 as int) and q.[id] > cast(@p3 as bigint)))',
    ['9', '9', '3'],
  ]);
});

test.each([
  'select 1 as id) q; drop table customers; select * from (select 1 as id',
  'select 1 as id) q drop table customers select * from (select 1 as id',
  `select 'it''s' as id) q drop table x --`,
  'select [a]]b] as id /* ) */) q exec x select (1',
  'select 1 as id; delete from customers',
  'select 1 as id /* never closed',
  `select 'never closed as id`,
  'with x as (select 1 as id) select * from x',
])('a query that would get out is refused: %s', async (query) => {
  await expect(recorded(query, CUSTOMERS).source.fields('query')).rejects.toThrow(VendorRefused);
});

test.each([
  `select 'a) ; b' as id, changed from t`,
  'select (1 + (2)) as id -- ) here\n, changed from t /* ; /* ) */ */',
  'select [odd ) name]]] as id, "another ; ) one" as changed from t;',
])('a query that only looks like it is taken: %s', async (query) => {
  expect(await recorded(query, CUSTOMERS).source.fields('query')).toHaveLength(4);
});

test('types as people know them; what tells nothing apart says so', async () => {
  expect(['bigint', 'decimal(10,2)', 'bit', 'datetime2(7)', 'date', 'nvarchar(50)'].map((type) => dialect.fieldType(type))).toEqual([
    'number',
    'number',
    'boolean',
    'moment',
    'moment',
    'text',
  ]);
  expect(dialect.moment('2026-05-01T10:00:00.1234567', 'datetime2(7)')).toEqual(new Date('2026-05-01T10:00:00.123Z'));
  expect(dialect.moment('2026-05-01T10:00:00.1234567Z', 'datetimeoffset(7)')).toEqual(new Date('2026-05-01T10:00:00.123Z'));
  expect(dialect.moment('0x0000', 'timestamp')).toBeNull();
  await expect(recorded('select * from t', { ...CUSTOMERS, id: 'xml' }).source.fields('query')).rejects.toThrow('xml');
  expect(dialect.quoted('a]b')).toBe('[a]]b]');
});

test.each([
  [{ code: 'ELOGIN', message: 'Login failed for user shop with a wrong one' }, CredentialsRejected],
  [{ code: 'EREQUEST', number: 229, message: 'The SELECT permission was denied' }, CredentialsRejected],
  [{ code: 'EREQUEST', number: 1_205, message: 'deadlocked' }, VendorUnavailable],
  [{ code: 'EREQUEST', number: 40_613, message: 'Database is not currently available' }, VendorUnavailable],
  [{ code: 'EREQUEST', number: 208, message: 'Invalid object name' }, VendorRefused],
  [{ code: 'ETIMEOUT', name: 'RequestError', message: 'Timeout' }, VendorUnavailable],
  [{ code: 'ESOCKET', message: 'Failed to connect' }, VendorUnavailable],
])('%o means what it says', (fault, expected) => {
  const credentials = credentialsOf('a wrong one');
  const said = meaningOf(Object.assign(new Error(fault.message), fault), credentials, meaning);
  expect(said).toBeInstanceOf(expected);
  expect(String(said)).not.toContain('a wrong one');
});

test('a server that is not there is away', async () => {
  await expect(sqlserver.verify(credentialsOf('only for tests'), { baseUrl: undefined })).rejects.toBeInstanceOf(VendorUnavailable);
});
