import { Braces, X } from 'lucide-react';
import { useRef, useState } from 'react';
import { Button } from '#web/kit/button.tsx';
import { Input, Select, Textarea } from '#web/kit/field.tsx';
import { Menu, MenuItem, MenuLabel } from '#web/kit/menu.tsx';
import { recordOf } from './parse.ts';
import type { Variable, Vocabulary } from './words.ts';

export interface Control {
  id: string;
  'aria-describedby'?: string;
  'aria-invalid'?: true;
}

const UNITS = ['minutes', 'hours', 'days', 'weeks'] as const;

/** `{days: 3}` as a number and its unit; several units stay as they are, each on a line. */
export function DurationField({ control, value, onChange }: { control: Control; value: unknown; onChange: (value: unknown) => void }) {
  const parts = Object.entries(recordOf(value)).filter((part): part is [string, number] => typeof part[1] === 'number');
  const rows: [string, number][] = parts.length === 0 ? [['days', Number.NaN]] : parts;
  const put = (index: number, unit: string, amount: number) => {
    const next = rows.map((row, i): [string, number] => (i === index ? [unit, amount] : row)).filter(([, n]) => Number.isFinite(n));
    onChange(next.length === 0 ? undefined : Object.fromEntries(next));
  };
  return (
    <div className="space-y-2">
      {rows.map(([unit, amount], index) => (
        <div key={unit} className="flex gap-2">
          <Input
            {...(index === 0 ? control : { 'aria-label': `How many ${unit}` })}
            type="number"
            min={0}
            step="any"
            className="w-24"
            value={Number.isFinite(amount) ? amount : ''}
            onChange={(event) => put(index, unit, event.target.valueAsNumber)}
          />
          <Select aria-label="Unit" className="flex-1" value={unit} onChange={(event) => put(index, event.target.value, amount)}>
            {[...new Set([unit, ...UNITS])]
              .filter((one) => one === unit || !rows.some(([other]) => other === one))
              .map((one) => (
                <option key={one} value={one}>
                  {one}
                </option>
              ))}
          </Select>
        </div>
      ))}
    </div>
  );
}

/** An event by what happens, grouped; one that is in no list keeps its name. */
export function EventSelect({
  control,
  value,
  vocabulary,
  subject,
  without = [],
  placeholder = 'Choose what happens…',
  onChange,
}: {
  control: Control | { 'aria-label': string };
  value: string;
  vocabulary: Vocabulary;
  /** Only events that can start a workflow about this. */
  subject?: string;
  without?: readonly string[];
  placeholder?: string;
  onChange: (value: string) => void;
}) {
  const fitting = vocabulary.events.filter(
    (event) => (subject === undefined || event.starts.includes(subject)) && !without.includes(event.name),
  );
  return (
    <Select {...control} value={value} onChange={(event) => onChange(event.target.value)}>
      {value === '' ? <option value="">{placeholder}</option> : null}
      {value !== '' && !fitting.some((event) => event.name === value) ? <option value={value}>{value}</option> : null}
      {[...Map.groupBy(fitting, (event) => event.group)].map(([group, events]) => (
        <optgroup key={group} label={group}>
          {events.map((event) => (
            <option key={event.name} value={event.name}>
              {event.title}
            </option>
          ))}
        </optgroup>
      ))}
    </Select>
  );
}

/** Several events: any of them. */
export function EventList({
  control,
  value,
  vocabulary,
  onChange,
}: {
  control: Control;
  value: readonly string[];
  vocabulary: Vocabulary;
  onChange: (value: string[]) => void;
}) {
  return (
    <div className="space-y-2">
      {value.map((name) => (
        <div key={name} className="flex items-center gap-2 rounded-md border bg-sunken py-1 pr-1 pl-2.5 text-sm">
          <span className="min-w-0 flex-1 truncate">{vocabulary.events.find((event) => event.name === name)?.title ?? name}</span>
          <Button
            kind="quiet"
            size="icon"
            className="size-6"
            aria-label={`Not ${name}`}
            onClick={() => onChange(value.filter((one) => one !== name))}
          >
            <X />
          </Button>
        </div>
      ))}
      <EventSelect
        control={control}
        value=""
        vocabulary={vocabulary}
        without={value}
        placeholder={value.length === 0 ? 'Choose what happens…' : 'Or…'}
        onChange={(name) => {
          if (name !== '') onChange([...value, name]);
        }}
      />
    </div>
  );
}

