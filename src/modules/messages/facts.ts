import type { Statement, Transaction } from '#core/database/database.ts';
import type { Facts } from '#core/engine/types.ts';
import { TAG_NAMES_COLUMN } from '#modules/people/public.ts';
import type { SenderSettings } from './gate/settings.ts';

const LOAD: Statement = {
  name: 'messages.facts',
  text: `select jsonb_build_object(
      'person', jsonb_build_object('id', p.id, 'name', p.full_name, 'first_name', p.first_name, 'last_name', p.last_name, 'email', p.email, 'phone', p.phone, 'time_zone', p.time_zone, 'language', p.language, 'country', p.country, 'custom', p.custom, 'tags', ${TAG_NAMES_COLUMN}),
      'lead', case when l.id is null then null else jsonb_build_object('id', l.id, 'name', p.full_name, 'email', p.email, 'status', l.status, 'source', l.source, 'notes', l.notes) end,
      'organisation', case when o.id is null then null else jsonb_build_object('id', o.id, 'name', o.name, 'domain', o.domain) end,
      'company', jsonb_build_object('id', c.id, 'name', c.name, 'industry', c.industry, 'website', c.website, 'settings', c.settings)) as facts, l.id as "leadId", p.full_name as name, p.email
    from people p join companies c on c.id = p.company_id left join organisations o on o.id = p.organisation_id
    left join lateral (select * from leads x where x.person_id = p.id order by x.status not in ('converted', 'lost') desc, x.created_at desc limit 1) l on true
   where p.id = $1 and p.company_id = $2`,
};

export interface PersonFacts {
  readonly facts: Facts;
  readonly leadId: string | null;
  readonly name: string;
  readonly email: string | null;
}

/** What a template may use when somebody writes to one person by hand: the same names as in a run. */
export async function factsOfPerson(tx: Transaction, companyId: string, personId: string): Promise<PersonFacts | undefined> {
  const [row] = await tx.query<PersonFacts>(LOAD, [personId, companyId]);
  return row;
}

/** A person who does not exist, to look at a template with. */
export function sampleFacts(companyName: string): Facts {
  return {
    person: {
      name: 'Ann Example',
      first_name: 'Ann',
      last_name: 'Example',
      email: 'ann@example.com',
      phone: '+491700000000',
      time_zone: 'Europe/Berlin',
      language: 'en',
      country: 'DE',
    },
    lead: { name: 'Ann Example', email: 'ann@example.com', status: 'new', source: 'website', notes: 'Wants to know what it costs' },
    organisation: { name: 'Example Ltd', domain: 'example.com' },
    company: { name: companyName, industry: null, website: null, settings: {} },
  };
}

export function senderFacts(settings: SenderSettings | undefined): Facts {
  return { sender: { name: settings?.from?.name ?? null, email: settings?.from?.address ?? null } };
}
