import type { Statement } from '#core/database/database.ts';
import { nowAndThen, type Stop } from '#core/now-and-then.ts';
import type { Runtime } from '#core/runtime.ts';
import { changeTickets } from './change.ts';
import { rewindTickets } from './rewind.ts';
import { setState } from './state.ts';

/** In real time. */
const LOOK_MS = 15_000;
/** Tickets in one transaction. */
const BATCH = 500;

/** Clocks that have something to tell. tickets_alarm serves it; what another process holds is left to it. */
const DUE: Statement = {
  name: 'tickets.alarms',
  text: `select id, company_id as "companyId" from tickets where alarm_at <= $1 and merged_into_id is null order by alarm_at limit ${BATCH} for update skip locked`,
};
/** Solved so long ago that it is settled. tickets_solved serves it. */
const SETTLED: Statement = {
  name: 'tickets.settled',
  text: `select t.id, t.company_id as "companyId" from tickets t left join ticket_settings s on s.company_id = t.company_id
          where t.state = 'solved' and t.merged_into_id is null
            and t.solved_at <= $1::timestamptz - make_interval(days => case when s.options ? 'closeAfterDays' then (s.options ->> 'closeAfterDays')::int else 7 end)
          order by t.solved_at limit ${BATCH} for update of t skip locked`,
};
const COMPANIES: Statement = {
  name: 'tickets.companies',
  text: `select distinct company_id as "companyId" from tickets where state in ('open', 'pending', 'on_hold')`,
};

interface Found {
  readonly id: string;
  readonly companyId: string;
}

/** One look: tells of targets that are near or broken, closes what was solved long ago. Answers how many tickets it touched. */
export async function tendTickets(runtime: Runtime, going: () => boolean = () => true): Promise<number> {
  const touch = (statement: Statement, change: Parameters<typeof changeTickets>[2]['change']) =>
    runtime.system.write(async (tx) => {
      const found = await tx.query<Found>(statement, [runtime.clock.now()]);
      for (const [companyId, rows] of Map.groupBy(found, (row) => row.companyId))
        await changeTickets(tx, runtime, { companyId, ids: rows.map((row) => row.id), by: null, change });
      return found.length;
    });
  let count = 0;
  for (let found = BATCH; found === BATCH && going(); count += found) found = await touch(DUE, () => undefined);
  for (let found = BATCH; found === BATCH && going(); count += found)
    found = await touch(SETTLED, (ticket, at) => setState(ticket, 'closed', at));
  if (count > 0) runtime.engine.nudge();
  return count;
}

/** Holidays that were added, a new year of them, other hours: moments of active tickets follow. */
export async function rewindAll(runtime: Runtime, going: () => boolean = () => true): Promise<void> {
  const companies = await runtime.system.read((tx) => tx.query<{ companyId: string }>(COMPANIES, []));
  for (const { companyId } of companies)
    if (going()) await runtime.database.write(companyId, (tx) => rewindTickets(tx, runtime, companyId));
}

/** Every so many looks the rules are compared, too. */
const REWIND_EVERY = 20;

/** The worker's share. */
export function lookAfterTickets(runtime: Runtime): Stop {
  let looks = 0;
  return nowAndThen({
    log: runtime.log,
    everyMs: LOOK_MS,
    what: 'look after tickets',
    async round(going) {
      await tendTickets(runtime, going);
      looks += 1;
      if (looks % REWIND_EVERY === 1) await rewindAll(runtime, going);
    },
  });
}
