import { FolderPlus, Plus, X } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../button.tsx';
import { cn } from '../cn.ts';
import { Input, Select } from '../field.tsx';
import { firstValue, newGroup, newRule, operatorOf, operatorsOf, type Field, type Group, type Rule } from './model.ts';

/** Conditions as lines and groups: who belongs. */
export function Builder({
  group,
  fields,
  onChange,
  onRemove,
  depth = 0,
}: {
  group: Group;
  fields: readonly Field[];
  onChange: (group: Group) => void;
  onRemove?: () => void;
  depth?: number;
}) {
  const put = (index: number, part: Rule | Group) => onChange({ ...group, parts: group.parts.map((old, i) => (i === index ? part : old)) });
  const drop = (index: number) => onChange({ ...group, parts: group.parts.filter((_, i) => i !== index) });
  const add = (part: Rule | Group) => onChange({ ...group, parts: [...group.parts, part] });
  return (
    <fieldset className={cn('min-w-0 space-y-2 rounded-lg border p-3', depth % 2 === 1 ? 'bg-sunken' : 'bg-panel')}>
      <legend className="sr-only">{depth === 0 ? 'Who belongs' : 'Group of conditions'}</legend>
      <div className="flex flex-wrap items-center gap-2 text-sm">
        <Select
          aria-label="Who is meant"
          className="w-40"
          value={`${group.not ? 'not ' : ''}${group.mode}`}
          onChange={(event) =>
            onChange({ ...group, not: event.target.value.startsWith('not'), mode: event.target.value.endsWith('any') ? 'any' : 'all' })
          }
        >
          <option value="all">All of these</option>
          <option value="any">Any of these</option>
          <option value="not any">None of these</option>
          <option value="not all">Not all of these</option>
        </Select>
        <span className="flex-1 text-ink-3">{depth === 0 ? 'must hold' : 'hold'}</span>
        {onRemove === undefined ? null : (
          <Button kind="quiet" size="icon" aria-label="Remove this group" onClick={onRemove}>
            <X />
          </Button>
        )}
      </div>
      {group.parts.map((part, index) =>
        part.kind === 'group' ? (
          <Builder
            key={part.id}
            group={part}
            fields={fields}
            depth={depth + 1}
            onChange={(next) => put(index, next)}
            onRemove={() => drop(index)}
          />
        ) : (
          <RuleRow key={part.id} rule={part} fields={fields} onChange={(next) => put(index, next)} onRemove={() => drop(index)} />
        ),
      )}
      <div className="flex flex-wrap gap-2">
        <Button
          size="sm"
          onClick={() => {
            const field = fields.find((one) => one.name === 'lead.status') ?? fields[0];
            if (field !== undefined) add(newRule(field));
          }}
        >
          <Plus /> Condition
        </Button>
        {depth < 4 ? (
          <Button size="sm" kind="quiet" onClick={() => add(newGroup([], 'any'))}>
            <FolderPlus /> Group
          </Button>
        ) : null}
      </div>
    </fieldset>
  );
}

function RuleRow({
  rule,
  fields,
  onChange,
  onRemove,
}: {
  rule: Rule;
  fields: readonly Field[];
  onChange: (rule: Rule) => void;
  onRemove: () => void;
}) {
  const field = fields.find((one) => one.name === rule.field);
  if (field === undefined) return null;
  const operator = operatorOf(field, rule.operator);
  return (
    <div className="flex items-start gap-2 rounded-md border bg-panel p-2 sm:border-0 sm:bg-transparent sm:p-0">
      <div className="flex min-w-0 flex-1 flex-wrap items-start gap-2">
        <FieldPicker fields={fields} value={rule.field} onChange={(next) => onChange({ ...newRule(next), id: rule.id })} />
        {field.params.map((param, index) => (
          <span key={param.name} className="w-full sm:w-auto">
            {param.kind === 'days' ? (
              <Within
                value={rule.params[index] ?? 'ever'}
                label={param.label}
                onChange={(value) => onChange({ ...rule, params: rule.params.map((old, i) => (i === index ? value : old)) })}
              />
            ) : (
              <Select
                aria-label={param.label}
                className="sm:w-36"
                value={rule.params[index] ?? ''}
                onChange={(event) => onChange({ ...rule, params: rule.params.map((old, i) => (i === index ? event.target.value : old)) })}
              >
                {param.options.length === 0 ? <option value="">Nothing to choose from yet</option> : null}
                {param.options.map((option) => (
                  <option key={option.value} value={option.value}>
                    {option.value === 'any' ? `Any ${param.label.toLowerCase()}` : option.label}
                  </option>
                ))}
              </Select>
            )}
          </span>
        ))}
        <Select
          aria-label="How it is compared"
          className="w-full sm:w-40"
          value={operator?.id ?? ''}
          onChange={(event) => {
            const next = operatorsOf[field.type].find((one) => one.id === event.target.value);
            onChange({
              ...rule,
              operator: event.target.value,
              value: next?.value === operator?.value ? rule.value : firstValue(field, next),
            });
          }}
        >
          {operatorsOf[field.type].map((one) => (
            <option key={one.id} value={one.id}>
              {one.label}
            </option>
          ))}
        </Select>
        {operator === undefined ? null : <ValueInput field={field} rule={rule} kind={operator.value} onChange={onChange} />}
      </div>
      <Button kind="quiet" size="icon" aria-label="Remove this condition" onClick={onRemove}>
        <X />
      </Button>
    </div>
  );
}

