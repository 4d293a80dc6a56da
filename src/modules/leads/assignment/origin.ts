import type { Statement, Transaction } from '#core/database/database.ts';
import type { Facts } from '#core/engine/types.ts';

export interface Origin {
  readonly owner: { readonly userId: string; readonly name: string; readonly reason: string | null; readonly at: Date | null } | null;
  readonly firstTouch: Facts | null;
  readonly firstAt: Date | null;
  readonly lastTouch: Facts | null;
  readonly lastAt: Date | null;
}

/** The newest decision counts, and only while the owner is still who it chose. */
const ORIGIN: Statement = {
  name: 'leads.origin',
  text: `select case when u.id is null then null else jsonb_build_object('userId', u.id, 'name', coalesce(nullif(u.full_name, ''), u.email), 'reason', a.reason) end as owner,
      a.created_at as at, s.first_touch as "firstTouch", s.first_at as "firstAt", s.last_touch as "lastTouch", s.last_at as "lastAt"
    from leads l
    left join users u on u.id = l.owner_id and u.company_id = l.company_id
    left join lateral (select reason, created_at, user_id from lead_assignments d where d.lead_id = l.id and d.company_id = l.company_id
                        order by d.created_at desc, d.id desc limit 1) a on a.user_id = l.owner_id
    left join lead_sources s on s.lead_id = l.id and s.company_id = l.company_id
   where l.id = $1 and l.company_id = $2`,
};

interface Row extends Omit<Origin, 'owner'> {
  readonly owner: { readonly userId: string; readonly name: string; readonly reason: string | null } | null;
  readonly at: Date | null;
}

/** Undefined when this company has no such lead. */
export async function originOf(tx: Transaction, companyId: string, leadId: string): Promise<Origin | undefined> {
  const [row] = await tx.query<Row>(ORIGIN, [leadId, companyId]);
  if (row === undefined) return undefined;
  const { at, ...rest } = row;
  return { ...rest, owner: row.owner === null ? null : { ...row.owner, at } };
}
