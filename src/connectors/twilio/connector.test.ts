import { afterEach, expect, test } from 'vitest';
import { CredentialsRejected, VendorRefused } from '#core/connector/errors.ts';
import type { ConnectorOptions } from '#core/connector/types.ts';
import { OptedOutAtVendor } from '#core/ports/sms.ts';
import { actionContract, withBody, withQuery } from '#testing/action-contract.ts';
import { fakeVendor } from '#testing/fake-vendor.ts';
import { ACCOUNT, fakeTwilio, looseEnds, type FakeTwilio, type TwilioOptions } from '#testing/vendors/twilio.ts';
import twilio from './connector.ts';

const TOKEN = 'auth-token-of-tests';
const form = { accountSid: ACCOUNT, authToken: TOKEN, from: '+14155550100' };
const credentials = twilio.credentials.parse(form);
const since = new Date('2026-06-02T08:00:00Z');
const sms = { to: '+4915112345678', text: 'Grüße 👋 & more', statusUrl: null };
const port = (options: ConnectorOptions) => {
  const made = twilio.sms?.(credentials, options);
  if (made?.find === undefined) throw new Error('Twilio sends SMS and can be asked');
  return { send: made.send, find: made.find };
};
const message = {
  sid: `SM${'a'.repeat(32)}`,
  to: sms.to,
  from: form.from,
  body: sms.text,
  direction: 'outbound-api',
  status: 'queued',
  date_created: since.toUTCString(),
};

actionContract({
  vendor: 'twilio',
  secret: TOKEN,
  refusal: (said) => ({ code: 21_211, message: said, status: 400 }),
  also: looseEnds,
  actions: [
    {
      name: 'send',
      repeat: 'unsafe',
      run: (options) => port(options).send({ ...sms, statusUrl: 'https://steward.acme.test/vendors/x/status?m=abc' }),
      good: () => ({ status: 201, body: message }),
      planted: [
        withBody(({ To: _, ...body }) => body),
        withBody(({ From: _, ...body }) => body),
        withBody(({ Body: _, ...body }) => body),
        withBody((body) => ({ ...body, to: '+49' })),
        withBody((body) => ({ ...body, MessagingServiceSid: 'MG1' })),
        withBody((body) => ({ ...body, ValidityPeriod: 'long' })),
        (request) => ({ ...request, headers: { ...request.headers, 'content-type': 'application/json' } }),
        (request) => ({ ...request, path: request.path.replace(ACCOUNT, 'AC1') }),
      ],
    },
    {
      name: 'find',
      repeat: 'safe',
      run: (options) => port(options).find(sms, since, new Set()),
      good: () => ({ status: 200, body: { messages: [message], next_page_uri: null, page: 0 } }),
      planted: [withQuery('PageSize', 'many'), withQuery('to', '+49')],
    },
    {
      name: 'verify',
      repeat: 'safe',
      run: (options) => twilio.verify(credentials, options),
      good: () => ({ status: 200, body: { sid: ACCOUNT, status: 'active', friendly_name: 'Acme' } }),
    },
  ],
});

let vendor: FakeTwilio | undefined;
afterEach(async () => {
  await vendor?.close();
  vendor = undefined;
});
async function opened(fate?: NonNullable<TwilioOptions['fate']>) {
  vendor = await fakeTwilio({ now: () => since, ...(fate === undefined ? {} : { fate }) });
  return { vendor, ...port({ baseUrl: vendor.url }) };
}

test('what was lost on the way is found in the list, once for each; what was before is not it', async () => {
  const { vendor: box, send, find } = await opened(() => 'lost_after');
  for (let times = 0; times < 2; times++) await expect(send(sms)).rejects.toMatchObject({ code: 'maybe_done' });
  const first = await find(sms, since, new Set());
  const second = await find(sms, since, new Set([first?.externalId ?? '']));
  expect(new Set([first?.externalId, second?.externalId])).toEqual(new Set(box.taken.map(({ sid }) => sid)));
  expect(box.taken).toHaveLength(2);
  expect(await find(sms, new Date(since.getTime() + 60_000), new Set())).toBeNull();
  expect(box.faults).toEqual([]);
});

test('a number that wrote STOP to Twilio is known as such; another no is only a no', async () => {
  const { send } = await opened(({ to }) => (to === sms.to ? 21_610 : 21_211));
  await expect(send(sms)).rejects.toBeInstanceOf(OptedOutAtVendor);
  const other: unknown = await send({ ...sms, to: '+15005550001' }).catch((error: unknown) => error);
  expect(other).toBeInstanceOf(VendorRefused);
  expect(other).not.toBeInstanceOf(OptedOutAtVendor);
});

test('an account that is suspended is no good; a messaging service sends in the place of a number', async () => {
  const suspended = await fakeVendor(() => ({ status: 200, body: { sid: ACCOUNT, status: 'suspended' } }));
  await expect(twilio.verify(credentials, { baseUrl: suspended.url })).rejects.toBeInstanceOf(CredentialsRejected);
  await suspended.close();
  const { vendor: box } = await opened();
  const service = twilio.credentials.parse({ ...form, from: `MG${'b'.repeat(32)}` });
  await twilio.sms?.(service, { baseUrl: box.url }).send(sms);
  expect(box.requests[0]?.body).toEqual({ To: sms.to, Body: sms.text, MessagingServiceSid: `MG${'b'.repeat(32)}` });
});
