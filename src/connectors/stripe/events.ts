import { z } from 'zod';
import { VendorRefused } from '#core/connector/errors.ts';
import type { SignedRequest } from '#core/connector/signatures/types.ts';
import type { VendorEvent } from '#core/connector/webhook.ts';

/** The part of an event that we rely on. @see https://docs.stripe.com/api/events/object */
const Event = z.object({
  id: z.string().min(1).max(200),
  object: z.literal('event'),
  type: z.string().max(200).optional(),
  data: z.object({ object: z.object({ id: z.string().max(200), payment_intent: z.string().max(200).nullish() }) }).optional(),
});

/** Names of what a hint is about. */
const SESSION = 'checkout.session';
const PAYMENT = 'payment_intent';

/**
 * Something changed: never what. Events come twice, late and in any order; what is so now is asked for. Refunds, charges and disputes are told by the payment that
 * they belong to.
 */
export async function readEvent({ rawBody }: SignedRequest): Promise<readonly VendorEvent[]> {
  const event = Event.safeParse(json(rawBody)).data;
  if (event === undefined) throw new VendorRefused('This is no event of Stripe');
  const { id, type = '', data } = event;
  if (data === undefined) return [];
  const { object } = data;
  const key = `${id}:${type}`;
  if (type.startsWith('checkout.session.')) return [{ kind: 'hint', key, object: SESSION, externalId: object.id }];
  const payment = type.startsWith('payment_intent.') ? object.id : /^(charge|refund)\./.test(type) ? object.payment_intent : null;
  return payment == null ? [] : [{ kind: 'hint', key, object: PAYMENT, externalId: payment }];
}

function json(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return null;
  }
}
