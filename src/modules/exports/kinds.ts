import type { Transaction } from '#core/database/database.ts';
import type { ColumnType } from './format/parquet.ts';
import { customFields } from '#modules/people/public.ts';

export const KINDS = ['people', 'leads', 'organisations', 'interactions', 'messages', 'consent', 'deals', 'deal_changes'] as const;
export type KindName = (typeof KINDS)[number];

export interface ExportColumn {
  readonly key: string;
  readonly label: string;
  /** Where a format has types. */
  readonly type?: ColumnType;
  /** SQL of the cell: text, number, boolean or null. Custom fields read their key from a parameter. */
  readonly sql: (bind: (value: unknown) => string) => string;
}

export interface Kind {
  readonly title: string;
  /** Joins with the company as `$1`; `p` is the person where rows have one. */
  readonly from: string;
  /** Alias of the table whose rows these are. */
  readonly alias: string;
  readonly hasPerson: boolean;
  /** Key of the column that moves with every change of a row; null: none does. */
  readonly changed: string | null;
  /** Key of the moment that stays: what warehouses are partitioned by. */
  readonly day: string;
  readonly columns: readonly ExportColumn[];
}

const column = (key: string, label: string, sql: string, type: ColumnType = 'text'): ExportColumn => ({ key, label, type, sql: () => sql });
const moment = (key: string, label: string, expression: string): ExportColumn =>
  column(key, label, `to_char(${expression} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`, 'time');

/** Headings are words that an import understands, so that a file that went out comes in again. */
const PERSON: readonly ExportColumn[] = [
  column('name', 'Name', 'p.full_name'),
  column('email', 'Email', 'p.email'),
  column('phone', 'Phone', 'coalesce(p.phone, p.phone_raw)'),
];
const OWNER = (alias: string) =>
  column('owner', 'Owner', `(select u.email from users u where u.id = ${alias}.owner_id and u.company_id = $1)`);
const ORGANISATION = column(
  'organisation',
  'Organisation',
  `(select o.name from organisations o where o.id = p.organisation_id and o.company_id = $1)`,
);
const ID = (alias: string) => column('id', 'Id', `${alias}.id`);

