import { ArrowRight } from 'lucide-react';
import { useState } from 'react';
import type { Input, Output } from '#web/kit/api.ts';
import { Input as TextInput, Select } from '#web/kit/field.tsx';
import { transforms } from './words.ts';

export type Line = Input<'sources.preview'>['mapping'][number];
type Looked = Output<'sources.look'>;

/** One line a field there: what it is here, and what happens on the way. What is left out is read past. */
export function MappingEditor({
  fields,
  targets,
  mapping,
  onChange,
}: {
  fields: Looked['fields'];
  targets: Looked['targets'];
  mapping: readonly Line[];
  onChange: (mapping: Line[]) => void;
}) {
  // What is taken stands first, in the vendor's order; it does not jump while one chooses.
  const [order] = useState(() => {
    const taken = new Set(mapping.map(({ from }) => from));
    return [...fields.filter(({ name }) => taken.has(name)), ...fields.filter(({ name }) => !taken.has(name))];
  });
  const byField = new Map(mapping.map((line) => [line.from, line]));
  const set = (from: string, change: Partial<Line> | null) => {
    const rest = mapping.filter((line) => line.from !== from);
    onChange(change === null ? rest : [...rest, { from, to: '', ...byField.get(from), ...change }]);
  };
  return (
    <ul className="max-h-[28rem] divide-y overflow-y-auto">
      {order.map((field) => {
        const line = byField.get(field.name);
        return (
          <li key={field.name} className="grid items-center gap-x-3 gap-y-1.5 px-4 py-2 sm:grid-cols-[1fr_auto_11rem_15rem]">
            <div className="min-w-0">
              <div className={`truncate text-sm ${line === undefined ? 'text-ink-2' : 'font-medium'}`}>{field.title}</div>
              {field.title === field.name ? null : <div className="truncate font-mono text-2xs text-ink-3">{field.name}</div>}
            </div>
            <ArrowRight aria-hidden className={`hidden size-3.5 sm:block ${line === undefined ? 'text-line-strong' : 'text-ink-3'}`} />
            <Select
              aria-label={`What ${field.title} is here`}
              value={line?.to ?? ''}
              onChange={(event) =>
                set(
                  field.name,
                  event.target.value === ''
                    ? null
                    : { to: event.target.value, ...(event.target.value === 'opted_out' ? { transform: 'yes_no' as const } : {}) },
                )
              }
            >
              <option value="">Not taken</option>
              {targets.map((target) => (
                <option key={target.to} value={target.to}>
                  {target.title}
                </option>
              ))}
            </Select>
            {line === undefined ? (
              <span className="hidden sm:block" />
            ) : (
              <div className="flex gap-2">
                <Select
                  aria-label={`What happens to ${field.title} on the way`}
                  value={line.transform ?? 'none'}
                  // the options are the names of the transforms
                  onChange={(event) => set(field.name, { transform: event.target.value as NonNullable<Line['transform']> })}
                >
                  {Object.entries(transforms).map(([name, title]) => (
                    <option key={name} value={name}>
                      {title}
                    </option>
                  ))}
                </Select>
                <TextInput
                  aria-label={`What stands for ${field.title} where nothing comes`}
                  className="w-24"
                  placeholder="if empty"
                  value={line.fallback ?? ''}
                  onChange={(event) => set(field.name, { fallback: event.target.value })}
                />
              </div>
            )}
          </li>
        );
      })}
    </ul>
  );
}
