import { afterAll, beforeAll, expect, test } from 'vitest';
import { createConnection } from '#modules/connections/operations.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { fakeVendor, type FakeVendor } from '#testing/fake-vendor.ts';
import { listMessages } from '../operations/messages.ts';
import { sendEmail } from '../operations/send.ts';
import { askOutcomes } from './outcomes.ts';

let app: TestApp;
let vendor: FakeVendor;
/** What the vendor says of each mail, by the id that it gave. */
const became = new Map<string, object>();
beforeAll(async () => {
  let count = 0;
  vendor = await fakeVendor(({ method, path }) => {
    if (method === 'POST') return { status: 200, body: { statusId: `sta-${(count += 1)}`, status: 'PENDING' } };
    const statusId = path.split('/').at(-1) ?? '';
    const known = became.get(statusId);
    return { status: 200, body: path.startsWith('/crm') ? { results: [] } : { statusId, status: 'PENDING', ...known } };
  });
  app = await testApp({ settings: { SENDING: 'launched' } });
});
afterAll(async () => {
  await app.close();
  await vendor.close();
});

test('what a vendor took and then did not send is told in the end; what it sent is not asked for again', async () => {
  const { admin: as } = await app.aCompany();
  const credentials = { access_token: 'pat-of-tests-1234567890', email_id: '4711', from_email: 'us@acme.test' };
  await app.call(createConnection, { connector: 'hubspot', credentials, baseUrl: vendor.url }, { as });
  for (const to of ['ann@example.test', 'bea@example.test']) {
    await app.call(sendEmail, { to, subject: 'Your order', text: 'Hello', class: 'transactional' }, { as });
    await app.drain();
  }
  const states = async () => {
    const { items } = await app.call(listMessages, { direction: 'outbound' }, { as });
    return items.filter(({ subject }) => subject === 'Your order').map(({ state, stateReason }) => [state, stateReason]);
  };
  expect(await askOutcomes(app.runtime)).toBe(0);
  expect(await states()).toEqual([['sent', null], ['sent', null]]); // prettier-ignore
  const ids = vendor.requests.flatMap(({ path }) => (path.includes('/send-statuses/') ? [path.split('/').at(-1) ?? ''] : []));
  became.set(ids[0] ?? '', { status: 'COMPLETE', sendResult: 'SENT' });
  became.set(ids[1] ?? '', { status: 'COMPLETE', sendResult: 'INVALID_TO_ADDRESS' });
  expect(await askOutcomes(app.runtime)).toBe(2);
  expect(await states()).toEqual([
    ['refused', 'Not sent by the vendor: HubSpot did not send it: INVALID_TO_ADDRESS'],
    ['sent', null],
  ]);
  const before = vendor.requests.length;
  expect(await askOutcomes(app.runtime)).toBe(0);
  expect(vendor.requests).toHaveLength(before);
});