/** Several of what there is, in the order they were chosen. */
export function ManyField({
  control,
  value,
  options,
  placeholder,
  onChange,
}: {
  control: Control;
  value: readonly string[];
  options: readonly { value: string; label: string }[];
  placeholder: string;
  onChange: (value: string[]) => void;
}) {
  const left = options.filter((one) => !value.includes(one.value));
  return (
    <div className="space-y-2">
      {value.map((id) => {
        const label = options.find((one) => one.value === id)?.label ?? id;
        return (
          <div key={id} className="flex items-center gap-2 rounded-md border bg-sunken py-1 pr-1 pl-2.5 text-sm">
            <span className="min-w-0 flex-1 truncate">{label}</span>
            <Button
              kind="quiet"
              size="icon"
              className="size-6"
              aria-label={`Not ${label}`}
              onClick={() => onChange(value.filter((one) => one !== id))}
            >
              <X />
            </Button>
          </div>
        );
      })}
      <Select
        {...control}
        value=""
        onChange={(event) => {
          if (event.target.value !== '') onChange([...value, event.target.value]);
        }}
      >
        <option value="">{placeholder}</option>
        {left.map((one) => (
          <option key={one.value} value={one.value}>
            {one.label}
          </option>
        ))}
      </Select>
    </div>
  );
}

/** Text with values in it. The menu puts one where the caret stands. */
export function LiquidField({
  control,
  value,
  long,
  variables,
  onChange,
}: {
  control: Control;
  value: string;
  long: boolean;
  variables: readonly Variable[];
  onChange: (value: string) => void;
}) {
  const box = useRef<HTMLTextAreaElement & HTMLInputElement>(null);
  const [caret, setCaret] = useState<number | null>(null);
  const groups = [...Map.groupBy(variables, (one) => one.group)];
  const props = {
    ...control,
    ref: box,
    value,
    spellCheck: true,
    onChange: (event: { target: { value: string } }) => onChange(event.target.value),
    onBlur: () => setCaret(box.current?.selectionStart ?? null),
  };
  return (
    <div className="relative">
      {long ? <Textarea {...props} rows={8} className="pb-9" /> : <Input {...props} className="pr-9" />}
      <span className={long ? 'absolute right-1.5 bottom-2.5' : 'absolute top-0 right-0'}>
        <Menu
          trigger={
            <Button kind="quiet" size={long ? 'sm' : 'icon'} aria-label="Put in a value">
              <Braces /> {long ? 'Value' : null}
            </Button>
          }
        >
          {groups.map(([group, inside]) => (
            <div key={group}>
              <MenuLabel>{group}</MenuLabel>
              {inside.map((one) => (
                <MenuItem
                  key={one.path}
                  onSelect={() => {
                    const at = caret ?? value.length;
                    onChange(`${value.slice(0, at)}{{ ${one.path} }}${value.slice(at)}`);
                    setCaret(at + one.path.length + 6);
                  }}
                >
                  <span className="flex-1">{one.label}</span>
                  <code className="text-2xs text-ink-3">{one.path}</code>
                </MenuItem>
              ))}
            </div>
          ))}
        </Menu>
      </span>
    </div>
  );
}

/** A choice of what there is; a value that is gone stays to be seen. */
export function ChoiceField({
  control,
  value,
  options,
  placeholder,
  optional,
  onChange,
}: {
  control: Control;
  value: string;
  options: readonly { value: string; label: string; group?: string }[];
  placeholder: string;
  optional?: boolean;
  onChange: (value: string | undefined) => void;
}) {
  const groups = [...Map.groupBy(options, (one) => one.group ?? '')];
  const list = (inside: readonly { value: string; label: string }[]) =>
    inside.map((one) => (
      <option key={one.value} value={one.value}>
        {one.label}
      </option>
    ));
  return (
    <Select {...control} value={value} onChange={(event) => onChange(event.target.value === '' ? undefined : event.target.value)}>
      {value === '' || optional === true ? <option value="">{placeholder}</option> : null}
      {value !== '' && !options.some((one) => one.value === value) ? <option value={value}>{value} (not there)</option> : null}
      {groups.map(([group, inside]) =>
        group === '' ? (
          list(inside)
        ) : (
          <optgroup key={group} label={group}>
            {list(inside)}
          </optgroup>
        ),
      )}
    </Select>
  );
}
