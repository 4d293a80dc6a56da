import type { Statement, Transaction } from '#core/database/database.ts';
import type { Grain } from '../forecast/trials.ts';

const IN: Statement = {
  name: 'targets.in',
  text: `select owner_id as "ownerId", grain, start::text as start, cents::float8 as cents from deal_targets where company_id = $1 and start >= $2::date and start < $3::date`,
};

export interface Target {
  readonly ownerId: string | null;
  readonly grain: Grain;
  /** First day, `YYYY-MM-DD`. */
  readonly start: string;
  readonly cents: number;
}

/** What was set for periods that begin in [from, to). */
export const targetsIn = (tx: Transaction, companyId: string, from: string, to: string): Promise<Target[]> =>
  tx.query<Target>(IN, [companyId, from, to]);

const monthsOf = (start: string): string[] => {
  const [year = 0, month = 1] = start.split('-').map(Number);
  return [0, 1, 2].map((more) => new Date(Date.UTC(year, month - 1 + more, 1)).toISOString().slice(0, 10));
};

/**
 * What a period is meant to bring: what was set for it; else, of a quarter, what its months add up to; else, of the company, what its owners add up to.
 * Null: nobody set anything.
 */
export function targetOf(targets: readonly Target[], ownerId: string | null, grain: Grain, start: string): number | null {
  const own = targets.find((one) => one.ownerId === ownerId && one.grain === grain && one.start === start);
  if (own !== undefined) return own.cents;
  if (grain === 'quarter') {
    const parts = monthsOf(start).flatMap((month) => targetOf(targets, ownerId, 'month', month) ?? []);
    if (parts.length > 0) return parts.reduce((sum, cents) => sum + cents, 0);
  }
  if (ownerId !== null) return null;
  const owners = [...new Set(targets.flatMap((one) => one.ownerId ?? []))].flatMap((id) => targetOf(targets, id, grain, start) ?? []);
  return owners.length === 0 ? null : owners.reduce((sum, cents) => sum + cents, 0);
}
