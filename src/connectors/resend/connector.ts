import { z } from 'zod';
import { connector } from '#core/connector/connector.ts';
import { CredentialsRejected, MaybeDone } from '#core/connector/errors.ts';
import { vendorHttp } from '#core/connector/http.ts';
import type { ConnectorOptions } from '#core/connector/types.ts';
import { secret } from '#core/secrets.ts';
import { verifySvix } from '#core/connector/signatures/svix.ts';
import { bodyFor } from './body.ts';
import { readEvent } from './events.ts';
import { DEFAULT_BASE_URL, downloader } from './download.ts';
import { keyed } from './keyed.ts';

const Credentials = z.object({
  apiKey: secret().describe('API key; one that may only send is enough'),
  fromEmail: z.email().optional().describe('Sender address, of a domain that Resend has verified'),
  fromName: z.string().max(200).optional().describe('Sender name'),
  webhookSecret: secret().optional().describe('Signing secret of the webhook, it begins with whsec_'),
  perSecond: z.coerce.number().int().min(1).max(100).default(2).describe('Mails a second: the rate limit on your Resend usage page'),
});

/** Resend keeps a key for 24 hours. */
const KEY_MS = 24 * 3_600_000;
/** Three tries and their pauses stay below the time that the ledger gives one call. */
const TIMEOUT_MS = 30_000;

/** The parts of answers that we rely on; the rest may change freely. */
const Sent = z.object({ id: z.string().min(1) });
const Domains = z.object({ data: z.array(z.object({ name: z.string(), status: z.string() })) });
const Fault = z.object({ name: z.string() });

const nameOf = (body: unknown) => Fault.safeParse(body).data?.name;

function client({ apiKey }: z.output<typeof Credentials>, { baseUrl, turn, log }: ConnectorOptions) {
  return vendorHttp({
    vendor: 'Resend',
    baseUrl: baseUrl ?? DEFAULT_BASE_URL,
    headers: { authorization: `Bearer ${apiKey.reveal()}` },
    timeoutMs: TIMEOUT_MS,
    turn,
    log,
    refusal(status, body, says) {
      const name = nameOf(body);
      if (name === 'restricted_api_key') return new OnlySends(says);
      if (status !== 409) return undefined;
      if (name === 'concurrent_idempotent_requests') return new MaybeDone(`Resend still works on this mail: ${says}`);
      // The key is taken: a mail of this Message-ID went out before, with other words.
      return name === 'invalid_idempotent_request' ? new MaybeDone(`Resend has sent a mail under this key already: ${says}`) : undefined;
    },
  });
}

/** The key works, for sending alone. */
class OnlySends extends CredentialsRejected {}

/**
 * Resend. A mail's Message-ID is its idempotency key, which Resend keeps for 24 hours: an answer that was lost is asked for again at once,
 * and the mail goes out once.
 * @see https://resend.com/docs/api-reference/emails/send-email
 * @see https://resend.com/docs/dashboard/emails/idempotency-keys
 * @see https://resend.com/docs/api-reference/errors
 * @see https://resend.com/docs/api-reference/rate-limit
 */
export default connector({
  id: 'resend',
  title: 'Email by Resend',
  credentials: Credentials,
  baseUrl: () => DEFAULT_BASE_URL,
  limit: ({ perSecond }) => ({ requests: perSecond, perMs: 1_000 }),
  async verify(credentials, options) {
    const call = { answer: Domains, ...(options.signal ? { signal: options.signal } : {}) };
    try {
      const { data } = await client(credentials, options).get('/domains', call);
      const verified = data.filter(({ status }) => status === 'verified').map(({ name }) => name);
      return verified.length === 0 ? 'the key works; no domain is verified yet' : `sends for ${verified.slice(0, 5).join(', ')}`;
    } catch (error) {
      if (error instanceof OnlySends) return 'the key works, for sending only';
      throw error;
    }
  },
  webhooks: {
    events: {
      title: 'Delivered, bounced, complained; replies',
      hint: 'Webhooks → Add: this address and all email events, email.received among them for replies. Enter its signing secret here.',
      verify: verifySvix,
      secrets: ({ webhookSecret }) => (webhookSecret === undefined ? [] : [webhookSecret]),
      read: (request, credentials, options) => readEvent(request, client(credentials, options), downloader(options)),
    },
  },
  sender: ({ fromEmail, fromName }) => ({ name: fromName ?? null, address: fromEmail ?? null, loopback: false }),
  route: () => ({ spf: null, selectors: ['resend'] }),
  email(credentials, options) {
    const http = client(credentials, options);
    return {
      keyMs: KEY_MS,
      async send(mail) {
        const headers = { 'idempotency-key': mail.messageId.replace(/^<|>$/g, '').slice(0, 256) };
        const body = bodyFor(mail); // made once: the same key with another body is an error
        const call = { answer: Sent, headers, ...(options.signal ? { signal: options.signal } : {}) };
        const { id } = await keyed(() => http.post('/emails', body, call), options.signal);
        return { externalId: id, response: `accepted by Resend as ${id}` };
      },
      close: () => Promise.resolve(),
    };
  },
});
