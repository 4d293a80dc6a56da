import { Plus } from 'lucide-react';
import { Button } from '#web/kit/button.tsx';
import { Builder } from '#web/kit/conditions/builder.tsx';
import { groupOf, newGroup, newRule, type Condition, type Field, type Group } from '#web/kit/conditions/model.ts';
import { leadStatusLabel } from '#web/kit/lead-status.tsx';
import { Note } from '#web/kit/states.tsx';

const field = (name: string, label: string, group: string, type: Field['type'], options: Field['options'] = []): Field => ({
  name,
  label,
  group,
  type,
  params: [],
  operators: [], // the builder goes by the type
  options,
});

const OPEN = (['new', 'contacted', 'engaged', 'qualified'] as const).map((value) => ({ value, label: leadStatusLabel(value) }));

/** What a rule can know of a lead at the moment it comes in (assignment/assign.ts); the words are those of segments. */
const known: readonly Field[] = [
  field('lead.status', 'Status', 'Lead', 'choice', OPEN),
  field('lead.source', 'Source', 'Lead', 'text'),
  field('lead.notes', 'Notes', 'Lead', 'text'),
  field('person.email', 'Email address', 'Person', 'text'),
  field('person.name', 'Name', 'Person', 'text'),
  field('person.phone', 'Phone', 'Person', 'text'),
  field('person.language', 'Language', 'Person', 'text'),
  field('person.time_zone', 'Time zone', 'Person', 'text'),
  field('organisation.name', 'Organisation', 'Organisation', 'text'),
  field('organisation.domain', 'Domain of the organisation', 'Organisation', 'text'),
];

export const whereFields = (ofSegments: readonly Field[]): readonly Field[] => [
  ...known,
  ...ofSegments.filter(({ name }) => name.startsWith('person.custom.')),
];

/** JSON comes back from the database with its keys in another order than the builder writes them. */
export function inOrder(condition: Condition): Condition {
  if ('all' in condition) return { all: condition.all.map(inOrder) };
  if ('any' in condition) return { any: condition.any.map(inOrder) };
  if ('not' in condition) return { not: inOrder(condition.not) };
  const { field: name, ...rest } = condition;
  return { field: name, ...rest };
}

/** What the dialog holds: lines to edit, nothing, or a condition that only the API can change. */
export type Where = Group | null | 'kept';

export function whereOf(stored: Condition | null, fields: readonly Field[]): Where {
  return stored === null ? null : (groupOf(inOrder(stored), fields) ?? 'kept');
}

/** The free condition of a rule. */
export function WhereEditor({ where, fields, onChange }: { where: Where; fields: readonly Field[]; onChange: (where: Where) => void }) {
  if (where === 'kept') {
    return (
      <Note tone="warn" action={<Button onClick={() => onChange(null)}>Take it away</Button>}>
        This rule has a condition that says more than the builder can show. It stays as it is, unless you take it away.
      </Note>
    );
  }
  if (where === null) {
    const [first] = fields;
    return (
      <Button size="sm" onClick={() => onChange(newGroup(first === undefined ? [] : [newRule(first)]))}>
        <Plus /> Add a condition
      </Button>
    );
  }
  return (
    <div className="space-y-2">
      <p className="text-xs text-ink-3">And this must hold:</p>
      <Builder group={where} fields={fields} onChange={(next) => onChange(next.parts.length === 0 ? null : next)} />
    </div>
  );
}
