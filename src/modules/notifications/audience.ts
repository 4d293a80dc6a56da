import type { Statement, Transaction } from '#core/database/database.ts';

/** The people an event is about, each with who looks after them. */
export interface Looked {
  readonly companyId: string;
  readonly personId: string;
  readonly name: string;
  /** The owner of the lead or the person; without one the admins of the company. */
  readonly userIds: readonly string[];
}

/** The leads table is named here, below the module that owns it, as the timeline does. */
const AUDIENCE: Statement = {
  name: 'notifications.audience',
  text: `select p.company_id as "companyId", p.id as "personId", coalesce(nullif(p.full_name, ''), p.email, 'Somebody') as name,
           coalesce((select array[u.id] from users u where u.id = coalesce(l.owner_id, p.owner_id) and u.company_id = p.company_id and u.is_active and u.deleted_at is null),
             array(select u.id from users u where u.company_id = p.company_id and u.role = 'admin' and u.is_active and u.deleted_at is null)) as "userIds"
         from (select distinct company_id, person_id from jsonb_to_recordset($1::jsonb) as e(company_id uuid, person_id uuid)) e
         join people p on p.id = e.person_id and p.company_id = e.company_id
         left join lateral (select owner_id from leads l where l.person_id = p.id and l.company_id = p.company_id
           order by l.status not in ('converted', 'lost') desc, l.created_at desc limit 1) l on true`,
};

/** Who should hear about these people, by company and person. */
export async function audienceOf(
  tx: Transaction,
  persons: readonly { readonly companyId: string; readonly personId: string }[],
): Promise<ReadonlyMap<string, Looked>> {
  if (persons.length === 0) return new Map();
  const rows = await tx.query<Looked>(AUDIENCE, [
    JSON.stringify(persons.map(({ companyId, personId }) => ({ company_id: companyId, person_id: personId }))),
  ]);
  return new Map(rows.map((row) => [`${row.companyId} ${row.personId}`, row]));
}
