import { createConnection, type Connection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CredentialsRejected, VendorRefused, VendorUnavailable } from '#core/connector/errors.ts';
import type { SourcePort } from '#core/ports/source.ts';
import { Secret } from '#core/secrets.ts';
import { hasMariadb, mariadb, type Mariadb } from '#testing/mariadb.ts';
import { openSource, readPass } from '#testing/sql-source.ts';
import mysql from './connector.ts';

/** A shop's database, on the real server. */
describe.skipIf(!hasMariadb())('a query on a real MariaDB', () => {
  let server: Mariadb;
  let theirs: Connection;
  const sql = (text: string) => theirs.query(text);
  beforeAll(async () => {
    server = await mariadb();
    const { port, user, password, database } = server;
    theirs = await createConnection({ host: '127.0.0.1', port, user, password, database, multipleStatements: true });
    await sql(`create table customers (no bigint unsigned primary key, mail varchar(200), note text, paid decimal(20, 4), active bool, born date, changed datetime(6), extra json, bytes varbinary(16));
      insert into customers select 18014398509481984 + seq, concat('c', seq, '@müller.test'), repeat('x', 5), seq + 0.5, seq % 2, '1990-02-03', timestamp('2026-05-01') + interval seq second, '{"a": 1}', unhex('ff00')
        from seq_1_to_2300`);
  });
  afterAll(async () => {
    await theirs.end();
    await server.close();
  });

  const credentials = (more: object = {}) => {
    const { port, user, password, database } = server;
    return mysql.credentials.parse({ host: '127.0.0.1', port, user, password, database, tls: 'off', ...more });
  };
  const open = (more: object = {}) => openSource(mysql, credentials(), more);
  const pass = (port: SourcePort, mark: string | null, between?: () => unknown) =>
    readPass(port, ['mail', 'paid', 'active', 'born', 'extra', 'bytes'], mark, between);

  test('everything in pages, exact to the last digit, then what changed, also while the pages were read', async () => {
    const port = open();
    expect((await port.fields('query')).map(({ name, type }) => `${name} ${type}`)).toEqual([
      'no number', 'mail text', 'note text', 'paid number', 'active number', 'born moment', 'changed moment', 'extra text', 'bytes text',
    ]); // prettier-ignore
    let edited = false;
    const first = await pass(port, null, async () => {
      if (!edited)
        await sql(`update customers set mail = 'early@acme.test', changed = '2026-05-02 00:00:00.000001' where no = 18014398509481987`);
      edited = true;
    });
    expect(first.pages).toBe(3);
    expect(new Set(first.records.map(({ externalId }) => externalId)).size).toBe(2_300);
    expect(first.records[1]).toEqual({
      externalId: '18014398509481986',
      changedAt: new Date('2026-05-01T00:00:02Z'),
      values: { mail: 'c2@müller.test', paid: '2.5000', active: 0, born: '1990-02-03', extra: '{"a": 1}', bytes: null },
    });
    const second = await pass(port, first.mark);
    expect(second.records.at(-1)).toMatchObject({ externalId: '18014398509481987', values: { mail: 'early@acme.test' } });
    // Five minutes of overlap and the change, not everything.
    expect(second.records.length).toBeLessThan(400);
    expect((await pass(port, second.mark)).records.map(({ externalId }) => externalId)).toEqual(['18014398509481987']);
  });

  test('many rows of one moment are all read; a text as long as a book is cut', async () => {
    await sql(
      `create table moments (no int primary key, mail longtext, changed datetime); insert into moments select seq, repeat('y', if(seq = 1, 30000, 1)), '2026-05-01' from seq_1_to_1200`,
    );
    const port = open({
      query: 'select no, mail, 1 as paid, 1 as active, null as born, null as extra, null as bytes, changed from moments',
    });
    const { records } = await pass(port, '2026-05-01 00:00:00');
    expect(new Set(records.map(({ externalId }) => externalId)).size).toBe(1_200);
    expect(String(records[0]?.values['mail']).length).toBe(20_000);
  });

  test('nothing is written, whatever the query says', async () => {
    await sql(`create function spoil() returns int modifies sql data begin insert into customers (no) values (1); return 1; end`);
    const spoiling = open({ query: 'select no, changed, spoil() as mail from customers' });
    await expect(spoiling.page({ object: 'query', fields: ['mail'], mark: null, cursor: null })).rejects.toThrow(/READ ONLY/);
    await expect(
      open({ query: 'select 1 as no, now() as changed) q; delete from customers; select * from (select 1' }).fields('query'),
    ).rejects.toThrow(VendorRefused);
    const [rows] = await theirs.query('select count(*) as n from customers');
    expect(rows).toEqual([{ n: 2_300 }]);
  });

  test('what is wrong is said: a column, its type, the query, the password, the address', async () => {
    await expect(open({ idColumn: 'id' }).fields('query')).rejects.toThrow('no column id');
    await expect(open({ idColumn: 'bytes' }).fields('query')).rejects.toThrow('hex');
    await expect(open({ query: 'select nothing from nowhere' }).fields('query')).rejects.toThrow(/nowhere/);
    const wrong = await mysql
      .verify({ ...credentials(), password: new Secret('a wrong one') }, { baseUrl: undefined })
      .catch((error: unknown) => error);
    expect(wrong).toBeInstanceOf(CredentialsRejected);
    expect(String(wrong)).not.toContain('a wrong one');
    await expect(mysql.verify({ ...credentials(), database: 'no_such' }, { baseUrl: undefined })).rejects.toBeInstanceOf(
      CredentialsRejected,
    );
    await expect(mysql.verify({ ...credentials(), port: 1 }, { baseUrl: undefined })).rejects.toBeInstanceOf(VendorUnavailable);
    await expect(mysql.verify({ ...credentials(), tls: 'verify' }, { baseUrl: undefined })).rejects.toThrow(/TLS/);
    expect(await mysql.verify(credentials(), { baseUrl: undefined })).toMatch(/^shop@% at shop, 1\d\.\d+\.\d+-MariaDB/);
  });
});
