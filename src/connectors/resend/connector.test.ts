import { expect, test } from 'vitest';
import { MaybeDone } from '#core/connector/errors.ts';
import { actionContract } from '#testing/action-contract.ts';
import { aMail, emailContract } from '#testing/email-contract.ts';
import { fakeVendor } from '#testing/fake-vendor.ts';
import resend from './connector.ts';

const domain = { id: 'd1', name: 'acme.test', status: 'verified', created_at: '2026-04-26 20:21:26.347412+00', region: 'eu-west-1' };

emailContract({
  connector: resend,
  path: '/emails',
  accepted: { status: 200, body: { id: '4ef9a417-02e9-4d39-ad75-9611e0fcc33c' } },
  externalId: '4ef9a417-02e9-4d39-ad75-9611e0fcc33c',
  verify: {
    method: 'GET',
    path: '/domains',
    answer: { status: 200, body: { object: 'list', has_more: false, data: [domain, { ...domain, name: 'new.test', status: 'pending' }] } },
    says: 'sends for acme.test',
  },
  refusal: (message) => ({ statusCode: 400, name: 'validation_error', message }),
  keyed: true,
  headersOf: (body) => (body as { headers: unknown }).headers, // what body.ts makes
  planted: [
    ({ to: _, ...body }) => body,
    ({ subject: _, ...body }) => body,
    (body) => ({ ...body, to: [] }),
    (body) => ({ ...body, to: { email: 'ann@example.test' } }),
    (body) => ({ ...body, from: { email: 'us@acme.test' } }),
    (body) => ({ ...body, replyTo: 'a@b.test' }),
    (body) => ({ ...body, html: ['<p>'] }),
    (body) => ({ ...body, attachments: 'a.pdf' }),
    (body) => ({ ...body, tags: 'welcome' }),
  ],
});

const ARRIVED = '550e8400-e29b-41d4-a716-446655440000';
actionContract({
  vendor: 'resend',
  secret: 'key-of-tests-1234567890',
  refusal: (message) => ({ statusCode: 400, name: 'validation_error', message }),
  actions: [
    {
      name: 'fetch what arrived',
      repeat: 'safe',
      run: (options) => {
        const event = { type: 'email.received', created_at: '2026-06-02T08:00:00Z', data: { email_id: ARRIVED } };
        const request = {
          method: 'POST',
          url: 'https://steward.test',
          headers: { 'svix-id': 'msg_1' },
          rawBody: Buffer.from(JSON.stringify(event)),
        };
        const read = resend.webhooks?.['events']?.read(request, resend.credentials.parse({ apiKey: 'key-of-tests-1234567890' }), options);
        return read ?? Promise.reject(new Error('Resend takes mail in'));
      },
      good: () => ({
        status: 200,
        body: {
          id: ARRIVED,
          from: 'Ann <ann@example.test>',
          to: ['us@acme.test'],
          subject: 'Hello',
          text: 'Hello',
          created_at: '2026-06-02T08:00:00Z',
        },
      }),
    },
  ],
});

const open = (baseUrl: string) => {
  const credentials = resend.credentials.parse({ apiKey: 'key-of-tests-1234567890' });
  const port = resend.email?.(credentials, { baseUrl });
  if (port === undefined) throw new Error('Resend sends mail');
  return { credentials, port };
};

test('a key that may only send is good enough', async () => {
  const vendor = await fakeVendor(() => ({
    status: 401,
    body: { name: 'restricted_api_key', message: 'This API key is restricted to only send emails' },
  }));
  expect(await resend.verify(open(vendor.url).credentials, { baseUrl: vendor.url })).toBe('the key works, for sending only');
  await vendor.close();
});

test('a first try that is still under way is waited for; the same key with other words is in doubt', async () => {
  const accepted = { status: 200, body: { id: 'one' } };
  let calls = 0;
  const vendor = await fakeVendor(() =>
    calls++ === 0 ? { status: 409, body: { name: 'concurrent_idempotent_requests', message: 'in progress' } } : accepted,
  );
  const { port } = open(vendor.url);
  expect(await port.send(aMail())).toMatchObject({ externalId: 'one' });
  vendor.answer(() => ({ status: 409, body: { name: 'invalid_idempotent_request', message: 'Same key, other payload' } }));
  await expect(port.send(aMail())).rejects.toThrow(MaybeDone);
  await vendor.close();
});

test('the key is the Message-ID, and the same mail is the same request whatever the hour', async () => {
  const vendor = await fakeVendor(() => ({ status: 200, body: { id: 'one' } }));
  const { port } = open(vendor.url);
  const mail = aMail({ messageId: '<abc@acme.test>' });
  await port.send(mail);
  await port.send({ ...mail, date: new Date('2026-11-03T09:00:00Z') });
  const [first, second] = vendor.requests;
  expect(first?.headers['idempotency-key']).toBe('abc@acme.test');
  expect(second?.headers['idempotency-key']).toBe('abc@acme.test');
  expect(second?.body).toEqual(first?.body);
  await vendor.close();
});

const created = '2026-06-02T08:00:00Z';
const received = (fields: object) => ({ id: 'in-1', from: 'Ann <ann@example.test>', to: ['us@acme.test'], created_at: created, ...fields });
const told = (url: string) => {
  const request = { method: 'POST', url: 'https://steward.test', headers: { 'svix-id': 'msg_1' } };
  const rawBody = Buffer.from(JSON.stringify({ type: 'email.received', created_at: created, data: { email_id: 'in-1' } }));
  return resend.webhooks?.['events']?.read({ ...request, rawBody }, open(url).credentials, { baseUrl: url });
};
const rawOf = async (url: string) => {
  const [event] = (await told(url)) ?? [];
  if (event?.kind !== 'mail') throw new Error('a mail came');
  return Buffer.from(event.raw).toString();
};

test('a mail that arrived comes whole, with what hangs on it, and without our key; when it is gone, its text comes', async () => {
  const whole = 'From: ann@example.test\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nHello\r\n--x--\r\n';
  const vendor = await fakeVendor(({ path }) => {
    if (path === '/raw/in-1') return { status: 200, body: whole };
    return { status: 200, body: received({ text: 'Hello', raw: { download_url: `${vendor.url}/raw/in-1`, expires_at: created } }) };
  });
  expect(await rawOf(vendor.url)).toBe(whole);
  expect(vendor.requests.map(({ path, headers }) => [path, headers['authorization']])).toEqual([
    ['/emails/receiving/in-1', 'Bearer key-of-tests-1234567890'],
    ['/raw/in-1', undefined],
  ]);
  const gone = await fakeVendor(({ path }) =>
    path === '/raw/in-1'
      ? { status: 403, body: 'expired' }
      : { status: 200, body: received({ text: 'Hello', raw: { download_url: `${gone.url}/raw/in-1`, expires_at: created } }) },
  );
  expect(await rawOf(gone.url)).toContain(Buffer.from('Hello').toString('base64'));
  await Promise.all([vendor.close(), gone.close()]);
});

test('no answer of the vendor leads into our own network: another port is another house', async () => {
  const inside = await fakeVendor(() => ({ status: 200, body: 'secret of the house' }));
  const vendor = await fakeVendor(() => ({
    status: 200,
    body: received({ text: 'Hi', raw: { download_url: `${inside.url}/x`, expires_at: created } }),
  }));
  expect(await rawOf(vendor.url)).not.toContain('secret of the house');
  expect(inside.requests).toEqual([]);
  await Promise.all([vendor.close(), inside.close()]);
});
