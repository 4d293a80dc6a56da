import { markActivity } from '#modules/connections/public.ts';
import type { VendorEvent } from '#core/connector/webhook.ts';
import type { Runtime } from '#core/runtime.ts';
import { receiveSms } from '../inbound/sms.ts';
import { storeMail } from '../inbound/watch.ts';
import { applyDeliveries, type Place } from './apply.ts';
import { tellNotices } from './notices.ts';

/** All that one request told, each kind in its own way. What is here twice, or was here before, counts once. */
export async function takeEvents(runtime: Runtime, place: Place, events: readonly VendorEvent[]): Promise<void> {
  const { companyId, connectionId } = place;
  const deliveries = events.filter((event) => event.kind === 'delivery');
  await runtime.database.write(companyId, async (tx) => {
    await applyDeliveries(tx, runtime, place, deliveries);
    await tellNotices(
      tx,
      runtime,
      place,
      events.filter((event) => event.kind === 'notice'),
    );
    await markActivity(tx, runtime, companyId, connectionId);
    const hints = events.flatMap((event) => (event.kind === 'hint' ? [{ object: event.object, external_id: event.externalId }] : []));
    if (hints.length > 0)
      await runtime.engine.emit(tx, [
        { name: 'connection.hinted', companyId, subject: { type: 'connection', id: connectionId }, payload: { hints } },
      ]);
  });
  for (const event of events) {
    if (event.kind === 'sms')
      await runtime.database.write(companyId, (tx) => receiveSms(tx, runtime, { companyId, connectionId }, event, place.connector));
    if (event.kind !== 'mail') continue;
    const mail = { externalId: `${place.connector}/${event.key}`, raw: event.raw, receivedAt: event.receivedAt ?? runtime.clock.now() };
    await storeMail(runtime, { companyId, connectionId }, mail);
  }
  runtime.engine.nudge();
}
