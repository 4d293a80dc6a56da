import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '#core/ids.ts';
import { queryAs, testDatabase, type TestDatabase } from '#testing/database.ts';
import { clientConfig } from './target.ts';

const company = newId();
let own: TestDatabase;
let one: Client;
let other: Client;

beforeAll(async () => {
  own = await testDatabase();
  await queryAs(own.target, 'owner', `insert into companies (id, name) values ('${company}', 'Ours')`);
  [one, other] = [new Client(clientConfig(own.target, 'app', 'one')), new Client(clientConfig(own.target, 'app', 'other'))];
  for (const client of [one, other]) {
    await client.connect();
    await client.query(`set steward.company = '${company}'`);
  }
});
afterAll(async () => {
  await one.end();
  await other.end();
  await own.drop();
});

async function person(): Promise<string> {
  const id = newId();
  await one.query('insert into people (id, full_name) values ($1, $2)', [id, 'Ann']);
  return id;
}

async function count(table: string, personId: string): Promise<number> {
  const rows = await queryAs<{ n: number }>(own.target, 'owner', `select count(*)::int as n from ${table} where person_id = '${personId}'`);
  return rows[0]?.n ?? -1;
}

const LEAD = 'insert into leads (id, person_id) values ($1, $2)';

test('a row that points to nobody is refused as by a foreign key, whether it is inserted or moved', async () => {
  const known = await person();
  const wrong = { code: '23503', constraint: 'leads_person_id_fkey', table: 'leads' };
  await expect(one.query(LEAD, [newId(), newId()])).rejects.toMatchObject(wrong);
  const many = 'insert into leads (id, person_id) select * from unnest($1::uuid[], $2::uuid[])';
  await expect(
    one.query(many, [
      [newId(), newId()],
      [known, newId()],
    ]),
  ).rejects.toMatchObject(wrong);
  expect(await count('leads', known)).toBe(0);
  await one.query(LEAD, [newId(), known]);
  await expect(one.query('update leads set person_id = $1 where person_id = $2', [newId(), known])).rejects.toMatchObject(wrong);
  expect(await count('leads', known)).toBe(1);
});

test('parent and rows may come in one statement, in any order', async () => {
  const id = newId();
  await one.query(
    `with lead as (insert into leads (id, person_id) values ($1, $2)), address as (insert into person_emails (email, person_id) values ('ann@one.test', $2))
     insert into people (id, full_name) values ($2, 'Ann')`,
    [newId(), id],
  );
  expect(await count('leads', id)).toBe(1);
  expect(await count('person_emails', id)).toBe(1);
});

test('who goes takes their rows along, also those that the request itself may not delete', async () => {
  const id = await person();
  await one.query(LEAD, [newId(), id]);
  await one.query(
    `with entry as (insert into consent_log (id, person_id, topic, state, source) values ($1, $2, 'marketing', 'granted', 'test'))
     insert into consent_state (person_id, topic, state, log_id, since) values ($2, 'marketing', 'granted', $1, now())`,
    [newId(), id],
  );
  await expect(one.query('delete from consent_log')).rejects.toMatchObject({ code: '42501' });
  await one.query('delete from people where id = $1', [id]);
  for (const table of ['leads', 'consent_log', 'consent_state']) expect(await count(table, id)).toBe(0);
});

test('what may be forgotten is forgotten when its parent goes', async () => {
  const [id, organisation] = [await person(), newId()];
  await one.query(`insert into organisations (id, name, name_key) values ($1, 'One', 'one')`, [organisation]);
  await one.query('update people set organisation_id = $1 where id = $2', [organisation, id]);
  await one.query('delete from organisations where id = $1', [organisation]);
  expect((await one.query('select organisation_id from people where id = $1', [id])).rows).toEqual([{ organisation_id: null }]);
});

test('a parent stays while an open transaction points to it, and a parent on its way out takes nobody in', async () => {
  const id = await person();
  await one.query('begin');
  await one.query(LEAD, [newId(), id]);
  const gone = other.query('delete from people where id = $1', [id]);
  await waits(other);
  await one.query('commit');
  await gone;
  expect(await count('leads', id)).toBe(0);

  const second = await person();
  await other.query('begin');
  await other.query('delete from people where id = $1', [second]);
  const late = one.query(LEAD, [newId(), second]).catch((error: unknown) => error);
  await waits(one);
  await other.query('commit');
  expect(await late).toMatchObject({ code: '23503' });
  expect(await count('leads', second)).toBe(0);
});

/** Until the server says that this connection waits for a lock. */
async function waits(client: Client): Promise<void> {
  // pg knows its server process, its types do not
  const pid = Number(Reflect.get(client, 'processID'));
  await expect
    .poll(async () => {
      const rows = await queryAs<{ waiting: boolean }>(own.target, 'owner', `select cardinality(pg_blocking_pids(${pid})) > 0 as waiting`);
      return rows[0]?.waiting;
    })
    .toBe(true);
}

test('a company that goes takes all of it', async () => {
  const [gone, id] = [newId(), newId()];
  await queryAs(
    own.target,
    'owner',
    `insert into companies (id, name) values ('${gone}', 'Gone'); insert into people (id, company_id) values ('${id}', '${gone}');
     insert into leads (id, company_id, person_id) values ('${newId()}', '${gone}', '${id}'); delete from companies where id = '${gone}'`,
  );
  expect(await count('leads', id)).toBe(0);
  expect((await queryAs(own.target, 'owner', `select from people where id = '${id}'`)).length).toBe(0);
});

test('an id never changes', async () => {
  const id = await person();
  await expect(one.query('update people set id = $1 where id = $2', [newId(), id])).rejects.toMatchObject({ code: '23001' });
});

test('the catalogue lists all of them, and a look at every row finds one that points to nothing', async () => {
  const links = await queryAs<{ name: string }>(
    own.target,
    'owner',
    'select child, name, parent, on_delete from steward_links() order by name',
  );
  expect(links).toHaveLength(10);
  expect(links).toContainEqual({ child: 'leads', name: 'leads_person_id_fkey', parent: 'people', on_delete: 'cascade' });
  expect(links).toContainEqual({ child: 'people', name: 'people_organisation_id_fkey', parent: 'organisations', on_delete: 'set null' });
  await queryAs(own.target, 'owner', 'select steward_check_links()');
  const astray = `alter table leads disable trigger user; insert into leads (id, company_id, person_id) values ('${newId()}', '${company}', '${newId()}');
    alter table leads enable trigger user; select steward_check_links()`;
  await expect(queryAs(own.target, 'owner', astray)).rejects.toMatchObject({ code: '23503', constraint: 'leads_person_id_fkey' });
});
