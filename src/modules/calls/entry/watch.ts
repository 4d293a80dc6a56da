import { CredentialsRejected, MaybeDone, VendorRefused, VendorUnavailable } from '#core/connector/errors.ts';
import type { Statement } from '#core/database/database.ts';
import { nowAndThen, type Stop } from '#core/now-and-then.ts';
import type { StandingEvent } from '#core/ports/calendar.ts';
import type { Runtime } from '#core/runtime.ts';
import { calendarPort, connectionById } from '#modules/connections/public.ts';
import { getCall } from '../call.ts';
import type { EntryFound } from '../tables.ts';
import { tellFound } from '../tell.ts';
import { eventIdOf } from './effect.ts';

/** How often a worker looks, in real time. */
const EVERY_MS = 2 * 60_000;
const TIMEOUT_MS = 12_000;
/** Entries a round: a second each at most, within what Google lets one do in a minute. */
const AT_ONCE = 100;
const ANSWERS = [CredentialsRejected, VendorUnavailable, VendorRefused, MaybeDone];

/** Calls of the coming two months whose entry nobody looked at for a quarter of an hour. calls_to_look serves it. */
const DUE: Statement = {
  name: 'calls.entries_due',
  text: `select company_id as "companyId", id, connection_id as "connectionId", calendar, sequence, starts_at as "startsAt", ends_at as "endsAt", entry_found as found from calls
          where state = 'planned' and entry = 'there' and connection_id is not null and calendar is not null and ends_at > $1 and starts_at < $1::timestamptz + interval '60 days'
            and (entry_looked_at is null or entry_looked_at <= $1::timestamptz - interval '15 minutes') order by entry_looked_at nulls first limit ${AT_ONCE}`,
};
const LOOKED: Statement = {
  name: 'calls.entry_looked',
  text: `update calls set entry_looked_at = $3, entry_found = case when $5 then $6::jsonb else entry_found end
          where company_id = $1 and id = $2 and sequence = $4 and state = 'planned' and entry = 'there' returning id`,
};

interface Due {
  readonly companyId: string;
  readonly id: string;
  readonly connectionId: string;
  readonly calendar: string;
  readonly sequence: number;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly found: EntryFound | null;
}

/** What somebody did to entries in their calendar is noted, and told to the host once: what becomes of the call, they decide. Answers how many are other than they were entered. */
export async function watchEntries(runtime: Runtime, going: () => boolean = () => true): Promise<number> {
  const due = await runtime.system.read((tx) => tx.query<Due>(DUE, [runtime.clock.now()]));
  const dead = new Set<string>();
  let other = 0;
  for (const entry of due) {
    if (!going()) break;
    const standing = dead.has(entry.connectionId) ? undefined : await look(runtime, entry);
    // A calendar that cannot be read says nothing; the others of the same sign-in would say the same.
    if (standing === undefined) dead.add(entry.connectionId);
    const found = standing === undefined ? entry.found : foundOf(entry, standing);
    if (found !== null) other += 1;
    await note(runtime, entry, standing !== undefined, found);
  }
  if (other > 0) runtime.engine.nudge();
  return other;
}

function foundOf({ startsAt, endsAt }: Due, standing: StandingEvent | null): EntryFound | null {
  if (standing === null || standing.cancelled) return { startsAt: null, endsAt: null };
  const { span } = standing;
  if (span === null || (span.start.getTime() === startsAt.getTime() && span.end.getTime() === endsAt.getTime())) return null;
  return { startsAt: span.start.toISOString(), endsAt: span.end.toISOString() };
}

async function note(runtime: Runtime, entry: Due, read: boolean, found: EntryFound | null): Promise<void> {
  const { companyId, id, sequence } = entry;
  const news = found !== null && JSON.stringify(found) !== JSON.stringify(entry.found);
  await runtime.database.write(companyId, async (tx) => {
    const values = [companyId, id, runtime.clock.now(), sequence, read, found === null ? null : JSON.stringify(found)];
    // Changed meanwhile: it is looked at anew.
    if ((await tx.query(LOOKED, values)).length > 0 && read && news) await tellFound(tx, runtime, await getCall(tx, companyId, id), found);
  });
}

/** Undefined: it could not be asked. */
async function look(runtime: Runtime, { companyId, connectionId, calendar, id }: Due): Promise<StandingEvent | null | undefined> {
  const row = await runtime.database.read(companyId, (tx) => connectionById(tx, companyId, connectionId));
  if (row === undefined) return undefined;
  try {
    const port = await calendarPort(runtime, row, AbortSignal.timeout(TIMEOUT_MS));
    return await port.look(calendar, eventIdOf(id));
  } catch (error) {
    if (!(error instanceof Error) || !ANSWERS.some((expected) => error instanceof expected)) throw error;
    return undefined;
  }
}

/** The worker's share. */
export const startWatching = (runtime: Runtime): Stop =>
  nowAndThen({ log: runtime.log, everyMs: EVERY_MS, what: 'look at entries in calendars', round: (going) => watchEntries(runtime, going) });
