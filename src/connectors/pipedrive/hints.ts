import { z } from 'zod';
import { VendorRefused } from '#core/connector/errors.ts';
import type { SignedRequest } from '#core/connector/signatures/types.ts';
import type { HintEvent } from '#core/connector/webhook.ts';

const id = z.union([z.number(), z.string().min(1)]);
/** Version 2 says `entity` and `entity_id`, version 1 `object` and `id`. */
const Event = z.object({
  meta: z.object({
    entity: z.string().optional(),
    entity_id: id.optional(),
    object: z.string().optional(),
    id: id.optional(),
    timestamp: z.union([z.string(), z.number()]).optional(),
  }),
});

const OBJECTS: Readonly<Record<string, string>> = { person: 'persons', organization: 'organizations', deal: 'deals' };

/** @see https://pipedrive.readme.io/docs/guide-for-webhooks-v2 @throws VendorRefused */
export function readHints({ rawBody }: SignedRequest): HintEvent[] {
  const parsed = Event.safeParse(json(rawBody));
  if (!parsed.success) throw new VendorRefused('This is not what Pipedrive documents for its webhooks');
  const { meta } = parsed.data;
  const object = OBJECTS[meta.entity ?? meta.object ?? ''];
  // In version 2 `id` is that of the delivery.
  const externalId = meta.entity === undefined ? meta.id : meta.entity_id;
  if (object === undefined || externalId === undefined) return [];
  return [{ kind: 'hint', key: `${object}:${externalId}:${meta.timestamp ?? ''}`, object, externalId: String(externalId) }];
}

function json(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return null;
  }
}
