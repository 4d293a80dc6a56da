import type { Statement } from '#core/database/database.ts';
import { nowAndThen, type Stop } from '#core/now-and-then.ts';
import type { Runtime } from '#core/runtime.ts';
import { lookAtContracts } from '../contract/ends.ts';
import { lookAtClients } from './look.ts';

/** How often a worker asks whom to look at, in real time. */
const EVERY_MS = 5 * 60_000;

/** Companies with active clients that were not looked at for a day, or with one who never was. clients_unlooked serves the latter. */
const DUE: Statement = {
  name: 'clients.looks_due',
  text: `select co.id from companies co left join client_looks k on k.company_id = co.id
          where (k.looked_at is null or k.looked_at <= $1::timestamptz - interval '1 day') and exists (select from clients c where c.company_id = co.id and c.status = 'active')
             or exists (select from clients c where c.company_id = co.id and c.status = 'active' and c.health_level is null)`,
};
/** Empty where another worker was faster. */
const TAKE: Statement = {
  name: 'clients.look_taken',
  text: `insert into client_looks as k (company_id, looked_at) values ($1, $2) on conflict (company_id) do update set looked_at = excluded.looked_at
          where k.looked_at <= $2::timestamptz - interval '4 minutes' returning company_id`,
};

/** Looks at the clients of every company once a day, also where no workflow does. Answers how many companies. */
export async function tendHealth(runtime: Runtime, going: () => boolean = () => true): Promise<number> {
  const due = await runtime.system.read((tx) => tx.query<{ id: string }>(DUE, [runtime.clock.now()]));
  let looked = 0;
  for (const { id } of due) {
    if (!going()) break;
    looked += await runtime.database.write(id, async (tx) => {
      const now = runtime.clock.now();
      if ((await tx.query(TAKE, [id, now])).length === 0) return 0;
      const events = [...(await lookAtContracts(tx, [id], now)), ...(await lookAtClients(tx, runtime.signs, [id], now))];
      if (events.length > 0) await runtime.engine.emit(tx, events);
      return 1;
    });
  }
  if (looked > 0) runtime.engine.nudge('events');
  return looked;
}

/** The worker's share. */
export const startLooking = (runtime: Runtime): Stop =>
  nowAndThen({ log: runtime.log, everyMs: EVERY_MS, what: 'look how clients are', round: (going) => tendHealth(runtime, going) });
