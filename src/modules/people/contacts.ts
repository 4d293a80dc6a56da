import type { Statement, Transaction } from '#core/database/database.ts';

/** The addresses and numbers beside the primary ones, into the column that search looks at. */
const REFRESH: Statement = {
  name: 'people.contacts.refresh',
  text: `update people p set other_contacts = known.text
           from (select own.id, coalesce(string_agg(' ' || lower(other.value), '' order by other.value), '') as text
                   from people own left join lateral (
                     select e.email as value from person_emails e
                      where e.person_id = own.id and e.company_id = $1 and e.email is distinct from own.email
                     union all
                     select coalesce(f.phone, f.phone_raw) from person_phones f where f.person_id = own.id and f.company_id = $1
                   ) other on true
                  where own.company_id = $1 and own.id = any($2::uuid[]) group by own.id) known
          where p.id = known.id and p.company_id = $1 and p.other_contacts <> known.text`,
};

/**
 * To be called when people got or lost a second address or number (person_emails, person_phones): search finds them by it.
 * Set-based, any role. A person with one address and one number needs no call.
 */
export async function refreshContacts(tx: Transaction, companyId: string, personIds: readonly string[]): Promise<void> {
  if (personIds.length > 0) await tx.query(REFRESH, [companyId, personIds]);
}
