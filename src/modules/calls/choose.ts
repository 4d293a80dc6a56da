import type { Transaction } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';
import { writeCall, moveCall } from './book.ts';
import { comingCalls, getCall, type Call } from './call.ts';
import { CalendarsUnread, CallPlanned, CallSettled, TimeTaken } from './errors.ts';
import { hostsOf, lockHosts } from './host.ts';
import { getKind, type Kind } from './kind.ts';
import { askBusy, type HostBusy } from './slots/busy.ts';
import { around, freeAt, tablesOf, type Table } from './slots/offer.ts';

/** Somebody chose one of the times on offer. */
export interface Choice {
  readonly kindId: string;
  readonly at: Date;
  /** Null: any host of the kind who is free then. */
  readonly hostId?: string | null;
  readonly timeZone: string | null;
  readonly note?: string;
  readonly bookedBy: 'us' | 'them';
  /** Names the drawing of the page: the same one books once. */
  readonly once?: string | null;
  readonly by: string | null;
  /** Who it is, known or made in the booking's own transaction. */
  person(tx: Transaction): Promise<string>;
}

/**
 * Books a time that was on offer. Calendars are asked anew outside of the transaction; inside it bookings of the kind and of its hosts follow each other, and what
 * they wrote meanwhile is looked at again. Of two who press the same time, one gets it. @throws TimeTaken, CalendarsUnread, CallPlanned
 */
export async function bookTime(runtime: Runtime, companyId: string, choice: Choice): Promise<Call> {
  const kind = await runtime.database.read(companyId, (tx) => getKind(tx, companyId, choice.kindId));
  const busy = await askAnew(runtime, companyId, kind, choice.hostId ?? null, choice.at);
  return runtime.database.write(companyId, async (tx) => {
    const locked = await getKind(tx, companyId, kind.id, { lock: true });
    const before = choice.once == null ? null : await bookedOnce(tx, companyId, choice.once);
    if (before !== null) return before;
    const personId = await choice.person(tx);
    const [planned] = await comingCalls(tx, companyId, personId, runtime.clock.now(), kind.id);
    if (planned !== undefined) throw new CallPlanned('Such a call is planned already; move that one');
    const table = await free(tx, runtime, companyId, locked, { busy, hostId: choice.hostId ?? null, at: choice.at });
    return writeCall(tx, runtime, companyId, {
      personId,
      kindId: locked.id,
      hostId: table.host.userId,
      title: locked.title,
      startsAt: choice.at,
      minutes: locked.minutes,
      place: locked.place,
      timeZone: choice.timeZone,
      note: choice.note ?? '',
      bookedBy: choice.bookedBy,
      unread: table.unread !== null,
      once: choice.once ?? null,
      by: choice.by,
    });
  });
}

/** Moves a call to another time on offer, with the same host. @throws TimeTaken, CalendarsUnread, CallSettled */
export async function moveTo(
  runtime: Runtime,
  companyId: string,
  { call: id, at, timeZone, by }: { call: string; at: Date; timeZone: string | null; by: 'us' | 'them' },
): Promise<Call> {
  const { call, kind } = await runtime.database.read(companyId, async (tx) => {
    const found = await getCall(tx, companyId, id);
    if (found.kindId === null) throw new CallSettled('This call is of no kind; plan it at a time of your own');
    return { call: found, kind: await getKind(tx, companyId, found.kindId) };
  });
  const busy = await askAnew(runtime, companyId, kind, call.hostId, at);
  return runtime.database.write(companyId, async (tx) => {
    const locked = await getKind(tx, companyId, kind.id, { lock: true });
    const now = runtime.clock.now();
    const standing = await getCall(tx, companyId, id, { lock: true });
    if (standing.state !== 'planned' || standing.endsAt <= now) throw new CallSettled('This call is over, or was called off');
    if (standing.startsAt.getTime() === at.getTime()) return standing;
    const table = await free(tx, runtime, companyId, locked, { busy, hostId: standing.hostId, at, except: id });
    return moveCall(tx, runtime, standing, { startsAt: at, minutes: locked.minutes, timeZone, unread: table.unread !== null, by });
  });
}

async function askAnew(runtime: Runtime, companyId: string, kind: Kind, hostId: string | null, at: Date) {
  const hosts = await runtime.database.read(companyId, (tx) => hostsOf(tx, companyId, hostId === null ? kind.hostIds : [hostId]));
  return askBusy(runtime, companyId, hosts, around(kind, at.getTime()), { fresh: true });
}

interface Wanted {
  readonly busy: ReadonlyMap<string, HostBusy>;
  readonly hostId: string | null;
  readonly at: Date;
  readonly except?: string;
}

/** Who takes it: of those who are free then, whoever has the least to do. */
async function free(tx: Transaction, runtime: Runtime, companyId: string, kind: Kind, wanted: Wanted): Promise<Table> {
  const ids = wanted.hostId === null ? kind.hostIds : [wanted.hostId];
  await lockHosts(tx, companyId, ids);
  const hosts = await hostsOf(tx, companyId, ids);
  const [now, at] = [runtime.clock.now().getTime(), wanted.at.getTime()];
  const tables = await tablesOf(tx, companyId, {
    kind,
    hosts,
    busy: wanted.busy,
    between: around(kind, at),
    except: wanted.except ?? null,
  });
  const able = freeAt(kind, tables, now, at);
  const [first] = able.toSorted((a, b) => a.diary.busy.length - b.diary.busy.length);
  if (first !== undefined) return first;
  if (kind.unread === 'hide' && tables.length > 0 && tables.every(({ unread }) => unread !== null))
    throw new CalendarsUnread('The calendar cannot be read right now, so nothing is booked on a guess. Try again in a few minutes', {
      retryAfterS: 60,
    });
  throw new TimeTaken('This time was just taken. Choose another one');
}

async function bookedOnce(tx: Transaction, companyId: string, once: string): Promise<Call | null> {
  const [row] = await tx.query<{ id: string }>({ name: 'calls.once', text: 'select id from calls where company_id = $1 and once = $2' }, [
    companyId,
    once,
  ]);
  return row === undefined ? null : getCall(tx, companyId, row.id);
}
