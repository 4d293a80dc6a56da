import type { Output } from '#web/kit/api.ts';
import type { Condition, Field } from '#web/kit/conditions/model.ts';

export type ScoreRule = Output<'scores.model'>['rules'][number];

const field = (name: string, label: string, group: string, type: Field['type'], options: readonly string[] = []): Field => ({
  name,
  label,
  group,
  type,
  params: [],
  // the builder goes by the type; what a company's conditions may use is the server's to check
  operators: [],
  options: options.map((value) => ({ value, label: value.replaceAll('_', ' ') })),
});

/** What a rule of engagement may ask of a touch. */
export const touchFields: readonly Field[] = [
  field('touch.type', 'Kind of touch', 'Touch', 'choice', ['email', 'sms', 'call', 'meeting', 'form', 'visit']),
  field('touch.direction', 'Direction', 'Touch', 'choice', ['inbound', 'outbound']),
  field('touch.class', 'What the reply means', 'Touch', 'choice', [
    'interested',
    'not_now',
    'out_of_office',
    'wrong_person',
    'stop',
    'other',
  ]),
  field('touch.status', 'State of the message', 'Touch', 'choice', ['sent', 'bounced', 'received']),
  field('touch.channel', 'Channel', 'Touch', 'text'),
];

const activity: readonly Field[] = [
  field('activity.days_since_touch', 'Days since the last touch', 'Activity', 'number'),
  field('activity.days_since_reply', 'Days since they last wrote', 'Activity', 'number'),
  field('activity.touches', 'Touches', 'Activity', 'number'),
  field('activity.replies', 'Times they wrote', 'Activity', 'number'),
];

const named: readonly Field[] = [
  field('person.email', 'Email address', 'Person', 'text'),
  field('person.phone', 'Phone', 'Person', 'text'),
  field('person.name', 'Name', 'Person', 'text'),
  field('person.language', 'Language', 'Person', 'text'),
  field('person.time_zone', 'Time zone', 'Person', 'text'),
  field('person.opted_out', 'Opted out', 'Person', 'boolean'),
  field('organisation.name', 'Organisation', 'Organisation', 'text'),
  field('organisation.domain', 'Domain of the organisation', 'Organisation', 'text'),
  field('lead.source', 'Source', 'Lead', 'text'),
  field('lead.status', 'Status', 'Lead', 'choice', ['new', 'contacted', 'engaged', 'qualified', 'unsubscribed']),
];

/** What a rule of fit may ask: the same words as segments where they mean the same, and the company's own fields. */
export function fitFields(ofSegments: readonly Field[]): readonly Field[] {
  const own = ofSegments.filter(({ name }) => name.startsWith('person.custom.') || name === 'person.tags');
  return [...named, ...own, ...activity];
}

/** Stored JSON has its keys in another order than the builder writes them. */
export function inOrder(condition: Condition): Condition {
  if ('all' in condition) return { all: condition.all.map(inOrder) };
  if ('any' in condition) return { any: condition.any.map(inOrder) };
  if ('not' in condition) return { not: inOrder(condition.not) };
  const { field: name, ...rest } = condition;
  return { field: name, ...rest };
}

/** A rule's condition as the builder knows it. */
export function conditionOf(rule: Pick<ScoreRule, 'when'>): Condition {
  return inOrder(rule.when as unknown as Condition); // the schema's own conditions, as the wire has them
}
