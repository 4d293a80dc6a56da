import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import type { Facts, SubjectType } from '#core/engine/types.ts';
import { LEAD_FIELDS, PERSON_FIELDS } from './subject-fields.ts';
import { ownerField, personUpdates, setPersons, something } from './subject-update.ts';
import { TAG_NAMES_COLUMN } from './tags/tag.ts';

/** The same names as of a lead; the lead is the one the person is, or was last, looked at from below the module that owns it. */
const LOAD: Statement = {
  name: 'people.facts',
  text: `select p.id, jsonb_build_object(
      'person', jsonb_build_object('id', p.id, 'name', p.full_name, 'first_name', p.first_name, 'last_name', p.last_name, 'email', p.email,
        'phone', coalesce(p.phone, p.phone_raw), 'time_zone', p.time_zone, 'language', p.language, 'country', p.country, 'locale', p.language, 'opted_out', p.opted_out_at is not null,
        'owner_id', p.owner_id, 'created_at', p.created_at, 'custom', p.custom, 'tags', ${TAG_NAMES_COLUMN}),
      'lead', case when l.id is null then null else jsonb_build_object('id', l.id, 'name', p.full_name, 'email', p.email, 'phone', coalesce(p.phone, p.phone_raw),
        'status', l.status, 'source', l.source, 'notes', l.notes, 'owner_id', l.owner_id, 'created_at', l.created_at) end,
      'organisation', case when o.id is null then null else jsonb_build_object('id', o.id, 'name', o.name, 'domain', o.domain) end,
      'company', jsonb_build_object('id', c.id, 'name', c.name, 'industry', c.industry, 'website', c.website, 'settings', c.settings)) as facts
    from jsonb_to_recordset($1::jsonb) as wanted(company_id uuid, id uuid)
    join people p on p.id = wanted.id and p.company_id = wanted.company_id
    join companies c on c.id = p.company_id
    left join organisations o on o.id = p.organisation_id
    left join lateral (
      select * from leads x where x.person_id = p.id and x.company_id = p.company_id
       order by x.status not in ('converted', 'lost') desc, x.created_at desc limit 1
    ) l on true`,
};

const PersonUpdates = something(z.strictObject({ ...personUpdates, ownerId: ownerField() }));

/** What a run about a person may look at. A person who is gone is absent. */
export const personSubject: SubjectType = {
  type: 'person',
  fields: [...PERSON_FIELDS, ...LEAD_FIELDS],
  async load(tx, subjects) {
    const wanted = subjects.map((subject) => ({ company_id: subject.companyId, id: subject.id }));
    const rows = await tx.query<{ id: string; facts: Facts }>(LOAD, [JSON.stringify(wanted)]);
    return new Map(rows.map((row) => [row.id, { personId: row.id, facts: row.facts }]));
  },
  updates: PersonUpdates,
  async update(tx, changes, runtime) {
    const read = changes.map(({ companyId, id, set }) => ({ companyId, personId: id, set: PersonUpdates.parse(set) }));
    await setPersons(tx, runtime, read);
  },
};
