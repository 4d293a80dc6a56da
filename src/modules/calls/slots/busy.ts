import { CredentialsRejected, MaybeDone, VendorRefused, VendorUnavailable } from '#core/connector/errors.ts';
import type { Runtime } from '#core/runtime.ts';
import { calendarPort, connectionById } from '#modules/connections/public.ts';
import { noteAsked, type Host } from '../host.ts';
import type { Stretch } from './find.ts';

/** What a host's calendars say. `unread`: why they say nothing; never the same as free. */
export type HostBusy = { readonly busy: readonly Stretch[] } | { readonly unread: string };

/** Somebody who looks at times may see them as they were so long ago; whoever books one never does. */
const KEPT_MS = 60_000;
/** A page waits for calendars no longer than that. */
const TIMEOUT_MS = 12_000;
const ANSWERS = [CredentialsRejected, VendorUnavailable, VendorRefused, MaybeDone];

interface Kept {
  readonly at: number;
  readonly answer: HostBusy;
}
const kept = new WeakMap<Runtime, Map<string, Kept>>();

/** When these hosts are busy by their own calendars, by user. Asks outside of any transaction; who connected none is known by our own calls alone. */
export async function askBusy(
  runtime: Runtime,
  companyId: string,
  hosts: readonly Host[],
  [from, to]: Stretch,
  { fresh = false } = {},
): Promise<ReadonlyMap<string, HostBusy>> {
  const now = runtime.clock.now().getTime();
  const known = kept.get(runtime) ?? new Map<string, Kept>();
  kept.set(runtime, known);
  for (const [key, { at }] of known) if (now - at > KEPT_MS || at > now) known.delete(key);
  const all = await Promise.all(
    hosts.map(async (host): Promise<[string, HostBusy]> => {
      if (host.connectionId === null) return [host.userId, { busy: [] }];
      const key = `${host.userId} ${host.updatedAt.getTime()} ${Math.floor(from / KEPT_MS)} ${Math.floor(to / KEPT_MS)}`;
      const before = fresh ? undefined : known.get(key);
      if (before !== undefined) return [host.userId, before.answer];
      const answer = await askOne(runtime, companyId, host, [from, to]);
      if (!('unread' in answer)) known.set(key, { at: now, answer });
      const problem = 'unread' in answer ? answer.unread : null;
      if (problem !== host.problem || host.askedAt === null || fresh)
        await runtime.database.write(companyId, (tx) => noteAsked(tx, companyId, host.userId, runtime.clock.now(), problem));
      return [host.userId, answer];
    }),
  );
  return new Map(all);
}

async function askOne(runtime: Runtime, companyId: string, host: Host, [from, to]: Stretch): Promise<HostBusy> {
  if (host.calendars.length === 0) return { busy: [] };
  const { connectionId } = host;
  const row =
    connectionId === null ? undefined : await runtime.database.read(companyId, (tx) => connectionById(tx, companyId, connectionId));
  if (row === undefined) return { unread: 'the calendar is no longer connected' };
  try {
    const port = await calendarPort(runtime, row, AbortSignal.timeout(TIMEOUT_MS));
    const said = await port.busy(host.calendars, new Date(from), new Date(to));
    const busy: Stretch[] = [];
    for (const [name, one] of said) {
      if ('problem' in one) return { unread: `${name}: ${one.problem}` };
      busy.push(...one.busy.map(({ start, end }): Stretch => [start.getTime(), end.getTime()]));
    }
    return { busy };
  } catch (error) {
    if (!(error instanceof Error) || !ANSWERS.some((expected) => error instanceof expected)) throw error;
    return { unread: error.message };
  }
}
