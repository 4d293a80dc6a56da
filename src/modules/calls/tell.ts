import type { Transaction } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';
import { notify } from '#modules/notifications/public.ts';
import type { Call } from './call.ts';
import type { EntryFound } from './tables.ts';

const WORDS = { booked: 'books', moved: 'moves', cancelled: 'calls off' } as const;

/** What somebody outside did with a call is told to its host; what the house does, it knows. */
export async function tellHost(tx: Transaction, runtime: Runtime, call: Call, what: keyof typeof WORDS, by: 'us' | 'them'): Promise<void> {
  if (call.hostId === null || by === 'us') return;
  const when = momentOf(call, call.startsAt);
  const unread = call.unread ? ' Your calendar could not be read then: look whether it fits.' : '';
  await notify(tx, runtime, [
    {
      companyId: call.companyId,
      userId: call.hostId,
      kind: 'call_booked',
      title: `${call.personName} ${WORDS[what]} ${call.title}`,
      body: `${when} (${call.timeZone}).${call.note === '' ? '' : ` “${call.note}”`}${unread}`,
      link: linkOf(call),
      personId: call.personId,
      key: `call:${call.id}:${call.sequence}`,
    },
  ]);
}

const momentOf = ({ timeZone }: Call, at: Date) => at.toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone });
const linkOf = ({ clientId, personId }: Call) => (clientId === null ? `/people/${personId}` : `/clients/${clientId}`);

/** What was done to the entry in the host's own calendar changes no call by itself: the other side expects what they were told. */
export async function tellFound(tx: Transaction, runtime: Runtime, call: Call, { startsAt }: EntryFound): Promise<void> {
  if (call.hostId === null) return;
  const what = startsAt === null ? 'was taken out of your calendar' : 'was moved in your calendar';
  const to = startsAt === null ? '' : `There it is on ${momentOf(call, new Date(startsAt))}. `;
  await notify(tx, runtime, [
    {
      companyId: call.companyId,
      userId: call.hostId,
      kind: 'call_booked',
      title: `${call.title} with ${call.personName} ${what}`,
      body: `${to}${call.personName} still expects it on ${momentOf(call, call.startsAt)} (${call.timeZone}). Move it here or call it off, so that they hear of it; or put it back.`,
      link: linkOf(call),
      personId: call.personId,
      key: `call:${call.id}:${call.sequence}:${startsAt ?? 'out'}`,
    },
  ]);
}
