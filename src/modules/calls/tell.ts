import type { Transaction } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';
import { notify } from '#modules/notifications/public.ts';
import type { Call } from './call.ts';

const WORDS = { booked: 'books', moved: 'moves', cancelled: 'calls off' } as const;

/** What somebody outside did with a call is told to its host; what the house does, it knows. */
export async function tellHost(tx: Transaction, runtime: Runtime, call: Call, what: keyof typeof WORDS, by: 'us' | 'them'): Promise<void> {
  if (call.hostId === null || by === 'us') return;
  const when = call.startsAt.toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: call.timeZone });
  const unread = call.unread ? ' Your calendar could not be read then: look whether it fits.' : '';
  await notify(tx, runtime, [
    {
      companyId: call.companyId,
      userId: call.hostId,
      kind: 'call_booked',
      title: `${call.personName} ${WORDS[what]} ${call.title}`,
      body: `${when} (${call.timeZone}).${call.note === '' ? '' : ` “${call.note}”`}${unread}`,
      link: call.clientId === null ? `/people/${call.personId}` : `/clients/${call.clientId}`,
      personId: call.personId,
      key: `call:${call.id}:${call.sequence}`,
    },
  ]);
}
