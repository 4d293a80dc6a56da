import type { Statement, Transaction } from '#core/database/database.ts';
import type { MetricDimension } from '../metrics/types.ts';
import type { Blamed } from '../tables.ts';
import { look, type Found, type Watched } from './check.ts';

const KEEP: Statement = {
  name: 'watches.keep',
  text: `update metric_watches set checked_at = $3, wrong = $4, now_amount = $5, before_amount = $6, title = $7, body = $8, blame = $9::jsonb where company_id = $1 and id = $2`,
};
const NAMES: Statement = {
  name: 'watches.deal_names',
  text: `select d.id, d.name, o.name as organisation from deals d left join organisations o on o.id = d.organisation_id where d.company_id = $1 and d.id = any ($2::uuid[])`,
};

export interface NamedDeal {
  readonly dealId: string;
  readonly name: string;
  readonly cents: number;
}

/** The deals behind a change by name; those that are gone are left out. */
export async function nameBlamed(tx: Transaction, companyId: string, blame: readonly Blamed[]): Promise<NamedDeal[]> {
  if (blame.length === 0) return [];
  const ids = blame.map((one) => one.deal_id);
  const rows = await tx.query<{ id: string; name: string }>(NAMES, [companyId, ids]);
  const names = new Map(rows.map((row) => [row.id, row.name]));
  return blame.flatMap(({ deal_id: dealId, cents }) => {
    const name = names.get(dealId);
    return name === undefined ? [] : [{ dealId, name, cents }];
  });
}

/** Looks, and keeps what was found: the alerts read it from there. */
export async function lookAndKeep(tx: Transaction, companyId: string, watchId: string, watched: Watched, now: Date): Promise<Found> {
  const found = await look(tx, companyId, watched, now);
  await tx.query(KEEP, [
    companyId,
    watchId,
    now,
    found.wrong,
    found.now,
    found.before,
    found.title,
    found.body,
    JSON.stringify(found.blame),
  ]);
  return found;
}

const DUE: Statement = {
  name: 'watches.due',
  text: `select id, company_id as "companyId", metric, dimension, value, compare, percent, amount, days from metric_watches
          where active and (checked_at is null or checked_at <= $1::timestamptz - interval '10 minutes') order by checked_at nulls first limit 200`,
};

export interface DueWatch extends Watched {
  readonly id: string;
  readonly companyId: string;
  readonly dimension: MetricDimension | null;
}

/** Those that were not looked at for ten minutes, of every company. */
export const dueWatches = (tx: Transaction, now: Date): Promise<DueWatch[]> => tx.query<DueWatch>(DUE, [now]);
