import type { Statement, Transaction } from '#core/database/database.ts';
import type { Bind, FieldOption, FieldParam, FieldSource, PersonField } from '#core/fields/types.ts';
import { DIRECTIONS, INTERACTION_TYPES } from '#modules/people/public.ts';

const word = (value: string) => ({ value, label: value.charAt(0).toUpperCase() + value.slice(1).replaceAll('_', ' ') });
const ANY = { value: 'any', label: 'Any' };
const WITHIN: FieldParam = { name: 'within', label: 'When', kind: 'days' };

const DAY_MS = 86_400_000;
/** ` and column >= $n` for `30d`, nothing for `ever`. */
function since(column: string, part: string | undefined, bind: Bind, now: Date): string {
  const days = /^(\d+)d$/.exec(part ?? '')?.[1];
  return days === undefined ? '' : ` and ${column} >= ${bind(new Date(now.getTime() - Number(days) * DAY_MS))}::timestamptz`;
}
/** ` and column = $n`, nothing for `any`. A text that is no id of the column's type finds nobody. */
function matching(column: string, part: string | undefined, bind: Bind, cast: 'text' | 'uuid' = 'text'): string {
  if (part === undefined || part === 'any') return '';
  if (cast === 'uuid' && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(part)) return ' and false';
  return ` and ${column} = ${bind(part)}::${cast}`;
}

/** Touches of a kind: `timeline.email.inbound.30d`. */
export const timelineField: PersonField = {
  name: 'timeline',
  label: 'Touches on the timeline',
  group: 'Timeline',
  type: 'count',
  params: [
    { name: 'type', label: 'Kind', kind: 'choice', options: [ANY, ...INTERACTION_TYPES.map(word)] },
    { name: 'direction', label: 'Direction', kind: 'choice', options: [ANY, ...DIRECTIONS.map(word)] },
    WITHIN,
  ],
  sql: ([type, direction, within], bind, now) => ({
    of: 'count',
    from: 'interactions i',
    where: `i.person_id = p.id and i.company_id = $1${matching('i.type', type, bind)}${matching('i.direction', direction, bind)}${since('i.created_at', within, bind, now)}`,
  }),
};

const TEMPLATES: Statement = {
  name: 'segments.templates',
  text: `select key as value, max(title) as label from message_templates where company_id = $1 group by key order by 2 limit 500`,
};
const templateOptions = async (tx: Transaction, companyId: string) => [ANY, ...(await tx.query<FieldOption>(TEMPLATES, [companyId]))];
const TEMPLATE: FieldParam = { name: 'template', label: 'Template', kind: 'choice', options: templateOptions };

const messages = (
  name: string,
  label: string,
  of: (parts: readonly string[], bind: Bind, now: Date) => string,
  from = 'messages m',
): PersonField => ({
  name: `messages.${name}`,
  label,
  group: 'Messages',
  type: 'count',
  params: [TEMPLATE, WITHIN],
  sql: (parts, bind, now) => ({ of: 'count', from, where: `m.person_id = p.id and m.company_id = $1 and ${of(parts, bind, now)}` }),
});

/** What was sent to the person, and what came of it: `messages.sent.welcome.90d`. */
export const messageFields: readonly PersonField[] = [
  messages(
    'sent',
    'Messages sent to them',
    ([template, within], bind, now) =>
      `m.direction = 'outbound' and m.state = 'sent'${matching('m.template', template, bind)}${since('m.sent_at', within, bind, now)}`,
  ),
  messages(
    'replied',
    'Replies from them',
    ([template, within], bind, now) =>
      `m.direction = 'inbound' and not m.auto and asked.company_id = $1 and asked.direction = 'outbound'${matching('asked.template', template, bind)}${since('m.created_at', within, bind, now)}`,
    'messages m join messages asked on asked.id = m.reply_to_id',
  ),
  messages(
    'bounced',
    'Messages that bounced',
    ([template, within], bind, now) =>
      `m.direction = 'outbound' and m.state = 'refused' and m.state_reason like 'Bounced:%'${matching('m.template', template, bind)}${since('m.updated_at', within, bind, now)}`,
  ),
];

