import type { Statement, Transaction } from '#core/database/database.ts';
import type { LeadStatus } from './tables.ts';

export interface LeadOfPerson {
  readonly id: string;
  readonly personId: string;
  readonly status: LeadStatus;
  readonly ownerId: string | null;
  readonly name: string;
  readonly email: string | null;
  readonly notes: string | null;
}

const OF_PERSONS: Statement = {
  name: 'leads.of_persons',
  text: `select distinct on (l.person_id) l.id, l.person_id as "personId", l.status, coalesce(l.owner_id, p.owner_id) as "ownerId", p.full_name as name, p.email, l.notes
           from leads l join people p on p.id = l.person_id
          where l.company_id = $1 and l.person_id = any($2::uuid[])
          order by l.person_id, l.status not in ('converted', 'lost') desc, l.created_at desc`,
};

/** The lead that each of these people currently is, or was last; who is none is absent. Any role. */
export function leadsOfPersons(tx: Transaction, companyId: string, personIds: readonly string[]): Promise<LeadOfPerson[]> {
  return tx.query<LeadOfPerson>(OF_PERSONS, [companyId, personIds]);
}
