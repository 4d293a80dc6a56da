import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { queryAs, testDatabase, type TestDatabase } from '#testing/database.ts';
import type { Database } from './database.ts';
import { openDatabase } from './open.ts';
import { openSystemDatabase, type OpenSystemDatabase } from './system.ts';

const ours = '019a0000-0000-7000-8000-000000000001';
const theirs = '019a0000-0000-7000-8000-000000000002';
let own: TestDatabase;
let database: Database;
let system: OpenSystemDatabase;

beforeAll(async () => {
  own = await testDatabase();
  await queryAs(
    own.target,
    'owner',
    `create table notes_probe (
       id int primary key,
       company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies(id) on delete cascade,
       body text);
     select steward_protect('notes_probe');
     insert into companies (id, name) values ('${ours}', 'Ours'), ('${theirs}', 'Theirs');
     insert into notes_probe values (1, '${ours}', 'mine'), (2, '${theirs}', 'not mine')`,
  );
  database = openDatabase(own.target);
  system = openSystemDatabase(own.target);
});
afterAll(async () => {
  await database.close();
  await system.close();
  await own.drop();
});

const bodies = { name: 'probe.bodies', text: 'select body from notes_probe order by id' };

test('a query that forgets its company sees this company only', async () => {
  expect(await database.read(ours, (tx) => tx.query(bodies, []))).toEqual([{ body: 'mine' }]);
  expect(await database.read(theirs, (tx) => tx.query(bodies, []))).toEqual([{ body: 'not mine' }]);
});

test('rows of another company can be neither changed, deleted nor planted', async () => {
  const changed = await database.write(ours, (tx) => tx.db.execute(sql`update notes_probe set body = 'taken' where id = 2`));
  expect(changed.rowCount).toBe(0);
  const deleted = await database.write(ours, (tx) => tx.db.execute(sql`delete from notes_probe where id = 2`));
  expect(deleted.rowCount).toBe(0);
  await expect(database.write(ours, (tx) => tx.db.execute(sql`insert into notes_probe values (3, ${theirs}, 'planted')`))).rejects.toThrow(
    /Failed query/,
  );
});

test('the company fills itself in, and is gone from a connection that is used again', async () => {
  await database.write(ours, (tx) => tx.db.execute(sql`insert into notes_probe (id, body) values (10, 'new')`));
  const rows = await queryAs(own.target, 'app', 'select count(*)::int as seen from notes_probe');
  expect(rows).toEqual([{ seen: 0 }]);
  await expect(system.write((tx) => tx.db.execute(sql`insert into notes_probe (id, body) values (11, 'nobody’s')`))).rejects.toThrow();
});

test('the system role sees every company', async () => {
  const rows = await system.read((tx) => tx.query<{ body: string }>(bodies, []));
  expect(rows.map((row) => row.body)).toEqual(expect.arrayContaining(['mine', 'not mine']));
});

test('the request role cannot make or drop a company, read the migrations, or reach the queue', async () => {
  for (const statement of [
    `insert into companies (id, name) values (gen_random_uuid(), 'x')`,
    `delete from companies`,
    `select * from schema_migrations`,
    `select * from steward_instance`,
    `select * from pgboss.job`,
    `set role steward_system`,
    `set row_security = off; select * from notes_probe`,
    `alter table notes_probe disable row level security`,
    `create table mine (id int)`,
  ]) {
    await expect(queryAs(own.target, 'app', statement), statement).rejects.toThrow();
  }
});

test('something that is no company id never reaches the database', async () => {
  await expect(database.read(`${ours}'; set role steward_owner; --`, (tx) => tx.query(bodies, []))).rejects.toThrow('not a UUID');
});

test('every table with a company, but those listed, is under row-level security', async () => {
  const open = await queryAs<{ name: string }>(
    own.target,
    'owner',
    `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'company_id' and not a.attisdropped
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relrowsecurity`,
  );
  expect(open).toEqual([]);
});
