import type { Item } from '#web/kit/api.ts';
import { Status, type Tone } from '#web/kit/badge.tsx';

const ENDPOINTS: Readonly<Record<Item<'webhooks.list'>['state'], [label: string, tone: Tone]>> = {
  ok: ['On', 'ok'],
  failing: ['Failing', 'warn'],
  off: ['Off', 'neutral'],
  disabled: ['Switched off', 'bad'],
};
export function EndpointState({ state }: { state: Item<'webhooks.list'>['state'] }) {
  const [label, tone] = ENDPOINTS[state];
  return <Status tone={tone}>{label}</Status>;
}

export const DELIVERIES: Readonly<Record<Item<'webhooks.deliveries'>['state'], [label: string, tone: Tone]>> = {
  queued: ['Waits', 'neutral'],
  sending: ['On its way', 'accent'],
  retrying: ['Tried again', 'warn'],
  delivered: ['Delivered', 'ok'],
  failed: ['Failed', 'bad'],
};
export function DeliveryState({ state }: { state: Item<'webhooks.deliveries'>['state'] }) {
  const [label, tone] = DELIVERIES[state];
  return <Status tone={tone}>{label}</Status>;
}