const FIXED: Readonly<Record<KindName, Kind>> = {
  people: {
    title: 'People',
    from: 'people p',
    alias: 'p',
    hasPerson: true,
    changed: 'updated_at',
    day: 'created_at',
    columns: [
      ID('p'),
      ...PERSON,
      column('first_name', 'First name', 'p.first_name'),
      column('last_name', 'Last name', 'p.last_name'),
      column(
        'other_emails',
        'Other emails',
        `(select string_agg(e.email, ', ' order by e.email) from person_emails e where e.person_id = p.id and e.company_id = $1 and e.email is distinct from p.email)`,
      ),
      ORGANISATION,
      column('country', 'Country', 'p.country'),
      column('time_zone', 'Time zone', 'p.time_zone'),
      column('language', 'Language', 'p.language'),
      OWNER('p'),
      column(
        'tags',
        'Tags',
        `(select string_agg(t.name, ', ' order by t.name_key) from person_tags pt join tags t on t.id = pt.tag_id where pt.person_id = p.id and pt.company_id = $1)`,
      ),
      column('opted_out', 'Opted out', '(p.opted_out_at is not null)', 'boolean'),
      moment('opted_out_at', 'Opted out at', 'p.opted_out_at'),
      moment('created_at', 'Created at', 'p.created_at'),
      moment('updated_at', 'Updated at', 'p.updated_at'),
    ],
  },
  leads: {
    title: 'Leads',
    from: 'leads l join people p on p.id = l.person_id and p.company_id = $1',
    alias: 'l',
    hasPerson: true,
    changed: 'updated_at',
    day: 'created_at',
    columns: [
      ID('l'),
      ...PERSON,
      ORGANISATION,
      column('status', 'Status', 'l.status'),
      column('source', 'Source', 'l.source'),
      column('notes', 'Notes', 'l.notes'),
      OWNER('l'),
      column('opted_out', 'Opted out', '(p.opted_out_at is not null)', 'boolean'),
      column('person_id', 'Person id', 'l.person_id'),
      moment('created_at', 'Created at', 'l.created_at'),
      moment('updated_at', 'Updated at', 'l.updated_at'),
    ],
  },
  organisations: {
    title: 'Organisations',
    from: 'organisations o',
    alias: 'o',
    hasPerson: false,
    changed: 'updated_at',
    day: 'created_at',
    columns: [
      ID('o'),
      column('name', 'Name', 'o.name'),
      column('domain', 'Domain', 'o.domain'),
      column('people', 'People', '(select count(*)::int from people p where p.organisation_id = o.id and p.company_id = $1)', 'number'),
      moment('created_at', 'Created at', 'o.created_at'),
      moment('updated_at', 'Updated at', 'o.updated_at'),
    ],
  },
  interactions: {
    title: 'Timeline',
    from: 'interactions i join people p on p.id = i.person_id and p.company_id = $1',
    alias: 'i',
    hasPerson: true,
    changed: null,
    day: 'created_at',
    columns: [
      ID('i'),
      moment('created_at', 'At', 'i.created_at'),
      ...PERSON.slice(0, 2),
      column('type', 'Type', 'i.type'),
      column('direction', 'Direction', 'i.direction'),
      column('channel', 'Channel', 'i.channel'),
      column('status', 'Status', 'i.status'),
      column('content', 'Content', 'i.content'),
      column('person_id', 'Person id', 'i.person_id'),
      column('lead_id', 'Lead id', 'i.lead_id'),
    ],
  },
  messages: {
    title: 'Messages',
    from: 'messages m join people p on p.id = m.person_id and p.company_id = $1',
    alias: 'm',
    hasPerson: true,
    changed: null,
    day: 'created_at',
    columns: [
      ID('m'),
      moment('created_at', 'Created at', 'm.created_at'),
      ...PERSON.slice(0, 2),
      column('direction', 'Direction', 'm.direction'),
      column('channel', 'Channel', 'm.channel'),
      column('class', 'Class', 'm.class'),
      column('state', 'State', 'm.state'),
      column('state_reason', 'Reason', 'm.state_reason'),
      column('from_email', 'From', 'm.from_email'),
      column('to_email', 'To', 'coalesce(m.to_phone, m.to_email)'),
      column('subject', 'Subject', 'm.subject'),
      // a sign-in link in a text is nobody's to take away
      column('text', 'Text', `(case when not m.sensitive then coalesce(m.new_text, m.text) end)`),
      column('template', 'Template', 'm.template'),
      column('workflow', 'Workflow', 'm.workflow'),
      moment('sent_at', 'Sent at', 'm.sent_at'),
      column('person_id', 'Person id', 'm.person_id'),
    ],
  },
  deals: {
    title: 'Deals',
    from: 'deals d join deal_stages s on s.id = d.stage_id',
    alias: 'd',
    hasPerson: false,
    changed: 'updated_at',
    day: 'created_at',
    columns: [
      ID('d'),
      column('name', 'Deal name', 'd.name'),
      column('stage', 'Stage', 's.name'),
      column('status', 'Open, won or lost', 'd.status'),
      column('amount', 'Amount', '(d.amount_cents / 10.0 ^ steward_minor_digits(d.currency))::float8', 'number'),
      column('currency', 'Currency', 'd.currency'),
      column('organisation', 'Organisation', '(select o.name from organisations o where o.id = d.organisation_id and o.company_id = $1)'),
      column('product', 'Product', '(select p.name from products p where p.id = d.product_id and p.company_id = $1)'),
      column('owner', 'Deal owner', '(select w.name from deal_owners w where w.id = d.owner_id and w.company_id = $1)'),
      moment('opened_at', 'Create date', 'd.opened_at'),
      column('close_date', 'Close date', 'd.close_date::text', 'date'),
      column('forecast', 'Forecast', 'd.forecast'),
      column('source', 'Lead source', 'd.source'),
      column('next_step', 'Next step', 'd.next_step'),
      moment('created_at', 'Created at', 'd.created_at'),
      moment('updated_at', 'Updated at', 'd.updated_at'),
    ],
  },
  deal_changes: {
    title: 'Changes of deals',
    // What was taken over without a time has none; when it was written down is known.
    from: '(select c.*, c.recorded_at as created_at from deal_changes c) x join deals d on d.id = x.deal_id and d.company_id = $1',
    alias: 'x',
    hasPerson: false,
    changed: 'recorded_at',
    day: 'recorded_at',
    columns: [
      ID('x'),
      column('deal_id', 'Deal id', 'x.deal_id'),
      column('deal', 'Deal name', 'd.name'),
      moment('at', 'At', 'x.at'),
      moment('recorded_at', 'Recorded at', 'x.recorded_at'),
      column('by', 'By', 'x.by_kind'),
      column('field', 'Field', 'x.field'),
      column('value_from', 'From', 'x.value_from'),
      column('value_to', 'To', 'x.value_to'),
      column(
        'base_amount',
        'Amount in the company’s currency',
        `(x.base_cents / 10.0 ^ steward_minor_digits((select coalesce(o.settings ->> 'currency', 'USD') from companies o where o.id = $1)))::float8`,
        'number',
      ),
    ],
  },
  consent: {
    title: 'Consent log',
    from: 'consent_log c join people p on p.id = c.person_id and p.company_id = $1',
    alias: 'c',
    hasPerson: true,
    changed: 'created_at',
    day: 'created_at',
    columns: [
      ID('c'),
      moment('created_at', 'At', 'c.created_at'),
      ...PERSON.slice(0, 2),
      column('topic', 'Topic', 'c.topic'),
      column('state', 'State', 'c.state'),
      column('lawful_basis', 'Lawful basis', 'c.lawful_basis'),
      column('source', 'Source', 'c.source'),
      column('evidence', 'Evidence', 'c.evidence::text'),
      column('recorded_by', 'Recorded by', '(select u.email from users u where u.id = c.recorded_by and u.company_id = $1)'),
      column('person_id', 'Person id', 'c.person_id'),
    ],
  },
};

/** What can be exported, with the company's own fields. */
export async function kindOf(tx: Transaction, companyId: string, name: KindName): Promise<Kind> {
  const kind = FIXED[name];
  if (name !== 'people' && name !== 'leads') return kind;
  const custom = (await customFields(tx, companyId)).map((field): ExportColumn => ({
    key: `custom.${field.key}`,
    label: field.label,
    sql: (bind) => `(p.custom -> ${bind(field.key)}::text)`,
  }));
  return { ...kind, columns: [...kind.columns, ...custom] };
}
