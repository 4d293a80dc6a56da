import { z } from 'zod';
import { connectorAction } from '#core/connector/action.ts';
import { connector } from '#core/connector/connector.ts';
import { CredentialsRejected, VendorRefused } from '#core/connector/errors.ts';
import { secret } from '#core/secrets.ts';
import { verifySlack } from '#core/connector/signatures/slack.ts';
import { BASE_URL, client, No, yes } from './api.ts';
import { readEvent, replyTo } from './events.ts';

const Credentials = z.object({
  token: secret().describe(
    'Bot token of your Slack app, it begins with xoxb-; scopes chat:write, and channels:history to look up lost answers',
  ),
  signingSecret: secret().optional().describe('Signing secret of the app (Basic Information), once Slack is to call Steward'),
});

const Yes = z.object({ ok: z.literal(true) });
const Who = z.union([Yes.extend({ team: z.string(), user: z.string() }), No]);
const Posted = z.union([Yes.extend({ channel: z.string(), ts: z.string() }), No]);
const History = z.union([
  Yes.extend({
    messages: z.array(z.object({ ts: z.string(), blocks: z.array(z.object({ block_id: z.string().optional() })).optional() })),
  }),
  No,
]);

/** A section holds so many characters, a message so many blocks. */
const SECTION = 3_000;
const MOST_SECTIONS = 14;

/** The text in sections; the first carries our mark, by which a message whose answer was lost is found again. */
function blocksOf(text: string, key: string) {
  const parts = Array.from({ length: Math.min(Math.ceil(text.length / SECTION), MOST_SECTIONS) }, (_, i) =>
    text.slice(i * SECTION, (i + 1) * SECTION),
  );
  return parts.map((part, i) => ({ type: 'section', text: { type: 'mrkdwn', text: part }, ...(i === 0 ? { block_id: markOf(key) } : {}) }));
}

/** 255 characters at most. */
const markOf = (key: string) => `steward/${key}`.slice(0, 255);

const PostInput = z.object({
  channel: z.string().trim().min(1).max(80).meta({ title: 'Channel' }).describe('Its ID (C0123456789), or #name of a public channel'),
  text: z.string().min(1).max(40_000).meta({ title: 'Text', format: 'liquid' }).describe('Slack’s mrkdwn: *bold*, <https://…|a link>'),
  threadTs: z.string().max(30).optional().meta({ title: 'Thread' }).describe('ts of a message: answers in its thread'),
});

/**
 * Slack: tells a channel. A message to a customer is none of its business.
 * @see https://docs.slack.dev/reference/methods/chat.postMessage
 */
export default connector({
  id: 'slack',
  title: 'Slack',
  credentials: Credentials,
  baseUrl: () => BASE_URL,
  // One message a second and channel; more for short.
  limit: () => ({ requests: 50, perMs: 60_000 }),
  async verify({ token }, options) {
    const call = { answer: Who, repeat: 'safe', ...(options.signal ? { signal: options.signal } : {}) } as const;
    const { team, user } = yes(await client(token, options).get('/auth.test', call), 'safe');
    return `${user} in ${team}`;
  },
  webhooks: {
    events: {
      title: 'What happens in Slack',
      hint: 'First enter the signing secret here. Then, in your Slack app: Event Subscriptions → on → Request URL: this address; Subscribe to bot events: app_mention, message.channels or others; reinstall the app. A workflow starts from “A connected service tells of something”.',
      verify: verifySlack,
      secrets: ({ signingSecret }) => (signingSecret === undefined ? [] : [signingSecret]),
      read: readEvent,
      replyTo,
    },
  },
  actions: {
    post_message: connectorAction(Credentials, {
      title: 'Post a message',
      description: 'Writes into a channel of your Slack',
      repeat: 'unsafe',
      input: PostInput,
      output: z.object({ channel: z.string(), ts: z.string() }),
      sample: { channel: 'C0000000000', ts: '1700000000.000100' },
      async run({ credentials, options, input, key }) {
        const body = {
          channel: input.channel,
          text: input.text,
          blocks: blocksOf(input.text, key),
          ...(input.threadTs === undefined ? {} : { thread_ts: input.threadTs }),
        };
        const call = { answer: Posted, ...(options.signal ? { signal: options.signal } : {}) };
        const { channel, ts } = yes(await client(credentials.token, options).post('/chat.postMessage', body, call), 'unsafe');
        return { channel, ts };
      },
      async find({ credentials, options, input, key, since }) {
        // History goes by id, and shows no answers in threads.
        if (!/^[CGD][A-Z0-9]{6,}$/.test(input.channel) || input.threadTs !== undefined) return 'unknown';
        const query = { channel: input.channel, oldest: String(Math.floor(since.getTime() / 1_000) - 60), limit: 200 };
        const call = { answer: History, query, ...(options.signal ? { signal: options.signal } : {}) };
        try {
          const { messages } = yes(await client(credentials.token, options).get('/conversations.history', call), 'safe');
          const found = messages.find(({ blocks }) => blocks?.some(({ block_id: id }) => id === markOf(key)) === true);
          return found === undefined ? 'unknown' : { channel: input.channel, ts: found.ts };
        } catch (error) {
          // The app may post there, and may not read.
          if (error instanceof CredentialsRejected || error instanceof VendorRefused) return 'unknown';
          throw error;
        }
      },
    }),
  },
});
