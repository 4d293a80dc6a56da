import type { Statement, Transaction } from '#core/database/database.ts';
import type { Person } from './person.ts';

const EMAILS: Statement = {
  name: 'people.emails',
  text: 'select email from person_emails where person_id = $1 and company_id = $2 order by created_at, email',
};

/** All addresses of a person, the primary one first. */
export async function emailsOf(tx: Transaction, companyId: string, person: Person): Promise<string[]> {
  const rows = await tx.query<{ email: string }>(EMAILS, [person.id, companyId]);
  const others = rows.map((row) => row.email).filter((email) => email !== person.email);
  return person.email === null ? others : [person.email, ...others];
}

/** Looks into the leads table from below: a person page says what the person is. */
const LEAD: Statement = {
  name: 'people.lead',
  text: `select id, status, source from leads where person_id = $1 and company_id = $2 order by status not in ('converted', 'lost') desc, created_at desc limit 1`,
};

export async function leadOf(
  tx: Transaction,
  companyId: string,
  personId: string,
): Promise<{ id: string; status: string; source: string | null } | null> {
  const [lead] = await tx.query<{ id: string; status: string; source: string | null }>(LEAD, [personId, companyId]);
  return lead ?? null;
}

export interface PhoneOfPerson {
  /** Null: the primary number, which stands on the person. */
  readonly id: string | null;
  readonly number: string;
  readonly label: string | null;
  readonly primary: boolean;
}

const PHONES: Statement = {
  name: 'people.phones',
  text: `select null::uuid as id, coalesce(p.phone, p.phone_raw) as number, p.phone_label as label, true as "primary", null::timestamptz as at
           from people p where p.id = $1 and p.company_id = $2 and coalesce(p.phone, p.phone_raw) is not null
         union all
         select f.id, coalesce(f.phone, f.phone_raw), f.label, false, f.created_at from person_phones f where f.person_id = $1 and f.company_id = $2
          order by 4 desc, 5, 1`,
};

/** All numbers of a person, the primary one first. */
export function phonesOf(tx: Transaction, companyId: string, personId: string): Promise<PhoneOfPerson[]> {
  return tx.query<PhoneOfPerson>(PHONES, [personId, companyId]);
}
