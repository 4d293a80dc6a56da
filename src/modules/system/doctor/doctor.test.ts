import { afterAll, beforeAll, expect, test } from 'vitest';
import { testApp, type TestApp } from '#testing/app.ts';
import { queryAs } from '#testing/database.ts';
import { examine } from './examine.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());

const found = async (check: string) => (await examine(app.runtime)).find((one) => one.check === check);

test('says what is well, and the next step where something is not', async () => {
  const all = await examine(app.runtime);
  expect(all.filter(({ state }) => state !== 'ok').every(({ next }) => next !== null)).toBe(true);
  const states = Object.fromEntries(all.map(({ check, state }) => [check, state]));
  expect(states).toMatchObject({ database: 'ok', roles: 'ok', walls: 'ok', migrations: 'ok', key: 'ok', time_zones: 'ok', workers: 'bad' });
  await app.drain();
  expect(await found('workers')).toMatchObject({ state: 'ok' });
});

test('finds a table whose wall between companies is gone, a run that hangs, a connection whose key is gone', async () => {
  await queryAs(app.target, 'owner', 'alter table tags disable row level security');
  expect(await found('walls')).toMatchObject({ state: 'bad', says: expect.stringContaining('tags') });
  await queryAs(app.target, 'owner', 'alter table tags enable row level security');
  expect(await found('walls')).toMatchObject({ state: 'ok' });
  await queryAs(
    app.target,
    'system',
    `insert into connections (id, company_id, connector, title, sealed_credentials, origin) values (gen_random_uuid(), '${app.company.companyId}', 'smtp', 'Post', 'v1.other.a.b.c', 'person')`,
  );
  expect(await found('connections')).toMatchObject({ state: 'bad', says: expect.stringContaining('Post') });
  await app.runtime.standing.hold('Ada', '');
  expect(await found('held')).toMatchObject({ state: 'warn' });
});