const FORMS: Statement = {
  name: 'segments.forms',
  text: `select id as value, title as label from forms where company_id = $1 order by title limit 500`,
};

/** Forms they filled in: `forms.submitted.any.30d`. */
export const formField: PersonField = {
  name: 'forms.submitted',
  label: 'Forms submitted',
  group: 'Forms',
  type: 'count',
  params: [
    {
      name: 'form',
      label: 'Form',
      kind: 'choice',
      options: async (tx, companyId) => [ANY, ...(await tx.query<FieldOption>(FORMS, [companyId]))],
    },
    WITHIN,
  ],
  sql: ([form, within], bind, now) => ({
    of: 'count',
    from: 'form_submissions f',
    where: `f.person_id = p.id and f.company_id = $1${matching('f.form_id', form, bind, 'uuid')}${since('f.created_at', within, bind, now)}`,
  }),
};

const WORKFLOWS: Statement = {
  name: 'segments.workflows',
  text: `select id as value, title as label from workflows where company_id = $1 and subject in ('lead', 'person') order by title limit 500`,
};

/** Sequences they are or were in: `sequences.live.<workflow id>`. */
export const sequenceFields: readonly PersonField[] = (['live', 'ever'] as const).map((state) => ({
  name: `sequences.${state}`,
  label: state === 'live' ? 'Sequences they are in' : 'Sequences they were ever in',
  group: 'Sequences',
  type: 'count',
  params: [
    {
      name: 'workflow',
      label: 'Sequence',
      kind: 'choice',
      options: async (tx, companyId) => [ANY, ...(await tx.query<FieldOption>(WORKFLOWS, [companyId]))],
    },
  ],
  sql: ([workflow], bind) => ({
    of: 'count',
    from: 'runs r',
    where: `r.person_id = p.id and r.company_id = $1${state === 'live' ? ` and r.state in ('running', 'waiting', 'paused')` : ''}${matching('r.workflow_id', workflow, bind, 'uuid')}`,
  }),
}));

const TOPICS: Statement = {
  name: 'segments.topics',
  text: `select t.key as value, t.title as label from topics t where t.company_id = $1 order by t.created_at, t.key`,
};
const CONSENT_STATES = [
  { value: 'granted', label: 'Granted' },
  { value: 'withdrawn', label: 'Withdrawn' },
  { value: 'objected', label: 'Objected' },
];

/** What they said to each topic: `consent.marketing`. Absent: never asked. */
export const consentFields: FieldSource = async (tx, companyId) => {
  const topics = await tx.query<FieldOption>(TOPICS, [companyId]);
  return [{ value: 'marketing', label: 'Marketing' }, ...topics]
    .filter(({ value }) => /^[\w-]+$/.test(value))
    .map(({ value, label }): PersonField => ({
      name: `consent.${value}`,
      label: `Consent: ${label}`,
      group: 'Consent',
      type: 'choice',
      options: CONSENT_STATES,
      sql: (_parts, bind) => ({
        of: 'rows',
        from: 'consent_state cs',
        where: `cs.person_id = p.id and cs.company_id = $1 and cs.topic = ${bind(value)}::text`,
        value: 'cs.state',
      }),
    }));
};

const LISTS: Statement = {
  name: 'segments.options',
  text: `select id as value, name as label from segments where company_id = $1 and kind = 'static' order by name limit 500`,
};

/** Lists kept by hand. Not other conditions: two segments that look at each other would never come to rest. */
export const listField: PersonField = {
  name: 'lists',
  label: 'On a list',
  group: 'Lists',
  type: 'count',
  params: [{ name: 'list', label: 'List', kind: 'choice', options: (tx, companyId) => tx.query<FieldOption>(LISTS, [companyId]) }],
  sql: ([list], bind) => ({
    of: 'count',
    from: 'segment_members sm join segments s on s.id = sm.segment_id',
    where: `sm.person_id = p.id and sm.company_id = $1 and s.company_id = $1 and s.kind = 'static'${matching('s.id', list, bind, 'uuid')}`,
  }),
};
