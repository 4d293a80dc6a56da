import type { Statement, Transaction } from '#core/database/database.ts';
import type { Facts, SubjectType } from '#core/engine/types.ts';
import { LEAD_FIELDS, PERSON_FIELDS, TAG_NAMES_COLUMN } from '#modules/people/public.ts';
import { LeadUpdates, updateLeads } from './subject-update.ts';

interface Row {
  readonly id: string;
  readonly person_id: string;
  readonly facts: Facts;
}

/** Built by the database, so that a batch is one query and nothing is copied twice. The company comes along once a lead. */
const LOAD: Statement = {
  name: 'leads.facts',
  text: `select l.id, l.person_id, jsonb_build_object(
      'lead', jsonb_build_object('id', l.id, 'name', p.full_name, 'email', p.email, 'phone', coalesce(p.phone, p.phone_raw), 'status', l.status,
        'source', l.source, 'notes', l.notes, 'owner_id', l.owner_id, 'created_at', l.created_at, 'score', s.score, 'grade', s.grade,
        'conversion', round((cp.chance * 100)::numeric, 1)),
      'person', jsonb_build_object('id', p.id, 'name', p.full_name, 'first_name', p.first_name, 'last_name', p.last_name, 'email', p.email,
        'phone', coalesce(p.phone, p.phone_raw), 'time_zone', p.time_zone, 'language', p.language, 'country', p.country, 'locale', p.language, 'opted_out', p.opted_out_at is not null,
        'owner_id', p.owner_id, 'custom', p.custom, 'tags', ${TAG_NAMES_COLUMN}),
      'organisation', case when o.id is null then null else jsonb_build_object('id', o.id, 'name', o.name, 'domain', o.domain) end,
      'company', jsonb_build_object('id', c.id, 'name', c.name, 'industry', c.industry, 'website', c.website, 'settings', c.settings)) as facts
    from jsonb_to_recordset($1::jsonb) as wanted(company_id uuid, id uuid)
    join leads l on l.id = wanted.id and l.company_id = wanted.company_id
    join people p on p.id = l.person_id
    join companies c on c.id = l.company_id
    left join organisations o on o.id = p.organisation_id
    left join lead_scores s on s.lead_id = l.id and s.company_id = l.company_id
    left join conversion_predictions cp on cp.lead_id = l.id and cp.company_id = l.company_id`,
};

/** What a run about a lead may look at. A deleted lead is absent. */
export const leadSubject: SubjectType = {
  type: 'lead',
  fields: [
    ...LEAD_FIELDS,
    { path: 'lead.score', title: 'Score of the lead', type: 'number' },
    { path: 'lead.grade', title: 'Grade of the lead', type: 'text' },
    { path: 'lead.conversion', title: 'Chance that the lead converts, in per cent', type: 'number' },
    ...PERSON_FIELDS.filter((field) => field.path !== 'person.created_at'),
  ],
  async load(tx, subjects) {
    const wanted = subjects.map((subject) => ({ company_id: subject.companyId, id: subject.id }));
    const rows = await tx.query<Row>(LOAD, [JSON.stringify(wanted)]);
    return new Map(rows.map((row) => [row.id, { personId: row.person_id, facts: row.facts }]));
  },
  updates: LeadUpdates,
  update: updateLeads,
};

/** The same for one lead, e.g. to write to them. Undefined when this company has no such lead. */
export async function loadLeadFacts(
  tx: Transaction,
  companyId: string,
  leadId: string,
): Promise<{ readonly personId: string | null; readonly facts: Facts } | undefined> {
  return (await leadSubject.load(tx, [{ companyId, id: leadId }])).get(leadId);
}
