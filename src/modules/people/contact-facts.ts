import type { Statement, Transaction } from '#core/database/database.ts';
import type { ConsentState } from './consent.ts';

/** What must be known of a person before a message goes out. */
export interface ContactFacts {
  readonly companyId: string;
  readonly name: string;
  readonly firstName: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly timeZone: string | null;
  readonly organisationId: string | null;
  /** Strictest state of `marketing` and `marketing.email`. */
  readonly emailConsent: ConsentState | 'unknown';
  readonly optedOut: boolean;
}

const FACTS: Statement = {
  name: 'people.contact_facts',
  text: `select p.id as "personId", p.company_id as "companyId", p.full_name as name, p.first_name as "firstName", p.email, p.phone,
           p.time_zone as "timeZone", p.organisation_id as "organisationId", p.opted_out_at is not null as "optedOut",
           coalesce((select s.state from consent_state s where s.person_id = p.id and s.topic in ('marketing', 'marketing.email')
                      order by array_position(array['objected', 'withdrawn', 'granted'], s.state) limit 1), 'unknown') as "emailConsent"
         from people p where p.id = any($1::uuid[])`,
};

/** For a batch, under either role; a person that is gone is absent. */
export async function contactFacts(tx: Transaction, personIds: readonly string[]): Promise<ReadonlyMap<string, ContactFacts>> {
  const rows = await tx.query<ContactFacts & { personId: string }>(FACTS, [personIds]);
  return new Map(rows.map(({ personId, ...facts }) => [personId, facts]));
}
