import { LOCALE, type Spoken } from '#core/language.ts';
import { constraintOf } from '#core/database/pg-error.ts';
import type { Statement, Transaction } from '#core/database/database.ts';
import type { DomainEvent } from '#core/engine/types.ts';
import { newId } from '#core/ids.ts';
import type { Runtime } from '#core/runtime.ts';
import { recordInteractions } from '#modules/people/public.ts';
import { getCall, type Call } from './call.ts';
import { reserveEntry } from './entry/reserve.ts';
import { CallSettled, TimeTaken } from './errors.ts';
import { hostsOf, lockHosts } from './host.ts';
import { tellHost } from './tell.ts';

/** A call as it is to be, decided. */
export interface NewCall {
  readonly personId: string;
  readonly kindId: string | null;
  readonly hostId: string | null;
  readonly title: string;
  readonly startsAt: Date;
  readonly minutes: number;
  readonly place: string;
  /** Of whoever calls with us; null: as it stands on the person, else the company's. */
  readonly timeZone: string | null;
  readonly note?: string;
  readonly bookedBy: 'us' | 'them';
  readonly unread?: boolean;
  readonly once?: string | null;
  readonly by: string | null;
}

const INSERT: Statement = {
  name: 'calls.insert',
  text: `insert into calls (id, company_id, person_id, kind_id, host_id, title, starts_at, ends_at, place, time_zone, note, booked_by, unread, once, uid, connection_id, calendar, entry,
           created_by, created_at, updated_at)
         select $2, $1, p.id, $4, $5, $6, $7, $8, $9, coalesce($10, p.time_zone, co.settings ->> 'time_zone', 'UTC'), $11, $12, $13, $14, 'call-' || $2::uuid::text || '@steward', $15, $16,
           case when $15::uuid is null then null else 'waiting' end, $17, $18, $18
           from people p join companies co on co.id = p.company_id where p.company_id = $1 and p.id = $3`,
};
const MOVE: Statement = {
  name: 'calls.move',
  text: `update calls set starts_at = $3, ends_at = $4, place = coalesce($5, place), time_zone = coalesce($6, time_zone), state = 'planned', cancelled_at = null, unread = $7,
           sequence = sequence + 1, entry_found = null, entry = case when connection_id is null then entry else 'waiting' end, updated_at = $8 where company_id = $1 and id = $2`,
};
const CANCEL: Statement = {
  name: 'calls.cancel',
  text: `update calls set state = 'cancelled', cancelled_at = $3, sequence = sequence + 1, entry_found = null, entry = case when connection_id is null then entry else 'waiting' end, updated_at = $3
          where company_id = $1 and id = $2`,
};

const endOf = (start: Date, minutes: number) => new Date(start.getTime() + minutes * 60_000);

/** Writes it, says it and has it entered in the host's calendar, in the caller's transaction. @throws TimeTaken */
export async function writeCall(tx: Transaction, runtime: Runtime, companyId: string, call: NewCall): Promise<Call> {
  const id = newId();
  const at = runtime.clock.now();
  if (call.hostId !== null) await lockHosts(tx, companyId, [call.hostId]);
  const [host] = call.hostId === null ? [] : await hostsOf(tx, companyId, [call.hostId]);
  const entered = host?.connectionId != null && host.enteredIn !== null;
  await apart(() =>
    tx.query(INSERT, [
      companyId, id, call.personId, call.kindId, call.hostId, call.title, call.startsAt, endOf(call.startsAt, call.minutes), call.place, call.timeZone, call.note ?? '',
      call.bookedBy, call.unread ?? false, call.once ?? null, entered ? host.connectionId : null, entered ? host.enteredIn : null, call.by, at,
    ]),
  ); // prettier-ignore
  return said(tx, runtime, await getCall(tx, companyId, id), { what: 'booked', by: call.bookedBy });
}

export interface Moved {
  readonly startsAt: Date;
  readonly minutes: number;
  readonly place?: string | null;
  readonly timeZone?: string | null;
  readonly unread?: boolean;
  readonly by: 'us' | 'them';
}

