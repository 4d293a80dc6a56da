import { allConnectionsFor, unlock, type ConnectionRow } from '#modules/connections/public.ts';
import type { DeliveryEvent } from '#core/connector/webhook.ts';
import type { Statement } from '#core/database/database.ts';
import { nowAndThen, type Stop } from '#core/now-and-then.ts';
import type { Runtime } from '#core/runtime.ts';
import { applyDeliveries } from './apply.ts';

/** In real time. */
const LOOK_MS = 120_000;
/** A mail that a vendor says nothing of for so long is not asked for again: it stays as sent. */
const ASKED_DAYS = 3;
/** Of one connection in one round. */
const MOST = 100;

/** By effects_list: ids tell when they were made. What is known already has its event. */
const OPEN: Statement = {
  name: 'vendor_events.outcomes_open',
  text: `select m.message_id as "messageId", e.external_id as "externalId" from effects e join messages m on m.effect_id = e.id and m.company_id = $1
          where e.company_id = $1 and e.id >= $3 and e.kind = 'email' and e.connection_id = $2 and e.state = 'confirmed' and e.external_id is not null
            and m.state = 'sent' and m.delivery is null
            and not exists (select from vendor_events v where v.connection_id = $2 and v.event_key = 'outcome/' || e.external_id)
          order by e.id limit ${MOST}`,
};

interface Open {
  readonly messageId: string;
  readonly externalId: string;
}

/** The first id that could have been made at that moment (UUIDv7). */
function firstIdOf(at: Date): string {
  const hex = at.getTime().toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}

/** Asks vendors that send in their own time what became of the mails they took. Answers how many are settled now. */
export async function askOutcomes(runtime: Runtime): Promise<number> {
  const rows = await runtime.system.read((tx) => allConnectionsFor(tx, runtime, 'email'));
  let settled = 0;
  for (const row of rows) {
    if ((await runtime.connectors.load(row.connector)).outcome === undefined) continue;
    settled += await ofConnection(runtime, row);
  }
  if (settled > 0) runtime.engine.nudge();
  return settled;
}

async function ofConnection(runtime: Runtime, row: ConnectionRow): Promise<number> {
  const since = new Date(runtime.clock.now().getTime() - ASKED_DAYS * 86_400_000);
  const open = await runtime.database.read(row.companyId, (tx) => tx.query<Open>(OPEN, [row.companyId, row.id, firstIdOf(since)]));
  if (open.length === 0) return 0;
  const { connector, credentials, options } = await unlock(runtime, row);
  const events: DeliveryEvent[] = [];
  let fault: unknown = null;
  for (const { messageId, externalId } of open) {
    try {
      const told = await connector.outcome?.(credentials, options, externalId);
      if (told != null) events.push({ kind: 'delivery', key: `outcome/${externalId}`, ...told, messageId, permanent: false });
    } catch (error) {
      // What the others became counts all the same.
      fault = error;
      break;
    }
  }
  const place = { companyId: row.companyId, connectionId: row.id, connector: row.connector };
  const settled =
    events.length === 0 ? 0 : await runtime.database.write(row.companyId, (tx) => applyDeliveries(tx, runtime, place, events));
  if (fault !== null) runtime.log.warn({ err: fault, connection: row.id }, 'could not ask what became of mails');
  return settled;
}

/** The worker's share. */
export function watchOutcomes(runtime: Runtime): Stop {
  return nowAndThen({ log: runtime.log, everyMs: LOOK_MS, what: 'ask what became of mails', round: () => askOutcomes(runtime) });
}
