import { ListFilter, X } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../button.tsx';
import { Dialog } from '../dialog.tsx';
import { Field, Input } from '../field.tsx';
import { Picker, type Choice } from './picker.tsx';

/** One thing a list can be narrowed by; its value stands in the address under `key`. */
export interface FilterKind {
  key: string;
  title: string;
  /** A choice of these … */
  choices?: readonly Choice[];
  /** … or a day or a number, typed in. */
  type?: 'date' | 'number' | 'text';
  /** How a value reads on its chip. */
  says?: (value: string) => string;
}

export type FilterValues = Readonly<Record<string, string | undefined>>;

function valueOf(kind: FilterKind, value: string): string {
  return kind.says?.(value) ?? kind.choices?.find((choice) => choice.value === value)?.label ?? value;
}

/** The filters in force as chips, and the way to one more. */
export function FilterChips({
  kinds,
  values,
  onChange,
}: {
  kinds: readonly FilterKind[];
  values: FilterValues;
  onChange: (key: string, value: string | undefined) => void;
}) {
  const [adding, setAdding] = useState(false);
  const [editing, setEditing] = useState<FilterKind | null>(null);
  const active = kinds.filter((kind) => values[kind.key] !== undefined);
  return (
    <>
      {active.map((kind) => (
        <span
          key={kind.key}
          className="inline-flex h-8 max-w-full items-center rounded-md border border-line-strong bg-panel text-sm shadow-raise"
        >
          <button
            type="button"
            className="h-full min-w-0 truncate rounded-l-md pl-2.5 pr-1 hover:bg-hover"
            onClick={() => setEditing(kind)}
          >
            <span className="text-ink-3">{kind.title}</span> {valueOf(kind, values[kind.key] ?? '')}
          </button>
          <button
            type="button"
            aria-label={`Without ${kind.title}`}
            className="flex h-full w-7 items-center justify-center rounded-r-md text-ink-3 hover:bg-hover hover:text-ink"
            onClick={() => onChange(kind.key, undefined)}
          >
            <X className="size-3.5" />
          </button>
        </span>
      ))}
      <Button kind="quiet" onClick={() => setAdding(true)} aria-label="Filter">
        <ListFilter /> <span className={active.length > 0 ? 'hidden sm:inline' : ''}>Filter</span>
      </Button>
      {adding ? (
        <Picker
          title="Filter by"
          choices={kinds.map((kind) => ({ value: kind.key, label: kind.title, chosen: values[kind.key] !== undefined }))}
          onPick={(key) => {
            setAdding(false);
            setEditing(kinds.find((kind) => kind.key === key) ?? null);
          }}
          onClose={() => setAdding(false)}
        />
      ) : null}
      {editing === null ? null : editing.choices !== undefined ? (
        <Picker
          title={editing.title}
          choices={editing.choices.map((choice) => ({ ...choice, chosen: choice.value === values[editing.key] }))}
          empty={editing.choices.length === 0 ? 'There is none yet.' : 'Nothing by that name.'}
          onPick={(value) => {
            onChange(editing.key, value);
            setEditing(null);
          }}
          onClose={() => setEditing(null)}
        />
      ) : (
        <Typed
          kind={editing}
          value={values[editing.key] ?? ''}
          onDone={(value) => {
            onChange(editing.key, value === '' ? undefined : value);
            setEditing(null);
          }}
          onClose={() => setEditing(null)}
        />
      )}
    </>
  );
}

function Typed({
  kind,
  value,
  onDone,
  onClose,
}: {
  kind: FilterKind;
  value: string;
  onDone: (value: string) => void;
  onClose: () => void;
}) {
  const [text, setText] = useState(value);
  return (
    <Dialog open onOpenChange={onClose} title={kind.title}>
      <form
        className="flex items-end gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          onDone(text.trim());
        }}
      >
        <Field label={kind.title} className="flex-1">
          {(control) => (
            <Input {...control} type={kind.type ?? 'text'} min={0} value={text} onChange={(event) => setText(event.target.value)} />
          )}
        </Field>
        <Button kind="primary" type="submit">
          Apply
        </Button>
      </form>
    </Dialog>
  );
}