/** Moves it, or plans one anew that was called off: calendars know it by the same name. @throws TimeTaken */
export async function moveCall(tx: Transaction, runtime: Runtime, call: Call, to: Moved): Promise<Call> {
  const { companyId, id } = call;
  if (call.hostId !== null) await lockHosts(tx, companyId, [call.hostId]);
  await apart(
    () =>
    tx.query(MOVE, [companyId, id, to.startsAt, endOf(to.startsAt, to.minutes), to.place ?? null, to.timeZone ?? null, to.unread ?? false, runtime.clock.now()]), // prettier-ignore
  );
  return said(tx, runtime, await getCall(tx, companyId, id), { what: 'moved', by: to.by, was: call.startsAt });
}

/** @throws CallSettled it is over, or was called off */
export async function callOff(tx: Transaction, runtime: Runtime, call: Call, by: 'us' | 'them'): Promise<Call> {
  const at = runtime.clock.now();
  if (call.state !== 'planned') throw new CallSettled('This call was called off already');
  if (call.endsAt <= at) throw new CallSettled('This call is over');
  await tx.query(CANCEL, [call.companyId, call.id, at]);
  return said(tx, runtime, await getCall(tx, call.companyId, call.id), { what: 'cancelled', by });
}

const AGAIN: Statement = {
  name: 'calls.enter_again',
  text: `update calls set sequence = sequence + 1, entry_found = null, entry = 'waiting', updated_at = $3 where company_id = $1 and id = $2`,
};

/** Puts it back into the host's calendar as it was planned; nobody hears of it, since nothing changed for them. @throws CallSettled */
export async function enterAgain(tx: Transaction, runtime: Runtime, { companyId, id, state, entry }: Call): Promise<Call> {
  if (state !== 'planned' || entry === null) throw new CallSettled('This call stands in no calendar of ours');
  await tx.query(AGAIN, [companyId, id, runtime.clock.now()]);
  const call = await getCall(tx, companyId, id);
  await reserveEntry(tx, runtime, call);
  return call;
}

/** Whoever comes second is told so in words, whatever the database calls it. */
async function apart(write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (constraintOf(error) === 'calls_apart') throw new TimeTaken('There is another call at that time', { cause: error });
    throw error;
  }
}

interface Said {
  readonly what: 'booked' | 'moved' | 'cancelled';
  readonly by: 'us' | 'them';
  readonly was?: Date;
}

/** Event, timeline, host and calendar: with the change, or not at all. */
async function said(tx: Transaction, runtime: Runtime, call: Call, { what, by, was }: Said): Promise<Call> {
  const { companyId, personId, id } = call;
  const event: DomainEvent = {
    name: `call.${what}`,
    companyId,
    subject: { type: 'call', id },
    personId,
    payload: {
      at: call.startsAt.toISOString(),
      kind_id: call.kindId ?? '',
      kind: call.title,
      by,
      ...(was === undefined ? {} : { was: was.toISOString() }),
    },
  };
  await runtime.engine.emit(tx, [event]);
  await recordInteractions(tx, [
    {
      companyId,
      personId,
      type: 'meeting',
      direction: by === 'them' ? 'inbound' : 'outbound',
      channel: 'calendar',
      content: `${call.title} ${what === 'cancelled' ? 'called off' : what}: ${words(call)}`,
      metadata: { call_id: id },
      at: runtime.clock.now(),
    },
  ]);
  await reserveEntry(tx, runtime, call);
  await tellHost(tx, runtime, call, what, by);
  return call;
}

/** `2 June 2026, 10:00 (Europe/Berlin)`: in the time of whoever calls with us, and in their language where they read it. */
export function words({ startsAt, timeZone }: Pick<Call, 'startsAt' | 'timeZone'>, language: Spoken = 'en'): string {
  const parts = { day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit', hour12: false, timeZone } as const;
  return `${startsAt.toLocaleString(LOCALE[language], parts).replace(' at ', ', ')} (${timeZone})`;
}
