import { VendorRefused } from '#core/connector/errors.ts';
import type { SignedRequest } from '#core/connector/signatures/types.ts';
import type { VendorEvent } from '#core/connector/webhook.ts';

/** Unknown handset, landline or unreachable carrier: nothing will ever arrive there. @see https://www.twilio.com/docs/api/errors */
const NO_SUCH_NUMBER = new Set(['30005', '30006']);
/** The parameter of the status address that names our message; the signature covers it. */
export const OUR_PARAMETER = 'm';

/** What became of a message. `queued` and `sent` are no news: that it was taken we know. */
export async function readStatus({ rawBody, url }: SignedRequest): Promise<readonly VendorEvent[]> {
  const form = new URLSearchParams(Buffer.from(rawBody).toString('utf8'));
  const [sid, status, error] = [form.get('MessageSid'), form.get('MessageStatus'), form.get('ErrorCode')];
  const token = new URL(url).searchParams.get(OUR_PARAMETER);
  if (sid === null || status === null) throw new VendorRefused('This is no status of Twilio: it lacks MessageSid or MessageStatus');
  const what =
    status === 'delivered' || status === 'read' ? 'delivered' : status === 'undelivered' || status === 'failed' ? 'bounced' : null;
  if (what === null || token === null) return [];
  const reason = error === null || error === '' ? null : `error ${error} at Twilio`;
  const permanent = NO_SUCH_NUMBER.has(error ?? '');
  // Twilio tells no time: that of its coming is near enough.
  return [{ kind: 'delivery', key: `${sid}/${status}`, what, messageId: `<${token}@sms>`, at: null, reason, permanent }];
}

/** A message that somebody wrote to us. */
export async function readInbound({ rawBody }: SignedRequest): Promise<readonly VendorEvent[]> {
  const form = new URLSearchParams(Buffer.from(rawBody).toString('utf8'));
  const [sid, from, to] = [form.get('MessageSid'), form.get('From'), form.get('To')];
  if (sid === null || from === null || to === null)
    throw new VendorRefused('This is no message of Twilio: it lacks MessageSid, From or To');
  const type = form.get('OptOutType');
  return [{ kind: 'sms', key: sid, from, to, text: form.get('Body') ?? '', optOut: type === 'STOP' }];
}
