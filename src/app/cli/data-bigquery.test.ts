import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Facts } from '#core/engine/types.ts';
import type { Transport } from '#core/operation/cli.ts';
import { Secret } from '#core/secrets.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { callByName } from '#testing/by-name.ts';
import { queryAs } from '#testing/database.ts';
import { fakeBigQuery, type FakeBigQuery } from '#testing/vendors/bigquery.ts';
import { openBigQuery } from '../warehouse-bigquery.ts';
import { exportToBigQuery } from './data-bigquery.ts';

let app: TestApp;
let vendor: FakeBigQuery;
let transport: Transport;
beforeAll(async () => {
  app = await testApp();
  vendor = await fakeBigQuery();
  const headers = { authorization: 'Bearer operator-token-of-tests', 'x-steward-company': app.company.companyId };
  transport = {
    async request({ method, path, body }) {
      const payload =
        body === undefined ? {} : { payload: JSON.stringify(body), headers: { ...headers, 'content-type': 'application/json' } };
      const answer = await app.http.inject({ method: method === 'POST' ? 'POST' : 'GET', url: path, headers, ...payload });
      return { status: answer.statusCode, body: answer.json() };
    },
    async download(path) {
      return (await app.http.inject({ method: 'GET', url: path, headers, payloadAsStream: true })).stream();
    },
    close: async () => undefined,
  };
});
afterAll(async () => {
  await app.close();
  await vendor.close();
});

const token = new Secret('token');
const load = (full = false) => {
  const tokens = { current: () => Promise.resolve(token), renew: () => Promise.resolve(token) };
  const warehouse = openBigQuery({ project: 'demo', dataset: 'crm', baseUrl: vendor.url, tokens, lookMs: 1 });
  return exportToBigQuery(transport, warehouse, { kinds: ['people', 'consent'], full, progress: () => undefined });
};
const aLead = (name: string) =>
  callByName(app, 'leads.create', { name, email: `${name.toLowerCase()}@warehouse.test`, enrol: false } satisfies Facts, app.company.admin);
const people = () => vendor.tables.get('people')?.map((row) => row['name']);

test('the first time everything is loaded, partitioned by day; then what changed, merged by id; said twice it is the same', async () => {
  await aLead('Ann');
  await aLead('Bob');
  expect(await load()).toMatchObject([{ what: 'people', rows: 2, since: null }, { what: 'consent' }]);
  expect(vendor.jobs[0]).toEqual({ table: 'people', partition: 'created_at', rows: 2 });
  expect(vendor.tables.get('people')?.[0]).toMatchObject({ name: 'Ann', opted_out: false, created_at: app.clock.now() });

  app.clock.advance({ hours: 1 });
  await aLead('Cem');
  await queryAs(app.target, 'owner', `update people set full_name = 'Anna', updated_at = $1 where full_name = 'Ann'`, [app.clock.now()]);
  const since = new Date(app.clock.now().getTime() - 3_600_000 - 600_000).toISOString();
  expect((await load())[0]).toEqual({ what: 'people', table: 'people', rows: 3, since });
  expect(people()?.toSorted()).toEqual(['Anna', 'Bob', 'Cem']);
  // Bob is ten minutes and more behind by now.
  expect((await load())[0]).toMatchObject({ rows: 2 });
  expect(people()?.toSorted()).toEqual(['Anna', 'Bob', 'Cem']);
  expect(vendor.faults() ?? []).toEqual([]);
});

test('an own field that is new loads everything again, and so does --full, which drops what was deleted', async () => {
  await callByName(app, 'custom_fields.create', { label: 'Shoe size', type: 'number' } satisfies Facts, app.company.admin);
  expect((await load())[0]).toMatchObject({ rows: 3, since: null });
  expect(Object.keys(vendor.tables.get('people')?.[0] ?? {})).toContain('custom_shoe_size');
  await queryAs(app.target, 'owner', `delete from people where full_name = 'Bob'`);
  await load();
  expect(people()).toContain('Bob');
  await load(true);
  expect(people()?.toSorted()).toEqual(['Anna', 'Cem']);
});

test('an answer that was lost is told as such, and the same command again makes it good', async () => {
  vendor.loseAnswers(1);
  await expect(load(true)).rejects.toThrow('say it again');
  await load();
  expect(people()?.toSorted()).toEqual(['Anna', 'Cem']);
});
