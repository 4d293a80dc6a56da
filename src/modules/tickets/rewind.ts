import type { Statement, Transaction } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';
import { windClocks } from './sla/clocks.ts';
import { loadSupport } from './sla/rules.ts';
import { holdTickets, saveTickets } from './ticket.ts';

/** Tickets in one statement. */
const BATCH = 500;

const OLD: Statement = {
  name: 'tickets.of_other_rules',
  text: `select id from tickets where company_id = $1 and clock_key <> $2 and state in ('open', 'pending', 'on_hold') and merged_into_id is null order by id limit ${BATCH}`,
};

/** Works the moments of active tickets out anew where hours, holidays or targets have changed since. Answers how many. tickets_clock serves it. */
export async function rewindTickets(tx: Transaction, runtime: Runtime, companyId: string): Promise<number> {
  const { rules } = await loadSupport(tx, companyId);
  let count = 0;
  for (;;) {
    const ids = (await tx.query<{ id: string }>(OLD, [companyId, rules.key])).map((row) => row.id);
    if (ids.length === 0) return count;
    const rows = await holdTickets(tx, companyId, ids);
    const at = runtime.clock.now();
    for (const row of rows) windClocks(row, rules, at);
    await saveTickets(tx, companyId, rows);
    count += rows.length;
  }
}
