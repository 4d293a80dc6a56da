import { z } from 'zod';
import { connector } from '#core/connector/connector.ts';
import { MaybeDone, VendorRefused, VendorUnavailable } from '#core/connector/errors.ts';
import { vendorHttp, type VendorHttp } from '#core/connector/http.ts';
import type { ConnectorOptions } from '#core/connector/types.ts';
import { address, line, mailbox } from '#core/ports/email-line.ts';
import { secret } from '#core/secrets.ts';

const Credentials = z.object({
  accessToken: secret().describe('Token of a private app with the scopes transactional-email and crm.objects.owners.read'),
  emailId: z.coerce
    .number()
    .int()
    .positive()
    .describe('ID of a published single-send email whose subject is {{ custom.subject }} and whose body is {{ custom.html }}'),
  fromEmail: z.email().optional().describe('Sender address, of a domain that HubSpot has verified'),
  fromName: z.string().max(200).optional().describe('Sender name'),
});

const BASE_URL = 'https://api.hubapi.com';
/** HubSpot sends no more than one mail for a sendId, and names no end to that. Believed for a day. */
const KEY_MS = 24 * 3_600_000;

const Status = z.object({
  statusId: z.string().min(1),
  status: z.enum(['PENDING', 'PROCESSING', 'CANCELED', 'COMPLETE']),
  sendResult: z.string().nullish(),
  completedAt: z.iso.datetime({ offset: true }).nullish(),
});
const Owners = z.object({ results: z.array(z.object({ email: z.string().nullish() })) });

/** Sent, now or before under the same sendId. */
const SENT = new Set(['SENT', 'IDEMPOTENT_IGNORE']);
/** Taken; what becomes of it is asked later. */
const TAKEN = new Set(['', 'QUEUED', ...SENT]);
const LATER = new Set(['THROTTLED', 'PORTAL_OVER_LIMIT']);

function client({ accessToken }: z.output<typeof Credentials>, { baseUrl, turn, log }: ConnectorOptions): VendorHttp {
  return vendorHttp({
    vendor: 'HubSpot',
    baseUrl: baseUrl ?? BASE_URL,
    headers: { authorization: `Bearer ${accessToken.reveal()}` },
    timeoutMs: 30_000,
    turn,
    log,
  });
}

/**
 * HubSpot's single-send, version 3, an add-on for transactional mail: the gate lets nothing commercial pass by it.
 * @see https://developers.hubspot.com/docs/api-reference/marketing-transactional-single-send-v3/guide
 */
export default connector({
  id: 'hubspot',
  title: 'Email by HubSpot',
  credentials: Credentials,
  baseUrl: () => BASE_URL,
  limit: () => ({ requests: 100, perMs: 10_000 }),
  transactionalOnly: true,
  async verify(credentials, options) {
    const call = { answer: Owners, query: { limit: 1 }, ...(options.signal ? { signal: options.signal } : {}) };
    await client(credentials, options).get('/crm/v3/owners/', call);
    return `the token works; transactional mail goes out as email ${credentials.emailId}`;
  },
  sender: ({ fromEmail, fromName }) => ({ name: fromName ?? null, address: fromEmail ?? null, loopback: false }),
  email(credentials, options) {
    const http = client(credentials, options);
    return {
      keyMs: KEY_MS,
      async send(mail) {
        if ((mail.attachments?.length ?? 0) > 0) throw new VendorRefused('HubSpot’s single-send takes no attachments');
        const body = {
          emailId: credentials.emailId,
          message: {
            to: address(mail.to.address),
            from: mailbox(mail.from),
            sendId: line(mail.messageId).replace(/^<|>$/g, ''),
            ...(mail.replyTo === undefined ? {} : { replyTo: [address(mail.replyTo)] }),
          },
          customProperties: { subject: line(mail.subject), html: mail.html, text: mail.text },
        };
        const call = { answer: Status, ...(options.signal ? { signal: options.signal } : {}) };
        const { statusId, status, sendResult } = await http.post('/marketing/v3/transactional/single-email/send', body, call);
        const result = sendResult ?? '';
        if (LATER.has(result)) throw new VendorUnavailable(`HubSpot is busy: ${result}`);
        // The first try under this sendId failed, or still runs.
        if (result === 'IDEMPOTENT_FAIL') throw new MaybeDone('HubSpot knows this mail already and does not say what became of it');
        if (!TAKEN.has(result) || status === 'CANCELED') throw new VendorRefused(`HubSpot did not send it: ${result || status}`);
        return { externalId: statusId, response: `${result || status} at HubSpot as ${statusId}` };
      },
      close: () => Promise.resolve(),
    };
  },
  /** Not in the published OpenAPI document; described in the guide that `@see` names, under "Query the status of an email send". */
  async outcome(credentials, options, statusId) {
    const call = { answer: Status, ...(options.signal ? { signal: options.signal } : {}) };
    const told = await client(credentials, options).get(`/marketing/v3/email/send-statuses/${encodeURIComponent(statusId)}`, call);
    const result = told.sendResult ?? '';
    const at = told.completedAt == null ? null : new Date(told.completedAt);
    if (SENT.has(result)) return { what: 'sent', at, reason: null };
    if (told.status === 'CANCELED') return { what: 'refused', at, reason: `HubSpot did not send it: ${result || told.status}` };
    if (told.status !== 'COMPLETE' || TAKEN.has(result) || LATER.has(result)) return null;
    return { what: 'refused', at, reason: `HubSpot did not send it: ${result}` };
  },
});
