import type { Statement, Transaction } from '#core/database/database.ts';
import type { FieldOption, FieldSource, FieldType, PersonField } from '#core/fields/types.ts';
import { customFields } from '#modules/people/public.ts';

const GROUP = 'Person';

const column = (name: string, label: string, type: FieldType, value: string): PersonField => ({
  name: `person.${name}`,
  label,
  group: GROUP,
  type,
  sql: () => ({ of: 'person', value }),
});

const OWNERS: Statement = {
  name: 'segments.owners',
  text: `select id as value, coalesce(nullif(full_name, ''), email) as label from users where company_id = $1 and is_active order by 2 limit 500`,
};
export const owners = (tx: Transaction, companyId: string) => tx.query<FieldOption>(OWNERS, [companyId]);

const ORGANISATIONS: Statement = {
  name: 'segments.organisations',
  text: `select id as value, name as label from organisations where company_id = $1 order by created_at desc, id desc limit 200`,
};
const TAGS: Statement = { name: 'segments.tags', text: `select id, name from tags where company_id = $1 order by name limit 5000` };

/** What stands on the person. */
export const personFields: readonly PersonField[] = [
  column('name', 'Name', 'text', 'p.full_name'),
  column('first_name', 'First name', 'text', 'p.first_name'),
  column('last_name', 'Last name', 'text', 'p.last_name'),
  column('email', 'Email', 'text', 'p.email'),
  column('phone', 'Phone', 'text', 'coalesce(p.phone, p.phone_raw)'),
  column('language', 'Language', 'text', 'p.language'),
  column('country', 'Country (two letters)', 'text', 'p.country'),
  column('time_zone', 'Time zone', 'text', 'p.time_zone'),
  column('created_at', 'Known since', 'moment', 'p.created_at'),
  column('opted_out', 'Opted out', 'boolean', '(p.opted_out_at is not null)'),
  {
    ...column('owner_id', 'Owner', 'choice', 'p.owner_id'),
    cast: 'uuid',
    options: owners,
  },
  {
    name: 'organisation.id',
    label: 'Organisation',
    group: 'Organisation',
    type: 'choice',
    cast: 'uuid',
    options: (tx, companyId) => tx.query<FieldOption>(ORGANISATIONS, [companyId]),
    sql: () => ({ of: 'person', value: 'p.organisation_id' }),
  },
  organisation('name', 'Name of the organisation'),
  organisation('domain', 'Domain of the organisation'),
];

function organisation(name: string, label: string): PersonField {
  return {
    name: `organisation.${name}`,
    label,
    group: 'Organisation',
    type: 'text',
    sql: () => ({
      of: 'rows',
      from: 'organisations o',
      where: 'o.id = p.organisation_id and o.company_id = $1',
      value: `o.${name}`,
    }),
  };
}

/** Tags by name, as the person carries them. */
export const tagField: FieldSource = async (tx, companyId) => {
  const tags = await tx.query<{ id: string; name: string }>(TAGS, [companyId]);
  const ids = new Map(tags.map((tag) => [tag.name, tag.id]));
  return [
    {
      name: 'person.tags',
      label: 'Tags',
      group: GROUP,
      type: 'list',
      cast: 'uuid',
      options: tags.map(({ name }) => ({ value: name, label: name })),
      translate: (name) => ids.get(name) ?? null,
      sql: () => ({
        of: 'rows',
        from: 'person_tags pt',
        where: 'pt.person_id = p.id and pt.company_id = $1',
        value: 'pt.tag_id',
      }),
    },
  ];
};

const TYPES = { text: 'text', url: 'text', number: 'number', date: 'date', boolean: 'boolean', choice: 'choice' } as const;

/** What the company invented. The value is read by its JSON type: one of another type counts as missing. */
export const customPersonFields: FieldSource = async (tx, companyId) =>
  (await customFields(tx, companyId)).map((field): PersonField => ({
    name: `person.custom.${field.key}`,
    label: field.label,
    group: 'Custom fields',
    type: TYPES[field.type],
    ...(field.type === 'choice' ? { options: field.options.map((value) => ({ value, label: value })) } : {}),
    sql: (_parts, bind) => {
      const key = `${bind(field.key)}::text`;
      if (field.type === 'number')
        return { of: 'person', value: `(case when jsonb_typeof(p.custom -> ${key}) = 'number' then (p.custom ->> ${key})::numeric end)` };
      if (field.type === 'boolean')
        return { of: 'person', value: `(case when jsonb_typeof(p.custom -> ${key}) = 'boolean' then (p.custom ->> ${key})::boolean end)` };
      return { of: 'person', value: `(p.custom ->> ${key})` };
    },
  }));
