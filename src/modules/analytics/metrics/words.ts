import type { Statement, Transaction } from '#core/database/database.ts';
import { minorDigits } from '#core/money.ts';
import type { MetricDimension, Unit } from './types.ts';

/** 52000000 cents, 0.4321, 17.3 days, 1200 → as a person reads it. */
export function amountWords(amount: number | null, unit: Unit, currency: string): string {
  if (amount === null) return 'nothing to measure';
  if (unit === 'share') return `${(amount * 100).toFixed(1)} %`;
  if (unit === 'days') return `${amount.toFixed(1)} days`;
  if (unit === 'count') return new Intl.NumberFormat('en', { maximumFractionDigits: 1 }).format(amount);
  return new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'narrowSymbol', maximumFractionDigits: 0 }).format(amount / 10 ** minorDigits(currency));
} // prettier-ignore

const NAMES: Statement = {
  name: 'metrics.names',
  text: `select id::text as value, name from deal_owners where company_id = $1 and $2 = 'owner' union all select id::text, name from products where company_id = $1 and $2 = 'product'
         union all select id::text, name from deal_stages where company_id = $1 and $2 = 'stage' union all select id::text, title from workflows where company_id = $1 and $2 = 'workflow'`,
};
const NAMED = new Set<MetricDimension>(['owner', 'product', 'stage', 'workflow']);
/** There may be many clients: only those that are asked for. */
const CLIENTS: Statement = {
  name: 'metrics.client_names',
  text: `select c.id::text as value, coalesce(o.name, nullif(p.full_name, ''), p.email, 'A client') as name from clients c
           join people p on p.id = c.person_id left join organisations o on o.id = c.organisation_id where c.company_id = $1 and c.id = any ($2::uuid[])`,
};
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What the values of a dimension are called. */
export async function valueNames(
  tx: Transaction,
  companyId: string,
  dimension: MetricDimension,
  values: readonly string[] = [],
): Promise<(value: string) => string> {
  const rows =
    dimension === 'client'
      ? await tx.query<{ value: string; name: string }>(CLIENTS, [companyId, values.filter((value) => UUID.test(value))])
      : NAMED.has(dimension)
        ? await tx.query<{ value: string; name: string }>(NAMES, [companyId, dimension])
        : [];
  const names = new Map(rows.map((row) => [row.value, row.name]));
  return (value) => (value === '' ? 'None' : (names.get(value) ?? (dimension === 'client' && UUID.test(value) ? 'A client who is gone' : value)));
} // prettier-ignore
