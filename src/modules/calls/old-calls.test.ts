import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { newId } from '#core/ids.ts';
import { queryAs, testDatabase } from '#testing/database.ts';

/** Onboardings as they were before: the call stood on them. */
const BEFORE = `drop table calls; drop table call_kinds; drop table call_hosts;
  alter table onboardings add column call_at timestamptz, add column call_minutes integer not null default 30, add column call_place text not null default '',
    add column call_sequence integer not null default 0, add column call_cancelled_at timestamptz`;

test('calls of onboardings of before are calls, planned or called off, with their calendar names and numbers', async () => {
  await using database = await testDatabase();
  const owner = <Row extends object>(sql: string, values?: unknown[]) => queryAs<Row>(database.target, 'owner', sql, values);
  await owner(BEFORE);
  const [company, person, client] = [newId(), newId(), newId()];
  await owner(`insert into companies (id, name, settings) values ($1, 'Acme', '{"time_zone": "Europe/Berlin"}')`, [company]);
  await owner(`insert into people (id, company_id, full_name, email) values ($1, $2, 'Ann', 'ann@old.test')`, [person, company]);
  await owner(`insert into clients (id, company_id, person_id, status) values ($1, $2, $3, 'active')`, [client, company, person]);
  const began = async (call: readonly unknown[]) => {
    const id = newId();
    await owner(
      `insert into onboardings (id, company_id, client_id, name, started_on, state, call_at, call_minutes, call_place, call_sequence, call_cancelled_at)
       values ($1, $2, $3, 'Welcome', '2026-01-05', 'done', $4, $5, $6, $7, $8)`,
      [id, company, client, ...call],
    );
    return id;
  };
  const planned = await began(['2026-01-07T09:00:00Z', 45, 'https://meet.test/a', 3, null]);
  // Two at one time: whose they were, nobody had said.
  const off = await began(['2026-01-07T09:00:00Z', 30, '', 0, '2026-01-06T08:00:00Z']);
  await began([null, 30, '', 0, null]);
  await owner(await readFile(new URL('../../../migrations/0710_calls.sql', import.meta.url), 'utf8'));
  const calls = await owner<{ uid: string }>(
    `select uid, state, starts_at as "startsAt", ends_at as "endsAt", place, sequence, time_zone as zone, host_id as host, person_id as person, cancelled_at as "cancelledAt" from calls where company_id = $1`,
    [company],
  );
  const of = (id: string) => calls.find(({ uid }) => uid === `onboarding-${id}@steward`);
  expect(calls).toHaveLength(2);
  expect(of(planned)).toMatchObject({ state: 'planned', startsAt: new Date('2026-01-07T09:00:00Z'), endsAt: new Date('2026-01-07T09:45:00Z'), place: 'https://meet.test/a', sequence: 3, zone: 'Europe/Berlin', host: null, person, cancelledAt: null });
  expect(of(off)).toMatchObject({ state: 'cancelled', sequence: 1, cancelledAt: new Date('2026-01-06T08:00:00Z') });
  const left = await owner<{ name: string }>(`select column_name as name from information_schema.columns where table_name = 'onboardings' and column_name like 'call%'`);
  expect(left).toEqual([]);
  // Row-level security holds for what was moved, too.
  expect(await queryAs(database.target, 'app', 'select id from calls')).toEqual([]);
}); // prettier-ignore
