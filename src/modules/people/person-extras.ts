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
