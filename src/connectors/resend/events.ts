import { z } from 'zod';
import { VendorRefused } from '#core/connector/errors.ts';
import type { VendorHttp } from '#core/connector/http.ts';
import type { SignedRequest } from '#core/connector/signatures/types.ts';
import type { DeliveryEvent, VendorEvent } from '#core/connector/webhook.ts';
import { rawFrom } from '#core/mail/raw-from.ts';

/** What we give a mail along, and events bring back: the part of our Message-ID before the @. */
export const OUR_TAG = 'steward';

/** The part of an event that we rely on. @see https://resend.com/docs/webhooks/event-types */
const Event = z.object({
  type: z.string(),
  created_at: z.coerce.date(),
  data: z.object({
    email_id: z.string().optional(),
    tags: z.record(z.string(), z.string()).optional(),
    bounce: z.object({ type: z.string().optional(), message: z.string().optional() }).optional(),
    failed: z.object({ reason: z.string().optional() }).optional(),
  }),
});
type Event = z.output<typeof Event>;

const MEANINGS: Readonly<Record<string, DeliveryEvent['what']>> = {
  'email.delivered': 'delivered',
  'email.delivery_delayed': 'deferred',
  'email.bounced': 'bounced',
  'email.failed': 'refused',
  'email.suppressed': 'refused',
  'email.complained': 'complained',
  'email.opened': 'opened',
  'email.clicked': 'clicked',
};

/** @see https://resend.com/docs/api-reference/emails/retrieve-received-email */
const Received = z.object({
  id: z.string(),
  from: z.string(),
  to: z.array(z.string()),
  subject: z.string().nullish(),
  message_id: z.string().nullish(),
  text: z.string().nullish(),
  html: z.string().nullish(),
  headers: z.record(z.string(), z.union([z.string(), z.array(z.string())])).nullish(),
  created_at: z.coerce.date(),
  /** The mail as it came, attachments and all, for an hour. */
  raw: z.object({ download_url: z.url() }).nullish(),
});

/** The bytes at an address that Resend signed; null when they are no longer there. @throws VendorUnavailable */
export type Download = (url: string) => Promise<Uint8Array | null>;

/**
 * The webhook: one event, told apart by the id of its delivery. A mail that arrived is asked for: the event holds none of its
 * words. What comes is the mail itself where Resend still has it, else its text without what hung on it.
 */
export async function readEvent(
  { rawBody, headers }: SignedRequest,
  http: VendorHttp,
  download: Download,
): Promise<readonly VendorEvent[]> {
  const event = Event.safeParse(jsonOf(rawBody)).data;
  if (event === undefined) throw new VendorRefused('This is no event of Resend');
  const key = String(headers['svix-id']);
  if (event.type === 'email.received') return received(event, http, download);
  const what = MEANINGS[event.type];
  const tag = event.data.tags?.[OUR_TAG];
  if (what === undefined || tag === undefined) return [];
  const { bounce, failed } = event.data;
  const reason = bounce?.message ?? failed?.reason ?? null;
  return [
    { kind: 'delivery', key, what, messageId: `<${tag}@resend>`, at: event.created_at, reason, permanent: bounce?.type === 'Permanent' },
  ];
}

async function received({ data }: Event, http: VendorHttp, download: Download): Promise<readonly VendorEvent[]> {
  if (data.email_id === undefined) throw new VendorRefused('This event of Resend names no mail');
  const mail = await http.get(`/emails/receiving/${encodeURIComponent(data.email_id)}`, { answer: Received });
  const whole = mail.raw == null ? null : await download(mail.raw.download_url);
  if (whole !== null) return [{ kind: 'mail', key: mail.id, raw: whole, receivedAt: mail.created_at }];
  const given = Object.entries(mail.headers ?? {}).flatMap(([name, value]) => [value].flat().map((one): [string, string] => [name, one]));
  const named = new Set(given.map(([name]) => name.toLowerCase()));
  const own: [string, string][] = [
    ['From', mail.from],
    ['To', mail.to.join(', ')],
    ['Subject', mail.subject ?? ''],
    ...(mail.message_id == null ? [] : [['Message-ID', mail.message_id] as [string, string]]), // a pair, as the others
  ];
  const headers = [...own.filter(([name]) => !named.has(name.toLowerCase())), ...given];
  return [
    {
      kind: 'mail',
      key: mail.id,
      raw: rawFrom({ headers, text: mail.text ?? null, html: mail.html ?? null }),
      receivedAt: mail.created_at,
    },
  ];
}

function jsonOf(rawBody: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(rawBody).toString('utf8'));
  } catch {
    return undefined;
  }
}
