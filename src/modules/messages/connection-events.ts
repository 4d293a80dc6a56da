import { CHANNELS } from './tables.ts';
import type { EventHandler } from '#core/engine/types.ts';

/** A mail server was connected, mended or changed: what waited for it is looked at again, through the gate like everything. */
export const connectionChanged: EventHandler = {
  event: 'connection.changed',
  async handle(tx, events, runtime) {
    for (const companyId of new Set(events.map((event) => event.companyId))) {
      for (const kind of CHANNELS) await runtime.effects.hasten(tx, { companyId, kind });
    }
  },
};
