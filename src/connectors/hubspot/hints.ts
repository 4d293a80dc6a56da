import { z } from 'zod';
import { VendorRefused } from '#core/connector/errors.ts';
import type { SignedRequest } from '#core/connector/signatures/types.ts';
import type { HintEvent } from '#core/connector/webhook.ts';

/** `contact.propertyChange`, or `object.propertyChange` with the type beside it. */
const Events = z.array(
  z.object({
    eventId: z.union([z.number(), z.string()]).optional(),
    subscriptionType: z.string(),
    objectId: z.union([z.number(), z.string()]).optional(),
    objectTypeId: z.string().optional(),
    occurredAt: z.number().optional(),
  }),
);

const OBJECTS: Readonly<Record<string, string>> = {
  contact: 'contacts',
  company: 'companies',
  deal: 'deals',
  '0-1': 'contacts',
  '0-2': 'companies',
  '0-3': 'deals',
};

/** @see https://developers.hubspot.com/docs/api-reference/webhooks-webhooks-v3/guide @throws VendorRefused */
export function readHints({ rawBody }: SignedRequest): HintEvent[] {
  const parsed = Events.safeParse(json(rawBody));
  if (!parsed.success) throw new VendorRefused('This is not what HubSpot documents for its webhooks');
  return parsed.data.flatMap((event): HintEvent[] => {
    const object = OBJECTS[event.objectTypeId ?? event.subscriptionType.split('.')[0] ?? ''];
    if (object === undefined || event.objectId === undefined) return [];
    const key = `${event.eventId ?? ''}:${event.subscriptionType}:${event.objectId}:${event.occurredAt ?? ''}`;
    return [{ kind: 'hint', key, object, externalId: String(event.objectId) }];
  });
}

function json(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return null;
  }
}
