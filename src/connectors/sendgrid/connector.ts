import { z } from 'zod';
import { connector } from '#core/connector/connector.ts';
import { MaybeDone } from '#core/connector/errors.ts';
import { vendorHttp } from '#core/connector/http.ts';
import type { ConnectorOptions } from '#core/connector/types.ts';
import { secret } from '#core/secrets.ts';
import { verifySendGrid } from '#core/connector/signatures/sendgrid.ts';
import { bodyFor, probe } from './body.ts';
import { readEvents } from './events.ts';
import { readInbound } from './inbound.ts';

const Credentials = z.object({
  apiKey: secret().describe('API key with the right to send mail; it begins with SG'),
  region: z.enum(['global', 'eu']).default('global').describe('eu for a subuser that keeps its data in the EU'),
  fromEmail: z.email().optional().describe('Sender address, of a domain or sender that SendGrid has verified'),
  fromName: z.string().max(200).optional().describe('Sender name'),
  eventKey: secret().optional().describe('Verification key of the event webhook, once it is signed'),
  inboundKey: secret().optional().describe('Public key of the security policy of Inbound Parse'),
});
type Credentials = z.output<typeof Credentials>;

const HOSTS = { global: 'https://api.sendgrid.com', eu: 'https://api.eu.sendgrid.com' } as const;

/** An accepted mail is answered with nothing. */
const Nothing = z.undefined();
const TIMEOUT_MS = 60_000;

function client({ apiKey, region }: Credentials, { baseUrl, turn, log }: ConnectorOptions) {
  return vendorHttp({
    vendor: 'SendGrid',
    baseUrl: baseUrl ?? HOSTS[region],
    headers: { authorization: `Bearer ${apiKey.reveal()}` },
    timeoutMs: TIMEOUT_MS,
    turn,
    log,
  });
}

/**
 * Twilio SendGrid, v3. It takes no idempotency key and can't be asked about one mail, so a lost answer is in doubt.
 * @see https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send
 */
export default connector({
  id: 'sendgrid',
  title: 'Email by SendGrid',
  credentials: Credentials,
  baseUrl: ({ region }) => HOSTS[region],
  async verify(credentials, options) {
    // Sandbox mode: checked like a mail, delivered to nobody. It asks for the very right that sending needs, and for no other.
    const call = { answer: Nothing, repeat: 'safe', ...(options.signal ? { signal: options.signal } : {}) } as const;
    await client(credentials, options).post('/v3/mail/send', probe(credentials.fromEmail), call);
    return credentials.fromEmail === undefined ? 'the key may send' : `the key may send, as ${credentials.fromEmail}`;
  },
  webhooks: {
    events: {
      title: 'Delivered, bounced, complained',
      hint: 'Mail Settings → Event Webhook: this address, the deliverability events, and Signature Verification on. Enter its verification key here.',
      verify: verifySendGrid,
      secrets: ({ eventKey }) => (eventKey === undefined ? [] : [eventKey]),
      read: readEvents,
    },
    inbound: {
      title: 'Replies by Inbound Parse',
      hint: 'Inbound Parse: a host of yours with its MX record, this address, “POST the raw, full MIME message”, and a security policy with signatures. Enter its public key here.',
      verify: verifySendGrid,
      secrets: ({ inboundKey }) => (inboundKey === undefined ? [] : [inboundKey]),
      read: readInbound,
    },
  },
  sender: ({ fromEmail, fromName }) => ({ name: fromName ?? null, address: fromEmail ?? null, loopback: false }),
  route: () => ({ spf: null, selectors: ['s1', 's2'] }),
  email(credentials, options) {
    const http = client(credentials, options);
    return {
      async send(mail) {
        let id: string | null = null;
        await http.post('/v3/mail/send', bodyFor(mail), {
          answer: Nothing,
          headersOf: (headers) => {
            id = headers.get('x-message-id');
          },
          ...(options.signal ? { signal: options.signal } : {}),
        });
        // Nothing at all could be anybody's answer: SendGrid's own carries its id.
        if (id === null) throw new MaybeDone('SendGrid answered without the id of the mail');
        return { externalId: id, response: `accepted by SendGrid as ${String(id)}` };
      },
      close: () => Promise.resolve(),
    };
  },
});
