import type { Clock } from '#core/clock.ts';
import type { Transaction } from '#core/database/database.ts';
import { named } from './named.ts';
import { needsPerson, partsOf, whereOf, type LeadFilter } from './filter.ts';
import type { LeadStatus } from './tables.ts';

/** `leads l` with what the filter looks at, and the condition; `$1` is the company, further values follow. */
function found(filter: LeadFilter, clock: Clock) {
  const parts = partsOf(filter, clock);
  const where = whereOf(parts, 1);
  return {
    text: `from leads l ${needsPerson(parts) ? 'join people p on p.id = l.person_id' : ''} where l.company_id = $1${where.text === '' ? '' : ` and ${where.text}`}`,
    values: where.values,
  };
}

export function countByStatus(
  tx: Transaction,
  companyId: string,
  filter: LeadFilter,
  clock: Clock,
): Promise<{ status: LeadStatus; n: number }[]> {
  const { text, values } = found(filter, clock);
  return tx.query(named('leads.counts', `select l.status, count(*)::int as n ${text} group by l.status`), [companyId, ...values]);
}

/** Counts to `most` and stops there. */
export async function countUpTo(tx: Transaction, companyId: string, filter: LeadFilter, clock: Clock, most: number): Promise<number> {
  const { text, values } = found(filter, clock);
  const [row] = await tx.query<{ n: number }>(
    named('leads.count', `select count(*)::int as n from (select 1 ${text} limit ${most}) as hit`),
    [companyId, ...values],
  );
  return row?.n ?? 0;
}
