import type { Output } from '../api.ts';

export type Field = Output<'segments.fields'>['items'][number];

/** A condition as JSON speaks it. */
export type Condition =
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition }
  | ({ field: string } & Partial<
      Record<'is' | 'is_not' | 'in' | 'contains' | 'above' | 'below' | 'exists' | 'within' | 'anniversary', unknown>
    >);

/** One line of the builder. */
export interface Rule {
  kind: 'rule';
  id: number;
  /** Name of the field, without its params. */
  field: string;
  params: string[];
  operator: string;
  value: string;
  /** Of `any of`. */
  values: string[];
}
export interface Group {
  kind: 'group';
  id: number;
  mode: 'all' | 'any';
  /** Everyone but those. */
  not: boolean;
  parts: (Rule | Group)[];
}

let last = 0;
export const newGroup = (parts: Group['parts'] = [], mode: Group['mode'] = 'all'): Group => ({
  kind: 'group',
  id: ++last,
  mode,
  not: false,
  parts,
});

export type ValueKind = 'none' | 'text' | 'number' | 'option' | 'options' | 'window' | 'day';

/** What a person chooses between field and value; some say a value already. */
export interface Operator {
  id: string;
  label: string;
  value: ValueKind;
  make: (field: string, rule: Rule, type: Field['type']) => Condition;
}

const plain = (id: string, label: string, value: ValueKind, key: 'is' | 'is_not' | 'contains' | 'within' | 'anniversary'): Operator => ({
  id,
  label,
  value,
  make: (field, rule) => ({ field, [key]: rule.value }),
});
const negated = (id: string, label: string, of: Operator): Operator => ({
  id,
  label,
  value: of.value,
  make: (field, rule, type) => ({ not: of.make(field, rule, type) }),
});
const fixed = (id: string, label: string, part: object): Operator => ({ id, label, value: 'none', make: (field) => ({ field, ...part }) });
const number = (id: string, label: string, key: 'is' | 'is_not' | 'above' | 'below'): Operator => ({
  id,
  label,
  value: 'number',
  make: (field, rule) => ({ field, [key]: Number(rule.value) }),
});
const bound = (id: string, label: string, key: 'above' | 'below'): Operator => ({
  id,
  label,
  value: 'day',
  make: (field, rule, type) => ({ field, [key]: type === 'moment' ? `${rule.value}T00:00:00Z` : rule.value }),
});

const filled = fixed('filled', 'is known', { exists: true });
const empty = fixed('empty', 'is not known', { exists: false });
const contains = plain('contains', 'contains', 'text', 'contains');
const within = plain('within', 'is', 'window', 'within');
const has = plain('contains', 'has', 'option', 'contains');
const anyOf: Operator = { id: 'in', label: 'is one of', value: 'options', make: (field, rule) => ({ field, in: rule.values }) };
const numbers = [
  number('above', 'is more than', 'above'),
  number('below', 'is less than', 'below'),
  number('is', 'is exactly', 'is'),
  number('is_not', 'is not', 'is_not'),
];

export const operatorsOf: Record<Field['type'], Operator[]> = {
  text: [
    contains,
    negated('not_contains', 'does not contain', contains),
    plain('is', 'is', 'text', 'is'),
    plain('is_not', 'is not', 'text', 'is_not'),
    filled,
    empty,
  ],
  choice: [plain('is', 'is', 'option', 'is'), plain('is_not', 'is not', 'option', 'is_not'), anyOf, filled, empty],
  number: [...numbers, filled, empty],
  boolean: [fixed('yes', 'is yes', { is: true }), fixed('no', 'is no', { is: false }), filled, empty],
  date: [
    within,
    negated('not_within', 'is not', within),
    plain('anniversary', 'comes round (any year)', 'window', 'anniversary'),
    bound('above', 'is after', 'above'),
    bound('below', 'is before', 'below'),
    filled,
    empty,
  ],
  moment: [
    within,
    negated('not_within', 'is not', within),
    bound('above', 'is after', 'above'),
    bound('below', 'is before', 'below'),
    filled,
    empty,
  ],
  list: [has, negated('not_contains', 'does not have', has)],
  count: [fixed('happened', 'at least one', { above: 0 }), fixed('never', 'none', { is: 0 }), ...numbers],
};

export function operatorOf(field: Field, id: string): Operator | undefined {
  return operatorsOf[field.type].find((operator) => operator.id === id) ?? operatorsOf[field.type][0];
}

export function newRule(field: Field): Rule {
  const operator = operatorsOf[field.type][0];
  return {
    kind: 'rule',
    id: ++last,
    field: field.name,
    params: field.params.map((param) => (param.kind === 'days' ? '30d' : (param.options[0]?.value ?? 'any'))),
    operator: operator?.id ?? '',
    value: firstValue(field, operator),
    values: [],
  };
}

