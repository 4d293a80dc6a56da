import { expect, test } from 'vitest';
import { CredentialsRejected, MaybeDone, VendorRefused, VendorUnavailable } from '#core/connector/errors.ts';
import type { ConnectorOptions } from '#core/connector/types.ts';
import { actionContract, withBody, withQuery } from '#testing/action-contract.ts';
import { fakeVendor } from '#testing/fake-vendor.ts';
import slack from './connector.ts';

const TOKEN = 'xoxb-token-of-tests';
const credentials = slack.credentials.parse({ token: TOKEN });
const action = slack.actions?.['post_message'];
const call = (options: ConnectorOptions, input: object = {}) => ({
  credentials,
  options,
  input: { channel: 'C0123456789', text: 'A lead: *Ann*', ...input },
  key: 'run-1/step-1',
  since: new Date('2026-06-02T08:00:00Z'),
});
const run = (options: ConnectorOptions, input?: object) => action?.run(call(options, input)) ?? Promise.reject(new Error('no action'));
const find = (options: ConnectorOptions, input?: object) => action?.find?.(call(options, input)) ?? Promise.reject(new Error('no look-up'));

const message = { type: 'message', text: 'A lead: *Ann*', ts: '1780387200.000100', user: 'U0123456789', team: 'T01234567' };
const posted = { ok: true, channel: 'C0123456789', ts: '1780387200.000100', message };
const history = (messages: object[]) => ({
  ok: true,
  messages,
  has_more: false,
  pin_count: 0,
  channel_actions_ts: null,
  channel_actions_count: 0,
});

actionContract({
  vendor: 'slack',
  secret: TOKEN,
  refusal: (message) => ({ ok: false, error: message }),
  also: ({ path, body }) => {
    const { text, blocks }: { text?: unknown; blocks?: unknown } = Object(body);
    // Slack wants one of them; the contract has neither as required.
    return path === '/chat.postMessage' && (typeof text !== 'string' || text === '' || !Array.isArray(blocks)) ? ['no text'] : [];
  },
  actions: [
    {
      name: 'post_message',
      repeat: 'unsafe',
      run: (options) => run(options, { threadTs: '1780387100.000100' }),
      good: () => ({ status: 200, body: posted }),
      planted: [
        withBody(({ channel: _, ...body }) => body),
        withBody(({ text: _, ...body }) => body),
        withBody((body) => ({ ...body, channel: 7 })),
        withBody((body) => ({ ...body, thread: 'x' })),
        withBody((body) => ({ ...body, mrkdwn: 'yes' })),
      ],
    },
    {
      name: 'verify',
      repeat: 'safe',
      run: (options) => slack.verify(credentials, options),
      good: () => ({
        status: 200,
        body: { ok: true, url: 'https://acme.slack.com/', team: 'Acme', user: 'steward', team_id: 'T01234567', user_id: 'U01234567' },
      }),
    },
    {
      name: 'find',
      repeat: 'safe',
      run: (options) => find(options),
      // The app may post and not read: nobody knows.
      means: {
        400: 'answers',
        401: 'answers',
        403: 'answers',
        404: 'answers',
        409: 'answers',
        413: 'answers',
        422: 'answers',
        302: 'answers',
      },
      good: () => ({ status: 200, body: history([message]) }),
      planted: [withQuery('limit', 'many'), withQuery('chanel', 'C1'), withQuery('oldest', 'yesterday')],
    },
  ],
});

async function answering(body: unknown) {
  const vendor = await fakeVendor(() => ({ status: 200, body }));
  return { vendor, options: { baseUrl: vendor.url } };
}

test.each([
  ['invalid_auth', CredentialsRejected],
  ['missing_scope', CredentialsRejected],
  ['channel_not_found', VendorRefused],
  ['not_in_channel', VendorRefused],
  ['msg_too_long', VendorRefused],
  ['ratelimited', VendorUnavailable],
  ['internal_error', MaybeDone],
])('its no with status 200, %s, has its own error', async (error, expected) => {
  const { vendor, options } = await answering({ ok: false, error });
  await expect(run(options)).rejects.toBeInstanceOf(expected);
  await vendor.close();
});

test('a message is found again by our mark, and by nothing else', async () => {
  const { vendor, options } = await answering(posted);
  expect(await run(options, { text: 'x'.repeat(7_000) })).toEqual({ channel: 'C0123456789', ts: '1780387200.000100' });
  const { blocks } = Object(vendor.requests[0]?.body) as { blocks: { block_id?: string; text: { text: string } }[] }; // what was sent
  expect(blocks.map(({ text }) => text.text.length)).toEqual([3_000, 3_000, 1_000]);
  vendor.answer(() => ({
    status: 200,
    body: history([
      { ...message, blocks: [{ block_id: 'other' }] },
      { ...message, ts: '2.2', blocks },
    ]),
  }));
  expect(await find(options)).toEqual({ channel: 'C0123456789', ts: '2.2' });
  vendor.answer(() => ({ status: 200, body: history([message]) }));
  expect(await find(options)).toBe('unknown');
  expect(await find(options, { channel: '#sales' })).toBe('unknown');
  await vendor.close();
});
