import { Plus } from 'lucide-react';
import { useId, useState } from 'react';
import { Button } from '#web/kit/button.tsx';
import { Builder as Conditions } from '#web/kit/conditions/builder.tsx';
import { conditionOf, groupOf, newGroup, newRule, type Condition, type Field, type Group } from '#web/kit/conditions/model.ts';
import { Input, Textarea } from '#web/kit/field.tsx';
import { recordOf } from './parse.ts';
import { conditionFields, type Variable } from './words.ts';

/** A condition as the definition keeps it (`isNot`) and as the API's pages speak it (`is_not`); the field first, whatever order it was stored in. */
function rename(value: unknown, from: string, to: string): unknown {
  if (Array.isArray(value)) return value.map((one) => rename(one, from, to));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, one]): [string, unknown] => [key === from ? to : key, rename(one, from, to)]);
  return Object.fromEntries(entries.toSorted(([a], [b]) => Number(b === 'field') - Number(a === 'field')));
}
// What was checked when it was stored; anything else is shown as JSON.
const toPage = (value: unknown) => rename(value, 'isNot', 'is_not') as Condition;

/** One line alone stands for itself. */
function toDefinition(condition: Condition): Record<string, unknown> {
  const only = 'all' in condition && condition.all.length === 1 ? condition.all[0] : undefined;
  return recordOf(rename(only ?? condition, 'is_not', 'isNot'));
}

function namesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(namesIn);
  const found = recordOf(value);
  return [
    ...(typeof found['field'] === 'string' ? [found['field']] : []),
    ...Object.values(found).flatMap((one) => (typeof one === 'object' ? namesIn(one) : [])),
  ];
}

const other = (name: string): Field => ({ name, label: name, group: 'By its path', type: 'text', operators: [], options: [], params: [] });

/** The segments' editor of conditions, over the facts and outputs that are there at this step. */
export function ConditionField({
  value,
  variables,
  onChange,
}: {
  value: unknown;
  variables: readonly Variable[];
  onChange: (value: unknown) => void;
}) {
  const [own, setOwn] = useState<readonly string[]>([]);
  const known = conditionFields(variables);
  const names = [...new Set([...namesIn(value), ...own])].filter((name) => !known.some((field) => field.name === name));
  const fields = [...known, ...names.map(other)];
  const text = JSON.stringify(value ?? null);
  const read = (): Group | null =>
    value === undefined || Object.keys(recordOf(value)).length === 0 ? newGroup([]) : groupOf(toPage(value), fields);
  const [state, setState] = useState(() => ({ text, group: read() }));
  // Changed from outside, by undo or as JSON.
  const current = state.text === text ? state : { text, group: read() };
  if (current !== state) setState(current);
  const put = (group: Group) => {
    const made = group.parts.length === 0 ? null : conditionOf(group, fields);
    const next = made === null ? value : toDefinition(made);
    setState({ text: JSON.stringify(next ?? null), group });
    if (made !== null) onChange(next);
  };
  if (current.group === null) return <JsonText label="Condition as JSON" value={value} onChange={onChange} />;
  const { group } = current;
  return (
    <div className="space-y-2 [&_input]:!w-full [&_span:has(>select)]:!w-full">
      <Conditions group={group} fields={fields} onChange={put} />
      <OtherField
        onAdd={(name) => {
          const field = fields.find((one) => one.name === name) ?? other(name);
          setOwn([...own, name]);
          setState({ text, group: { ...group, parts: [...group.parts, newRule(field)] } });
        }}
      />
    </div>
  );
}

function OtherField({ onAdd }: { onAdd: (name: string) => void }) {
  const [open, setOpen] = useState(false);
  const [name, setName] = useState('');
  const fits = /^[\w-]+(\.[\w-]+)*$/.test(name);
  if (!open)
    return (
      <Button kind="quiet" size="sm" onClick={() => setOpen(true)}>
        A value by its path…
      </Button>
    );
  return (
    <div className="flex gap-2">
      <Input
        aria-label="Path of the value"
        placeholder="trigger.body.total"
        value={name}
        onChange={(event) => setName(event.target.value.trim())}
      />
      <Button
        disabled={!fits}
        onClick={() => {
          onAdd(name);
          setName('');
          setOpen(false);
        }}
      >
        <Plus /> Add
      </Button>
    </div>
  );
}

/** JSON typed by hand: taken over as soon as it is whole. */
export function JsonText({
  label,
  value,
  onChange,
  rows = 6,
}: {
  label: string;
  value: unknown;
  onChange: (value: unknown) => void;
  rows?: number;
}) {
  const id = useId();
  const shown = value === undefined ? '' : JSON.stringify(value, null, 2);
  const [draft, setDraft] = useState<{ from: string; text: string } | null>(null);
  const text = draft !== null && draft.from === shown ? draft.text : shown;
  const [broken, setBroken] = useState(false);
  return (
    <div>
      <Textarea
        id={id}
        aria-label={label}
        aria-invalid={broken || undefined}
        rows={rows}
        spellCheck={false}
        className="font-mono text-xs"
        value={text}
        onChange={(event) => {
          const next = event.target.value;
          try {
            const read: unknown = next.trim() === '' ? undefined : JSON.parse(next);
            setBroken(false);
            setDraft({ from: read === undefined ? '' : JSON.stringify(read, null, 2), text: next });
            onChange(read);
          } catch {
            setBroken(true);
            setDraft({ from: shown, text: next });
          }
        }}
      />
      {broken ? <p className="mt-1 text-xs text-bad">Not JSON yet; the last whole one holds.</p> : null}
    </div>
  );
}
