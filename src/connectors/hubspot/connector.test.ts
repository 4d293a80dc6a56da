import { expect, test } from 'vitest';
import { MaybeDone, VendorRefused, VendorUnavailable } from '#core/connector/errors.ts';
import type { ConnectorOptions } from '#core/connector/types.ts';
import { actionContract, withBody, withQuery } from '#testing/action-contract.ts';
import { aMail } from '#testing/email-contract.ts';
import { fakeVendor } from '#testing/fake-vendor.ts';
import hubspot from './connector.ts';

const TOKEN = 'pat-eu1-token-of-tests';
const credentials = hubspot.credentials.parse({ accessToken: TOKEN, emailId: '4711', fromEmail: 'us@acme.test' });
const send = async (options: ConnectorOptions, mail = aMail()) => hubspot.email?.(credentials, options).send(mail);
const taken = { statusId: 'sta-1', status: 'PENDING', requestedAt: '2026-06-02T08:00:00Z' };

actionContract({
  vendor: 'hubspot',
  secret: TOKEN,
  refusal: (message) => ({ status: 'error', category: 'VALIDATION_ERROR', correlationId: 'c', message }),
  actions: [
    {
      name: 'single send',
      repeat: 'unsafe',
      run: (options) => send(options),
      good: () => ({ status: 200, body: taken }),
      planted: [
        withBody(({ emailId: _, ...body }) => body),
        withBody(({ message: _, ...body }) => body),
        withBody((body) => ({ ...body, emailId: '4711' })),
        withBody((body) => ({ ...body, message: { from: 'us@acme.test' } })),
        withBody((body) => ({ ...body, message: { to: ['ann@example.test'] } })),
        withBody((body) => ({ ...body, message: { to: 'ann@example.test', reply_to: 'x' } })),
        withBody((body) => ({ ...body, contactProperties: { firstname: 7 } })),
      ],
    },
    {
      name: 'verify',
      repeat: 'safe',
      run: (options) => hubspot.verify(credentials, options),
      good: () => ({ status: 200, body: { results: [] } }),
      planted: [withQuery('limit', 'one'), withQuery('max', '1')],
    },
  ],
});

test.each([
  ['SENT', null],
  ['IDEMPOTENT_IGNORE', null],
  ['THROTTLED', VendorUnavailable],
  ['IDEMPOTENT_FAIL', MaybeDone],
  ['PREVIOUSLY_BOUNCED', VendorRefused],
  ['INVALID_TO_ADDRESS', VendorRefused],
])('%s means what it says', async (sendResult, expected) => {
  const vendor = await fakeVendor(() => ({ status: 200, body: { ...taken, status: 'COMPLETE', sendResult } }));
  const sent = send({ baseUrl: vendor.url });
  if (expected === null) expect(await sent).toMatchObject({ externalId: 'sta-1' });
  else await expect(sent).rejects.toBeInstanceOf(expected);
  await vendor.close();
});

test('the Message-ID makes it one, and no line break adds a recipient', async () => {
  const vendor = await fakeVendor(() => ({ status: 200, body: taken }));
  await send({ baseUrl: vendor.url }, aMail({ messageId: '<abc@acme.test>', subject: 'a\r\nBcc: x@y.test' }));
  expect(vendor.requests[0]?.body).toMatchObject({
    message: { sendId: 'abc@acme.test' },
    customProperties: { subject: 'a Bcc: x@y.test' },
  });
  await vendor.close();
});

test.each([
  [{ status: 'PENDING' }, null],
  [{ status: 'PROCESSING', sendResult: 'QUEUED' }, null],
  [{ status: 'COMPLETE', sendResult: 'QUEUED' }, null],
  [
    { status: 'COMPLETE', sendResult: 'SENT', completedAt: '2026-06-02T08:00:09Z' },
    { what: 'sent', at: new Date('2026-06-02T08:00:09Z') },
  ],
  [
    { status: 'COMPLETE', sendResult: 'PREVIOUSLY_BOUNCED' },
    { what: 'refused', reason: 'HubSpot did not send it: PREVIOUSLY_BOUNCED' },
  ],
  [{ status: 'CANCELED' }, { what: 'refused', reason: 'HubSpot did not send it: CANCELED' }],
])('asked later, %o is told', async (told, expected) => {
  const vendor = await fakeVendor(() => ({ status: 200, body: { ...taken, ...told } }));
  const outcome = await hubspot.outcome?.(credentials, { baseUrl: vendor.url }, 'sta/1');
  if (expected === null) expect(outcome).toBeNull();
  else expect(outcome).toMatchObject(expected);
  expect(vendor.requests).toMatchObject([{ method: 'GET', path: '/marketing/v3/email/send-statuses/sta%2F1' }]);
  await vendor.close();
});