export function firstValue(field: Field, operator: Operator | undefined): string {
  if (operator?.value === 'option') return field.options[0]?.value ?? '';
  if (operator?.value === 'window') return operator.id === 'anniversary' ? 'this_month' : 'last_30_days';
  return '';
}

/** What the builder shows, as a condition; null while a line lacks its value. */
export function conditionOf(group: Group, fields: readonly Field[]): Condition | null {
  const parts: Condition[] = [];
  for (const part of group.parts) {
    const one = part.kind === 'group' ? conditionOf(part, fields) : ruleCondition(part, fields);
    if (one === null) return null;
    parts.push(one);
  }
  const whole: Condition = group.mode === 'all' ? { all: parts } : { any: parts };
  return group.not ? { not: whole } : whole;
}

function ruleCondition(rule: Rule, fields: readonly Field[]): Condition | null {
  const field = fields.find((one) => one.name === rule.field);
  const operator = field === undefined ? undefined : operatorOf(field, rule.operator);
  if (field === undefined || operator === undefined || rule.params.some((param) => param === '')) return null;
  if (operator.value === 'options' ? rule.values.length === 0 : operator.value !== 'none' && rule.value === '') return null;
  if (operator.value === 'number' && !Number.isFinite(Number(rule.value))) return null;
  return operator.make([field.name, ...rule.params].join('.'), rule, field.type);
}

/** The builder's view of a stored condition; null when it says more than the builder can show. */
export function groupOf(condition: Condition, fields: readonly Field[]): Group | null {
  if ('all' in condition || 'any' in condition) {
    const [mode, inner] = 'all' in condition ? (['all', condition.all] as const) : (['any', condition.any] as const);
    const parts = inner.map((part) => ruleOf(part, fields) ?? groupOf(part, fields));
    return parts.includes(null)
      ? null
      : newGroup(
          parts.filter((part) => part !== null),
          mode,
        );
  }
  if ('not' in condition && ('all' in condition.not || 'any' in condition.not)) {
    const inside = groupOf(condition.not, fields);
    return inside === null ? null : { ...inside, not: true };
  }
  const rule = ruleOf(condition, fields);
  return rule === null ? null : newGroup([rule]);
}

function ruleOf(condition: Condition, fields: readonly Field[]): Rule | null {
  const leaf = 'not' in condition ? condition.not : condition;
  if (!('field' in leaf)) return null;
  const field = fields.find((one) => (one.params.length === 0 ? one.name === leaf.field : leaf.field.startsWith(`${one.name}.`)));
  if (field === undefined) return null;
  const params = field.params.length === 0 ? [] : leaf.field.slice(field.name.length + 1).split('.');
  const value = leaf.contains ?? leaf.within ?? leaf.anniversary ?? leaf.above ?? leaf.below ?? leaf.is_not ?? leaf.is ?? '';
  const rule = {
    ...newRule(field),
    params,
    value: typeof value === 'string' ? (field.type === 'moment' ? value.replace(/T00:00:00Z$/, '') : value) : String(value),
    values: Array.isArray(leaf.in) ? leaf.in.map(String) : [],
  };
  // The operator that would write exactly this is the one it was written with.
  for (const operator of operatorsOf[field.type]) {
    const same = { ...rule, operator: operator.id };
    if (JSON.stringify(operator.make(leaf.field, same, field.type)) === JSON.stringify(condition)) return same;
  }
  return null;
}

/** A condition in words, for lists. */
export function inWords(condition: Condition, fields: readonly Field[]): string {
  const group = groupOf(condition, fields);
  return group === null ? 'A condition that only the API can change' : groupInWords(group, fields);
}

function groupInWords(group: Group, fields: readonly Field[]): string {
  const words = group.parts.map((part) => {
    if (part.kind === 'group') return `(${groupInWords(part, fields)})`;
    const field = fields.find((one) => one.name === part.field);
    const operator = field === undefined ? undefined : operatorOf(field, part.operator);
    if (field === undefined || operator === undefined) return part.field;
    const label = (value: string) => field.options.find((option) => option.value === value)?.label ?? value.replaceAll('_', ' ');
    const params = part.params.map((param, i) => field.params[i]?.options.find((option) => option.value === param)?.label ?? days(param));
    const value =
      operator.value === 'none' ? '' : operator.value === 'options' ? ` ${part.values.map(label).join(', ')}` : ` ${label(part.value)}`;
    return `${field.label}${params.length === 0 ? '' : ` (${params.join(', ')})`} ${operator.label}${value}`;
  });
  const text = words.length === 0 ? 'everyone' : words.join(group.mode === 'all' ? ' and ' : ' or ');
  return group.not ? `not (${text})` : text;
}

const days = (param: string) => (param === 'ever' ? 'ever' : `last ${param.replace('d', '')} days`);
