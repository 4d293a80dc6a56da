import { X } from 'lucide-react';
import { Button } from '#web/kit/button.tsx';
import { Input, Select } from '#web/kit/field.tsx';
import type { Control } from './small-fields.tsx';
import type { Variable } from './words.ts';

const PREFIX = 'person.custom.';

/** Values for the company's own fields of a person: which, then the control that its type asks for. Nothing left out is touched. */
export function CustomValues({
  control,
  value,
  variables,
  onChange,
}: {
  control: Control;
  value: Readonly<Record<string, unknown>>;
  variables: readonly Variable[];
  onChange: (value: unknown) => void;
}) {
  const fields = variables.filter((one) => one.path.startsWith(PREFIX));
  const left = fields.filter((one) => !(one.path.slice(PREFIX.length) in value));
  if (fields.length === 0)
    return <p className="text-xs text-ink-3">Your company has no fields of its own yet. Make some in Settings → Fields.</p>;
  const put = (key: string, one: unknown) => onChange({ ...value, [key]: one });
  const drop = (key: string) => {
    const { [key]: _gone, ...rest } = value;
    onChange(Object.keys(rest).length === 0 ? undefined : rest);
  };
  return (
    <div className="space-y-2">
      {Object.entries(value).map(([key, one]) => {
        const field = fields.find((candidate) => candidate.path === `${PREFIX}${key}`);
        const label = field?.label ?? key;
        return (
          <div key={key} className="flex items-center gap-2">
            <span className="w-28 shrink-0 truncate text-sm text-ink-2" title={label}>
              {label}
            </span>
            <ValueOf label={label} field={field} value={one} onChange={(next) => put(key, next)} />
            <Button kind="quiet" size="icon" aria-label={`Leave ${label} as it is`} onClick={() => drop(key)}>
              <X />
            </Button>
          </div>
        );
      })}
      {left.length === 0 ? null : (
        <Select {...control} value="" onChange={(event) => put(event.target.value, first(left, event.target.value))}>
          <option value="">Choose a field…</option>
          {left.map((one) => (
            <option key={one.path} value={one.path.slice(PREFIX.length)}>
              {one.label}
            </option>
          ))}
        </Select>
      )}
    </div>
  );
}

function first(fields: readonly Variable[], key: string): unknown {
  const field = fields.find((one) => one.path === `${PREFIX}${key}`);
  return field?.type === 'boolean' ? true : (field?.options[0]?.value ?? '');
}

function ValueOf({
  label,
  field,
  value,
  onChange,
}: {
  label: string;
  field: Variable | undefined;
  value: unknown;
  onChange: (value: unknown) => void;
}) {
  const text = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
  if (field?.type === 'boolean')
    return (
      <Select aria-label={label} value={text} onChange={(event) => onChange(event.target.value === 'true')}>
        <option value="true">Yes</option>
        <option value="false">No</option>
      </Select>
    );
  if (field !== undefined && field.options.length > 0)
    return (
      <Select aria-label={label} value={text} onChange={(event) => onChange(event.target.value)}>
        {field.options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </Select>
    );
  const number = field?.type === 'number';
  return (
    <Input
      aria-label={label}
      type={number ? 'number' : field?.type === 'date' ? 'date' : 'text'}
      step={number ? 'any' : undefined}
      value={text}
      onChange={(event) =>
        onChange(number && Number.isFinite(event.target.valueAsNumber) ? event.target.valueAsNumber : event.target.value)
      }
    />
  );
}
