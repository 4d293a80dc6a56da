import type { Statement, Transaction } from '#core/database/database.ts';
import { companyCurrency } from '#modules/accounts/public.ts';
import type { FoundLead } from './snapshot.ts';

/** Wins that still count as news. */
const WON_DAYS = 90;
/** A file that a spreadsheet can open. */
const MOST = 100_000;

const LEADS: Statement = {
  name: 'deals.daily',
  text: `select d.id, d.name, coalesce(o.name, '') as company, s.name as stage, d.status, d.base_cents::float8 / 10 ^ steward_minor_digits($5) as value,
           case d.status when 'won' then 1.0 else coalesce(d.probability, s.probability) / 100.0 end::float8 as probability, coalesce(w.name, '') as owner,
           d.created_at as "createdAt", d.updated_at as "updatedAt"
         from deals d join deal_stages s on s.id = d.stage_id left join organisations o on o.id = d.organisation_id left join deal_owners w on w.id = d.owner_id
        where d.company_id = $1 and (d.status = 'open' or (d.status = 'won' and d.closed_at > $2::timestamptz - make_interval(days => $3)))
        order by d.status, d.base_cents desc, d.id limit $4`,
};

const second = (at: Date) => `${at.toISOString().slice(0, 19)}Z`;

/** Open deals, and those won of late, largest first; money in the company's currency. */
export async function ownLeads(tx: Transaction, companyId: string, now: Date): Promise<FoundLead[]> {
  type Row = Omit<FoundLead, 'created_at' | 'updated_at'> & { readonly createdAt: Date; readonly updatedAt: Date };
  const rows = await tx.query<Row>(LEADS, [companyId, now, WON_DAYS, MOST, await companyCurrency(tx, companyId)]);
  return rows.map(({ createdAt, updatedAt, ...row }) => ({ ...row, created_at: second(createdAt), updated_at: second(updatedAt) }));
}
