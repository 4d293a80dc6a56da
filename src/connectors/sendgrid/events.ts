import { z } from 'zod';
import { VendorRefused } from '#core/connector/errors.ts';
import type { SignedRequest } from '#core/connector/signatures/types.ts';
import type { DeliveryEvent, VendorEvent } from '#core/connector/webhook.ts';

/** What we give a mail along, and events bring back. */
export const OUR_ARGUMENT = 'steward_message_id';

/** The part of an event that we rely on. @see https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event */
const Event = z.object({
  event: z.string(),
  sg_event_id: z.string().min(1),
  timestamp: z.number(),
  [OUR_ARGUMENT]: z.string().optional(),
  reason: z.string().optional(),
  response: z.string().optional(),
  status: z.string().optional(),
  type: z.string().optional(),
});
type Event = z.output<typeof Event>;

/** Bad address or disabled mailbox (RFC 3463, 3.2 and 3.3). */
const NO_SUCH_MAILBOX = /^5\.(1\.\d+|2\.1)$/;

function meaning({ event, type, status, reason }: Event): Pick<DeliveryEvent, 'what' | 'permanent'> | null {
  switch (event) {
    case 'delivered':
      return { what: 'delivered', permanent: false };
    case 'deferred':
      return { what: 'deferred', permanent: false };
    case 'bounce':
      // `blocked` is a no about us or for now, not about the address.
      return { what: 'bounced', permanent: type !== 'blocked' && (status === undefined || status === '' || NO_SUCH_MAILBOX.test(status)) };
    case 'dropped':
      if (/spam/i.test(reason ?? '')) return { what: 'complained', permanent: false };
      return { what: 'refused', permanent: false };
    case 'spamreport':
      return { what: 'complained', permanent: false };
    case 'open':
      return { what: 'opened', permanent: false };
    case 'click':
      return { what: 'clicked', permanent: false };
    case 'unsubscribe':
    case 'group_unsubscribe':
      return { what: 'unsubscribed', permanent: false };
    default:
      return null; // processed, group_resubscribe and what may come
  }
}

/** The event webhook: a list of events, each with an id of its own. */
export async function readEvents({ rawBody }: SignedRequest): Promise<readonly VendorEvent[]> {
  const parsed = z.array(z.unknown()).safeParse(jsonOf(rawBody));
  if (!parsed.success) throw new VendorRefused('This is no list of events of SendGrid');
  return parsed.data.flatMap((one): VendorEvent[] => {
    const event = Event.safeParse(one).data;
    const messageId = event?.[OUR_ARGUMENT];
    if (event === undefined || messageId === undefined) return [];
    const means = meaning(event);
    if (means === null) return [];
    const reason = event.reason ?? event.response ?? null;
    return [{ kind: 'delivery', key: event.sg_event_id, messageId, at: new Date(event.timestamp * 1_000), reason, ...means }];
  });
}

function jsonOf(rawBody: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(rawBody).toString('utf8'));
  } catch {
    return undefined;
  }
}
