import type { Statement } from '#core/database/database.ts';
import type { Facts, SubjectField, SubjectType } from '#core/engine/types.ts';
import { PERSON_FIELDS, TAG_NAMES_COLUMN } from '#modules/people/public.ts';

interface Row {
  readonly id: string;
  readonly person_id: string;
  readonly facts: Facts;
}

/** Facts of person, organisation and company, as every subject that hangs off a person shows them: for `people p`, `organisations o`, `companies c`. */
export const PERSON_FACTS = `'person', jsonb_build_object('id', p.id, 'name', p.full_name, 'first_name', p.first_name, 'last_name', p.last_name, 'email', p.email,
        'phone', coalesce(p.phone, p.phone_raw), 'time_zone', p.time_zone, 'language', p.language, 'country', p.country, 'locale', p.language,
        'opted_out', p.opted_out_at is not null, 'owner_id', p.owner_id, 'custom', p.custom, 'tags', ${TAG_NAMES_COLUMN}),
      'organisation', case when o.id is null then null else jsonb_build_object('id', o.id, 'name', o.name, 'domain', o.domain) end,
      'company', jsonb_build_object('id', co.id, 'name', co.name, 'industry', co.industry, 'website', co.website, 'settings', co.settings)`;

/** What CLIENT_FACTS and PERSON_FACTS speak of, behind `clients c`. */
export const WITH_CLIENT = `join people p on p.id = c.person_id
    join companies co on co.id = c.company_id
    left join organisations o on o.id = c.organisation_id`;

/** Of `clients c`. */
export const CLIENT_FACTS = `'client', jsonb_build_object('id', c.id, 'status', c.status, 'plan', c.plan, 'contract_start', c.contract_start, 'contract_end', c.contract_end,
        'renews_months', c.contract_renews_months, 'health', c.health_level, 'health_score', c.health_score, 'notes', c.notes, 'owner_id', c.owner_id, 'created_at', c.created_at)`;

const LOAD: Statement = {
  name: 'clients.facts',
  text: `select c.id, c.person_id, jsonb_build_object(${CLIENT_FACTS}, ${PERSON_FACTS}) as facts
    from jsonb_to_recordset($1::jsonb) as wanted(company_id uuid, id uuid)
    join clients c on c.id = wanted.id and c.company_id = wanted.company_id
    ${WITH_CLIENT}`,
};

/** The names of CLIENT_FACTS and PERSON_FACTS. */
export const CLIENT_FIELDS: readonly SubjectField[] = [
  { path: 'client.status', title: 'Status of the client', type: 'text' },
  { path: 'client.plan', title: 'Plan of the client', type: 'text' },
  { path: 'client.contract_start', title: 'Begin of the contract', type: 'moment' },
  { path: 'client.contract_end', title: 'End of the contract', type: 'moment' },
  { path: 'client.renews_months', title: 'Months for which the contract goes on by itself', type: 'number' },
  { path: 'client.health', title: 'Health of the client', type: 'text' },
  { path: 'client.health_score', title: 'Health of the client, of 100', type: 'number' },
  { path: 'client.notes', title: 'Notes on the client', type: 'text' },
  { path: 'client.owner_id', title: 'Who looks after the client', type: 'id' },
  { path: 'client.created_at', title: 'Client since', type: 'moment' },
  ...PERSON_FIELDS.filter((field) => field.path !== 'person.created_at'),
];

/** What a run about a client may look at. A deleted client is absent. */
export const clientSubject: SubjectType = {
  type: 'client',
  newest: {
    name: 'clients.newest',
    text: `select distinct on (c.person_id) c.person_id as "personId", c.id from clients c where c.company_id = $1 and c.person_id = any ($2::uuid[]) order by c.person_id, c.created_at desc, c.id desc`,
  },
  fields: CLIENT_FIELDS,
  async load(tx, subjects) {
    const wanted = subjects.map((subject) => ({ company_id: subject.companyId, id: subject.id }));
    const rows = await tx.query<Row>(LOAD, [JSON.stringify(wanted)]);
    return new Map(rows.map((row) => [row.id, { personId: row.person_id, facts: row.facts }]));
  },
};
