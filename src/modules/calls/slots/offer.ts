import type { Statement, Transaction } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';
import { holidaysOf } from '#modules/messages/public.ts';
import { hostsOf, type Host } from '../host.ts';
import { weekOf } from '../hours.ts';
import type { Kind } from '../kind.ts';
import { askBusy, type HostBusy } from './busy.ts';
import { freeSlots, isFree, without, type Diary, type Stretch } from './find.ts';

const DAY_MS = 86_400_000;

/** Calls of ours, with those that begin a day before or after: the limit a day counts by the host's wall clock. calls_of_host serves it. */
const OURS: Statement = {
  name: 'calls.ours',
  text: `select host_id as "hostId", kind_id as "kindId", starts_at as "startsAt", ends_at as "endsAt" from calls
          where company_id = $1 and host_id = any ($2::uuid[]) and state = 'planned' and starts_at < $4 and starts_at > $3::timestamptz - interval '2 days' and id is distinct from $5`,
};

/** A call that stands in its host's calendar makes it busy there. */
const ENTERED: Statement = {
  name: 'calls.entered',
  text: `select host_id as "hostId", starts_at as "startsAt", ends_at as "endsAt" from calls where company_id = $1 and id = $2 and state = 'planned' and entry in ('waiting', 'there')`,
};

interface OurCall {
  readonly hostId: string;
  readonly kindId: string | null;
  readonly startsAt: Date;
  readonly endsAt: Date;
}

/** A host with what is known of their time. `unread`: their calendar could not be read. */
export interface Table {
  readonly host: Host;
  readonly diary: Diary;
  readonly unread: string | null;
}

/** What of each host's time is known inside a transaction: hours, holidays, calls of ours, and what their calendars said a moment before. */
export async function tablesOf(
  tx: Transaction,
  companyId: string,
  { kind, hosts, busy, between, except = null }: Asked,
): Promise<readonly Table[]> {
  const holidays = await holidaysOf(tx, companyId);
  const ours = await tx.query<OurCall>(OURS, [companyId, hosts.map(({ userId }) => userId), new Date(between[0]), new Date(between[1] + 2 * DAY_MS), except]); // prettier-ignore
  const [moved] = except === null ? [] : await tx.query<Omit<OurCall, 'kindId'>>(ENTERED, [companyId, except]);
  return hosts.map((host): Table => {
    const said = busy.get(host.userId) ?? { unread: 'nobody asked' };
    const own = ours.filter(({ hostId }) => hostId === host.userId);
    const diary: Diary = {
      hours: { zone: host.timeZone, week: weekOf(host.hours), closed: (day) => holidays !== null && holidays.closed(day) !== null },
      busy: [
        ...without(
          'busy' in said ? said.busy : [],
          moved?.hostId === host.userId ? [moved.startsAt.getTime(), moved.endsAt.getTime()] : null,
        ),
        ...own.map((one): Stretch => [one.startsAt.getTime(), one.endsAt.getTime()]),
      ],
      counted: own.filter(({ kindId }) => kindId === kind.id).map(({ startsAt }) => startsAt.getTime()),
    };
    return { host, diary, unread: 'unread' in said ? said.unread : null };
  });
}

interface Asked {
  readonly kind: Kind;
  readonly hosts: readonly Host[];
  readonly busy: ReadonlyMap<string, HostBusy>;
  readonly between: Stretch;
  /** A call that is moved: its own time is not in its way. */
  readonly except?: string | null;
}

export interface Offer {
  /** When it may begin, in order. */
  readonly times: readonly Date[];
  /** Whose calendar could not be read, and why. */
  readonly unread: readonly { readonly host: Host; readonly why: string }[];
  /** Nothing is offered because of that, not because everybody is busy. */
  readonly blind: boolean;
}

/** Times of one kind, as far as they reach. `hostId`: of this one alone; `except`: a call that is moved. */
export async function offerOf(
  runtime: Runtime,
  companyId: string,
  kind: Kind,
  { hostId = null, except = null, fresh = false }: { hostId?: string | null; except?: string | null; fresh?: boolean } = {},
): Promise<Offer> {
  const now = runtime.clock.now().getTime();
  const between: Stretch = [now, now + (kind.horizonDays + 1) * DAY_MS];
  const ids = hostId === null ? kind.hostIds : [hostId];
  const hosts = await runtime.database.read(companyId, (tx) => hostsOf(tx, companyId, ids));
  const busy = await askBusy(runtime, companyId, hosts, between, { fresh });
  const tables = await runtime.database.read(companyId, (tx) => tablesOf(tx, companyId, { kind, hosts, busy, between, except }));
  const shown = tables.filter((table) => offers(kind, table));
  const times = new Set(shown.flatMap(({ diary }) => freeSlots(kind, diary, now)));
  const unread = tables.flatMap(({ host, unread: why }) => (why === null ? [] : [{ host, why }]));
  return { times: [...times].toSorted((a, b) => a - b).map((at) => new Date(at)), unread, blind: shown.length === 0 && unread.length > 0 };
}

/** Somebody whose calendar cannot be read is there only where that was chosen. */
export const offers = (kind: Kind, { unread }: Table): boolean => unread === null || kind.unread === 'offer';

/** Those of them who can take a call just then. */
export const freeAt = (kind: Kind, tables: readonly Table[], now: number, at: number): readonly Table[] =>
  tables.filter((table) => offers(kind, table) && isFree(kind, table.diary, now, at));

/** What must be known of hosts to book one moment: asked anew, just around it. */
export function around(kind: Kind, at: number): Stretch {
  const minute = 60_000;
  return [at - kind.beforeMinutes * minute, at + (kind.minutes + kind.afterMinutes) * minute];
}
