import type { Statement, Transaction } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';
import type { Call } from '../call.ts';

export const CALENDAR_ENTRY = 'calendar_entry';

const WHERE: Statement = {
  name: 'calls.where',
  text: `select connection_id as "connectionId", calendar from calls where company_id = $1 and id = $2 and connection_id is not null and calendar is not null`,
};

/**
 * What is done in the host's calendar, by the ledger: one entry a change. It names the place alone, nobody and no text; what is written there is read when it
 * is written, so that nothing old overtakes anything new.
 */
export async function reserveEntry(tx: Transaction, runtime: Runtime, { companyId, id, sequence }: Call): Promise<void> {
  const [place] = await tx.query<{ connectionId: string; calendar: string }>(WHERE, [companyId, id]);
  if (place === undefined) return;
  await runtime.effects.reserve(tx, [
    {
      companyId,
      kind: CALENDAR_ENTRY,
      key: `call/${id}/${sequence}`,
      subject: { type: 'call', id },
      connectionId: place.connectionId,
      payload: { call_id: id, calendar: place.calendar, sequence },
    },
  ]);
}
