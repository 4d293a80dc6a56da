import { afterAll, beforeAll, expect, test } from 'vitest';
import { withoutPeople } from '#core/connector/request-log.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { fakeVendor, type FakeVendor, type VendorAnswer } from '#testing/fake-vendor.ts';
import { createConnection, testConnection } from './operations.ts';
import { listRequests } from './operations/requests.ts';
import { KEPT_REQUESTS, logFor } from './request-log.ts';

let app: TestApp;
let vendor: FakeVendor;
let answer: VendorAnswer = { status: 200, body: { data: [] } };
beforeAll(async () => {
  vendor = await fakeVendor(() => answer);
  app = await testApp();
});
afterAll(async () => {
  await app.close();
  await vendor.close();
});

const KEY = 're_key-of-tests-12345';
async function connected() {
  const { admin: as } = await app.aCompany();
  const { id } = await app.call(createConnection, { connector: 'resend', credentials: { api_key: KEY }, baseUrl: vendor.url }, { as });
  const noted = async () => (await app.call(listRequests, { connectionId: id }, { as })).items;
  return { as, id, noted };
}

test('each request is noted with what came of it; keys and people are not', async () => {
  const { as, id, noted } = await connected();
  await app.call(testConnection, { connectionId: id }, { as });
  answer = { status: 422, body: { message: `no, ann@example.test may not use ${KEY}` } };
  await app.call(testConnection, { connectionId: id }, { as });
  const [second, first] = await noted();
  expect(first).toMatchObject({ method: 'GET', path: '/domains', status: 200, error: null });
  expect(second).toMatchObject({ status: 422, error: expect.stringContaining('no, [address] may not use [secret]') });
});

test('another company sees none of it, and no more than the last are kept', async () => {
  const { id, noted } = await connected();
  const log = logFor(app.runtime, id);
  for (let i = 0; i < KEPT_REQUESTS + 50; i++) {
    log.note({ method: 'GET', path: `/${i}`, status: 200, ms: i, error: null });
    if (i === KEPT_REQUESTS - 20) await noted();
  }
  const items = await noted();
  expect(items).toHaveLength(KEPT_REQUESTS);
  expect(items.map(({ path }) => path)).toContain(`/${KEPT_REQUESTS + 49}`);
  const other = await app.aCompany();
  await expect(app.call(listRequests, { connectionId: id }, { as: other.admin })).rejects.toMatchObject({ status: 404 });
});

test('addresses and numbers leave a path, however they are written', () => {
  expect(withoutPeople('/v3/people/ann%40example.test/mails')).toBe('/v3/people/[address]/mails');
  expect(withoutPeople('no such user ann.lee+x@example.test (+4915112345678)')).toBe('no such user [address] ([number])');
  expect(withoutPeople('/2010-04-01/Accounts/AC0123/Messages.json')).toBe('/2010-04-01/Accounts/AC0123/Messages.json');
});
