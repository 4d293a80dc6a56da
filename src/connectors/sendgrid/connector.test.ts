import { simpleParser } from 'mailparser';
import { expect, test } from 'vitest';
import { MaybeDone } from '#core/connector/errors.ts';
import { aMail, emailContract } from '#testing/email-contract.ts';
import { fakeVendor } from '#testing/fake-vendor.ts';
import sendgrid from './connector.ts';

const accepted = { status: 202, headers: { 'x-message-id': 'LRzXl_NHStOGhQ4kofSm_A' }, body: '' };

emailContract({
  connector: sendgrid,
  path: '/v3/mail/send',
  accepted,
  externalId: 'LRzXl_NHStOGhQ4kofSm_A',
  verify: {
    method: 'POST',
    path: '/v3/mail/send',
    answer: { status: 200, body: '' },
    says: 'the key may send, as us@acme.test',
    contractAnswer: { status: 202, body: '' },
  }, // sandbox mode answers 200
  refusal: (message) => ({ errors: [{ message, field: null, help: null }] }),
  keyed: false,
  headersOf: (body) => (body as { headers: unknown }).headers, // what body.ts makes
  planted: [
    ({ personalizations: _, ...body }) => body,
    (body) => ({ ...body, personalizations: [{}] }),
    (body) => ({ ...body, personalizations: [{ to: [{ name: 'Ann' }] }] }),
    (body) => ({ ...body, personalizations: { to: [] } }),
    (body) => ({ ...body, from: 'us@acme.test' }),
    (body) => ({ ...body, content: [{ type: 'text/plain' }] }),
    (body) => ({ ...body, content: [{ type: 'text/plain', value: '' }] }),
    (body) => ({ ...body, attachments: [{ filename: 'a.pdf' }] }),
    (body) => ({ ...body, tracking_settings: { click_tracking: { enable: 'no' } } }),
    (body) => ({ ...body, replyTo: { email: 'a@b.test' } }),
  ],
});

test('testing delivers to nobody: sandbox mode is on', async () => {
  const vendor = await fakeVendor(() => ({ status: 200, body: '' }));
  await sendgrid.verify(sendgrid.credentials.parse({ apiKey: 'key-of-tests-1234567890' }), { baseUrl: vendor.url });
  expect(vendor.requests).toMatchObject([{ body: { mail_settings: { sandbox_mode: { enable: true } } } }]);
  await vendor.close();
});

test('SendGrid’s own tracking and footer stay off; an answer without the mail’s id is in doubt', async () => {
  const vendor = await fakeVendor(() => ({ status: 202, body: '' }));
  const port = sendgrid.email?.(sendgrid.credentials.parse({ apiKey: 'key-of-tests-1234567890' }), { baseUrl: vendor.url });
  await expect(port?.send(aMail())).rejects.toThrow(MaybeDone);
  expect(vendor.requests).toMatchObject([
    {
      body: {
        tracking_settings: {
          click_tracking: { enable: false },
          open_tracking: { enable: false },
          subscription_tracking: { enable: false },
        },
      },
    },
  ]);
  await vendor.close();
});

test('a subuser in the EU is reached in the EU', () => {
  expect(sendgrid.baseUrl?.(sendgrid.credentials.parse({ apiKey: 'k', region: 'eu' }))).toBe('https://api.eu.sendgrid.com');
});

test('a mail in parts keeps what hung on it, in its order, whatever its name', async () => {
  const form = new FormData();
  form.set('headers', 'From: Ann <ann@example.test>\nTo: us@acme.test\nSubject: Papers\nContent-Type: multipart/mixed; boundary=y');
  form.set('text', 'Here they are');
  form.set('attachments', '2');
  form.set('attachment2', new File(['second'], 'b.txt', { type: 'text/plain' }));
  form.set('attachment1', new File([new Uint8Array([0, 1, 2, 255])], 'Größe "1".pdf', { type: 'application/pdf' }));
  const request = new Request('https://steward.test', { method: 'POST', body: form });
  const rawBody = new Uint8Array(await request.arrayBuffer());
  const headers = { 'content-type': request.headers.get('content-type') ?? '' };
  const credentials = sendgrid.credentials.parse({ apiKey: 'SG.key-of-tests' });
  const signed = { method: 'POST', url: 'https://steward.test', headers, rawBody };
  const [event] = (await sendgrid.webhooks?.['inbound']?.read(signed, credentials, { baseUrl: undefined })) ?? [];
  if (event?.kind !== 'mail') throw new Error('a mail came');
  const mail = await simpleParser(Buffer.from(event.raw));
  expect(mail.text?.trim()).toBe('Here they are');
  expect(mail.attachments.map(({ filename, contentType, content }) => [filename, contentType, [...content]])).toEqual([
    ['Größe "1".pdf', 'application/pdf', [0, 1, 2, 255]],
    ['b.txt', 'text/plain', [...Buffer.from('second')]],
  ]);
});