function FieldPicker({ fields, value, onChange }: { fields: readonly Field[]; value: string; onChange: (field: Field) => void }) {
  const groups = [...Map.groupBy(fields, (field) => field.group)];
  return (
    <Select
      aria-label="Field"
      className="w-full sm:w-48"
      value={value}
      onChange={(event) => {
        const field = fields.find((one) => one.name === event.target.value);
        if (field !== undefined) onChange(field);
      }}
    >
      {groups.map(([name, inside]) => (
        <optgroup key={name} label={name}>
          {inside.map((field) => (
            <option key={field.name} value={field.name}>
              {field.label}
            </option>
          ))}
        </optgroup>
      ))}
    </Select>
  );
}

function ValueInput({
  field,
  rule,
  kind,
  onChange,
}: {
  field: Field;
  rule: Rule;
  kind: NonNullable<ReturnType<typeof operatorOf>>['value'];
  onChange: (rule: Rule) => void;
}) {
  const set = (value: string) => onChange({ ...rule, value });
  switch (kind) {
    case 'none':
      return null;
    case 'window':
      return <Window value={rule.value} yearly={rule.operator === 'anniversary'} onChange={set} />;
    case 'option':
      return field.options.length === 0 ? (
        <Input aria-label="Value" className="w-full sm:w-44" value={rule.value} onChange={(event) => set(event.target.value)} />
      ) : (
        <Select aria-label="Value" className="w-full sm:w-44" value={rule.value} onChange={(event) => set(event.target.value)}>
          {field.options.some((option) => option.value === rule.value) ? null : (
            <option value={rule.value}>{rule.value || 'Choose…'}</option>
          )}
          {field.options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </Select>
      );
    case 'options':
      return (
        <div role="group" aria-label="Values" className="flex w-full flex-wrap gap-1.5 sm:w-auto sm:flex-1">
          {field.options.map((option) => {
            const on = rule.values.includes(option.value);
            return (
              <button
                key={option.value}
                type="button"
                aria-pressed={on}
                onClick={() =>
                  onChange({ ...rule, values: on ? rule.values.filter((one) => one !== option.value) : [...rule.values, option.value] })
                }
                className={cn(
                  'h-8 rounded-full border px-2.5 text-xs',
                  on ? 'border-accent bg-accent-soft text-accent-ink' : 'border-line-strong bg-panel text-ink-2 hover:bg-hover',
                )}
              >
                {option.label}
              </button>
            );
          })}
        </div>
      );
    default:
      return (
        <Input
          aria-label="Value"
          type={kind === 'day' ? 'date' : kind === 'number' ? 'number' : 'text'}
          {...(kind === 'number' ? { step: 'any', inputMode: 'decimal' as const } : {})}
          className="w-full sm:w-44"
          value={rule.value}
          onChange={(event) => set(event.target.value)}
        />
      );
  }
}

/** `30d` or `ever`. */
function Within({ value, label, onChange }: { value: string; label: string; onChange: (value: string) => void }) {
  const known = ['7d', '30d', '90d', '365d', 'ever'];
  return (
    <Select aria-label={label} className="sm:w-36" value={value} onChange={(event) => onChange(event.target.value)}>
      {(known.includes(value) ? known : [value, ...known]).map((one) => (
        <option key={one} value={one}>
          {one === 'ever' ? 'At any time' : `Last ${one.replace('d', '')} days`}
        </option>
      ))}
    </Select>
  );
}

const CALENDAR = [
  ['today', 'today'],
  ['this_week', 'this week'],
  ['this_month', 'this month'],
  ['this_year', 'this year'],
] as const;
const ROLLING = [
  ['last_$_days', 'in the last … days'],
  ['next_$_days', 'in the next … days'],
  ['over_$_days_ago', 'more than … days ago'],
] as const;

function Window({ value, yearly, onChange }: { value: string; yearly: boolean; onChange: (value: string) => void }) {
  const shape = value.replace(/\d+/, '$');
  const [days, setDays] = useState(/\d+/.exec(value)?.[0] ?? '30');
  const rolling = ROLLING.filter(([name]) => !yearly || !name.startsWith('over'));
  return (
    <span className="flex w-full gap-2 sm:w-auto">
      <Select
        aria-label="Stretch of time"
        className="flex-1 sm:w-44"
        value={shape}
        onChange={(event) => onChange(event.target.value.replace('$', days))}
      >
        {[...rolling, ...CALENDAR.filter(([name]) => !yearly || name !== 'this_year')].map(([name, label]) => (
          <option key={name} value={name}>
            {label}
          </option>
        ))}
      </Select>
      {shape.includes('$') ? (
        <Input
          aria-label="Days"
          type="number"
          min={1}
          max={9999}
          className="w-20"
          value={days}
          onChange={(event) => {
            setDays(event.target.value);
            if (/^[1-9]\d{0,3}$/.test(event.target.value)) onChange(shape.replace('$', event.target.value));
          }}
        />
      ) : null}
    </span>
  );
}
