import type { Statement, Transaction } from '#core/database/database.ts';
import { newId } from '#core/ids.ts';
import type { Name } from './names.ts';

/** The address decides; of two calls at once the second finds the first one's person. */
const ENSURE: Statement = {
  name: 'people.ensure',
  text: `with address as (
      insert into person_emails (company_id, email, person_id, created_at) values ($1, $2, $3, $7)
      on conflict (company_id, email) do update set email = excluded.email
      returning person_id, (xmax = 0) as fresh
    ), person as (
      insert into people (id, company_id, full_name, first_name, last_name, email, created_at, updated_at)
      select $3, $1, $4, $5, $6, $2, $7, $7 from address where fresh
    )
    select person_id as "personId" from address`,
};

/** The person behind an address, made when nobody has it yet: no lead, no run, no consent. `email` is normalised. */
export async function ensurePerson(tx: Transaction, companyId: string, email: string, name: Name, at: Date): Promise<string> {
  const [row] = await tx.query<{ personId: string }>(ENSURE, [companyId, email, newId(), name.fullName, name.firstName, name.lastName, at]);
  if (row === undefined) throw new Error('the address was neither found nor made');
  return row.personId;
}
