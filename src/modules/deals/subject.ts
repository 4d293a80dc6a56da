import type { Statement } from '#core/database/database.ts';
import type { Facts, SubjectType } from '#core/engine/types.ts';

const LOAD: Statement = {
  name: 'deals.facts',
  text: `select d.id, x.person_id, jsonb_build_object(
      'deal', jsonb_build_object('id', d.id, 'name', d.name, 'stage', s.name, 'status', d.status, 'amount', d.amount_cents / 10.0 ^ steward_minor_digits(d.currency), 'currency', d.currency, 'owner', w.name, 'product', p.name,
        'source', d.source, 'forecast', d.forecast, 'close_date', d.close_date, 'created_at', d.created_at),
      'person', case when h.id is null then null else jsonb_build_object('id', h.id, 'name', h.full_name, 'first_name', h.first_name, 'last_name', h.last_name, 'email', h.email, 'phone', coalesce(h.phone, h.phone_raw),
        'time_zone', h.time_zone, 'language', h.language, 'country', h.country, 'locale', h.language, 'opted_out', h.opted_out_at is not null, 'owner_id', h.owner_id, 'custom', h.custom) end,
      'organisation', case when o.id is null then null else jsonb_build_object('id', o.id, 'name', o.name, 'domain', o.domain) end,
      'company', jsonb_build_object('id', c.id, 'name', c.name, 'industry', c.industry, 'website', c.website, 'settings', c.settings)) as facts
    from jsonb_to_recordset($1::jsonb) as wanted(company_id uuid, id uuid)
    join deals d on d.id = wanted.id and d.company_id = wanted.company_id
    join deal_stages s on s.id = d.stage_id
    join companies c on c.id = d.company_id
    left join deal_owners w on w.id = d.owner_id
    left join products p on p.id = d.product_id
    left join organisations o on o.id = d.organisation_id
    left join lateral (select person_id from deal_people where deal_id = d.id and company_id = d.company_id order by person_id limit 1) x on true
    left join people h on h.id = x.person_id`,
};

/** What a run about a deal may look at. Its person is the first of those who are named with it. */
export const dealSubject: SubjectType = {
  type: 'deal',
  fields: [
    { path: 'deal.id', title: 'Id of the deal', type: 'id' },
    { path: 'deal.name', title: 'Name of the deal', type: 'text' },
    { path: 'deal.stage', title: 'Stage of the deal', type: 'text' },
    { path: 'deal.status', title: 'Open, won or lost', type: 'text' },
    { path: 'deal.amount', title: 'Amount of the deal', type: 'number' },
    { path: 'deal.currency', title: 'Currency of the deal', type: 'text' },
    { path: 'deal.owner', title: 'Owner of the deal', type: 'text' },
    { path: 'deal.product', title: 'Product of the deal', type: 'text' },
    { path: 'deal.source', title: 'Source of the deal', type: 'text' },
    { path: 'deal.forecast', title: 'Forecast category', type: 'text' },
    { path: 'deal.close_date', title: 'Close date of the deal', type: 'text' },
    { path: 'deal.created_at', title: 'When the deal was noted', type: 'moment' },
    { path: 'person.id', title: 'Id of the person', type: 'id' },
    { path: 'person.name', title: 'Name of the person', type: 'text' },
    { path: 'person.first_name', title: 'First name', type: 'text' },
    { path: 'person.email', title: 'Email address', type: 'text' },
    { path: 'organisation.name', title: 'Organisation', type: 'text' },
    { path: 'company.name', title: 'Name of your company', type: 'text' },
  ],
  async load(tx, subjects) {
    const wanted = subjects.map((subject) => ({ company_id: subject.companyId, id: subject.id }));
    const rows = await tx.query<{ id: string; person_id: string | null; facts: Facts }>(LOAD, [JSON.stringify(wanted)]);
    return new Map(rows.map((row) => [row.id, { personId: row.person_id, facts: row.facts }]));
  },
};
