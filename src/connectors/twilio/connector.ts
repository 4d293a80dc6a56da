import { z } from 'zod';
import { connector } from '#core/connector/connector.ts';
import { CredentialsRejected } from '#core/connector/errors.ts';
import { vendorHttp, type VendorHttp } from '#core/connector/http.ts';
import { verifyTwilio } from '#core/connector/signatures/twilio.ts';
import type { ConnectorOptions } from '#core/connector/types.ts';
import { secret } from '#core/secrets.ts';
import { readInbound, readStatus } from './events.ts';
import { findSms } from './find.ts';
import { OptedOutAtVendor } from '#core/ports/sms.ts';
import { Account, Created, Fault } from './shapes.ts';

const Credentials = z.object({
  accountSid: z
    .string()
    .trim()
    .regex(/^AC[0-9a-fA-F]{32}$/, 'Begins with AC, 34 characters')
    .describe('Account SID, on the first page of the Twilio console'),
  authToken: secret().describe('Auth token beside it; Twilio signs its webhooks with it, too'),
  from: z
    .string()
    .trim()
    .regex(/^(\+[1-9]\d{6,14}|MG[0-9a-fA-F]{32})$/, 'A number such as +14155550100, or a messaging service (MG…)')
    .describe('Number that messages come from (+14155550100), or a messaging service (MG…)'),
});
type Credentials = z.output<typeof Credentials>;

const BASE_URL = 'https://api.twilio.com';
/** What Twilio hears from us: no answer by message. @see https://www.twilio.com/docs/messaging/twiml */
const NO_ANSWER = { contentType: 'text/xml', body: '<?xml version="1.0" encoding="UTF-8"?><Response></Response>' };

function client({ accountSid, authToken }: Credentials, { baseUrl, turn, log }: ConnectorOptions): VendorHttp {
  const pair = Buffer.from(`${accountSid}:${authToken.reveal()}`).toString('base64');
  return vendorHttp({
    vendor: 'Twilio',
    baseUrl: baseUrl ?? BASE_URL,
    headers: { authorization: `Basic ${pair}` },
    secrets: [authToken.reveal()],
    timeoutMs: 30_000,
    turn,
    log,
    refusal(_status, body, says) {
      // The carrier's list of those who wrote STOP. @see https://www.twilio.com/docs/api/errors/21610
      return Fault.safeParse(body).data?.code === 21_610
        ? new OptedOutAtVendor(`Twilio lets nothing through to this number: ${says}`)
        : undefined;
    },
  });
}

/**
 * Twilio: text messages out and in. It takes no idempotency key; a lost answer is looked for in its list of messages.
 * @see https://www.twilio.com/docs/messaging/api/message-resource
 */
export default connector({
  id: 'twilio',
  title: 'SMS by Twilio',
  credentials: Credentials,
  baseUrl: () => BASE_URL,
  // Twilio queues what is above a number's own rate; this is for its API.
  limit: () => ({ requests: 50, perMs: 1_000 }),
  async verify(credentials, options) {
    const call = { answer: Account, ...(options.signal ? { signal: options.signal } : {}) };
    const { status, friendly_name: name } = await client(credentials, options).get(
      `/2010-04-01/Accounts/${credentials.accountSid}.json`,
      call,
    );
    if (status !== 'active') throw new CredentialsRejected(`The Twilio account ${name ?? credentials.accountSid} is ${status}`);
    return `${name ?? credentials.accountSid}, sends as ${credentials.from}`;
  },
  sms(credentials, options) {
    const http = client(credentials, options);
    const path = `/2010-04-01/Accounts/${credentials.accountSid}/Messages.json`;
    const call = options.signal ? { signal: options.signal } : {};
    return {
      async send({ to, text, statusUrl }) {
        const sender = credentials.from.startsWith('MG') ? { MessagingServiceSid: credentials.from } : { From: credentials.from };
        const body = new URLSearchParams({ To: to, Body: text, ...sender, ...(statusUrl === null ? {} : { StatusCallback: statusUrl }) });
        const { sid, status } = await http.post(path, body, { answer: Created, ...call });
        return { externalId: sid, response: `${status} at Twilio as ${sid}` };
      },
      find: (sms, since, known) => findSms(http, path, sms, since, known, options.signal),
    };
  },
  webhooks: {
    status: {
      title: 'What became of a message',
      hint: 'Nothing to set: each message tells Twilio this address. It needs STEWARD_PUBLIC_URL.',
      verify: verifyTwilio,
      secrets: ({ authToken }) => [authToken],
      read: readStatus,
      reply: NO_ANSWER,
    },
    inbound: {
      title: 'Answers and stop words',
      hint: 'Phone Numbers → your number → Messaging: “A message comes in” → Webhook, this address, HTTP POST. A messaging service has it under Integration.',
      verify: verifyTwilio,
      secrets: ({ authToken }) => [authToken],
      read: readInbound,
      reply: NO_ANSWER,
    },
  },
});
