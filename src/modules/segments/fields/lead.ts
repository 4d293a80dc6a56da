import type { Statement } from '#core/database/database.ts';
import type { FieldOption, FieldType, PersonField } from '#core/fields/types.ts';
import { owners } from './person.ts';

/** The lead that a person currently is: the open one (there is at most one), else the latest. */
const CURRENT = `l.person_id = p.id and l.company_id = $1 and (l.status not in ('converted', 'lost') or not exists (
  select 1 from leads other where other.person_id = l.person_id and other.company_id = $1
     and (other.status not in ('converted', 'lost') or (other.created_at, other.id) > (l.created_at, l.id))))`;

const STATUSES = ['new', 'contacted', 'engaged', 'qualified', 'converted', 'lost', 'unsubscribed'].map((value) => ({
  value,
  label: value.charAt(0).toUpperCase() + value.slice(1),
}));

const SOURCES: Statement = {
  name: 'segments.sources',
  // one look at the index for each source, however many leads there are
  text: `with recursive found as (
      (select source from leads where company_id = $1 and source is not null order by source limit 1)
      union all
      select (select l.source from leads l where l.company_id = $1 and l.source > found.source order by l.source limit 1) from found where found.source is not null
    ) select source as value, source as label from found where source is not null limit 200`,
};

const lead = (name: string, label: string, type: FieldType, value = `l.${name}`): PersonField => ({
  name: `lead.${name}`,
  label,
  group: 'Lead',
  type,
  sql: () => ({ of: 'rows', from: 'leads l', where: CURRENT, value }),
});

/** What the person's lead says. Whoever is no lead lacks all of it. */
export const leadFields: readonly PersonField[] = [
  { ...lead('status', 'Status of the lead', 'choice'), options: STATUSES },
  { ...lead('source', 'Source of the lead', 'choice'), options: (tx, companyId) => tx.query<FieldOption>(SOURCES, [companyId]) },
  { ...lead('owner_id', 'Owner of the lead', 'choice'), cast: 'uuid', options: owners },
  lead('created_at', 'Lead since', 'moment'),
  lead('notes', 'Notes on the lead', 'text'),
];
