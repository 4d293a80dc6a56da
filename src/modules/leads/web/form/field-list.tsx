import { ChevronDown, GripVertical, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { ApiError } from '#web/kit/api.ts';
import { Badge } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { cn } from '#web/kit/cn.ts';
import { Menu, MenuItem } from '#web/kit/menu.tsx';
import { Panel } from '#web/kit/panel.tsx';
import { useRead } from '#web/kit/query.ts';
import { faultsAt, FIELD_TYPES, newField, type FormField } from './draft.ts';
import { FieldEditor } from './field-editor.tsx';

interface Props {
  fields: readonly FormField[];
  steps: readonly string[];
  error: ApiError | null;
  disabled: boolean;
  onChange: (fields: FormField[]) => void;
}

/**
 * A key for each field that goes with it when it moves: what has the focus moves with its field, at once, so that the next
 * key goes to the same field. Names can't be keys, they change while they are typed.
 */
function useKeysOf(count: number) {
  const [held, setKeys] = useState<readonly number[]>([]);
  const keys = held.length === count ? held : Array.from({ length: count }, (_, at) => at);
  return { keys, setKeys, fresh: Math.max(-1, ...keys) + 1 };
}

function moved<Item>(items: readonly Item[], from: number, to: number): Item[] {
  return items.toSpliced(from, 1).toSpliced(to, 0, ...items.slice(from, from + 1));
}

/** The fields in order: dragged by their grip, or moved with the arrow keys on it. */
export function FieldList({ fields, steps, error, disabled, onChange }: Props) {
  const custom = useRead('custom_fields.list', {}).data?.items ?? [];
  const { keys, setKeys, fresh } = useKeysOf(fields.length);
  const [open, setOpen] = useState<number | null>(null);
  const [dragged, setDragged] = useState<number | null>(null);
  const [over, setOver] = useState<number | null>(null);
  const [said, setSaid] = useState('');

  const move = (from: number, to: number) => {
    const field = fields[from];
    if (field === undefined || to < 0 || to >= fields.length || from === to) return;
    onChange(moved(fields, from, to));
    setKeys(moved(keys, from, to));
    setSaid(`${field.label} is now field ${to + 1} of ${fields.length}`);
  };
  const change = (index: number, next: Partial<FormField>) =>
    onChange(fields.map((field, at) => (at === index ? { ...field, ...next } : field)));
  const add = (type: FormField['type']) => {
    onChange([...fields, newField(type, fields, Math.max(0, steps.length - 1))]);
    setKeys([...keys, fresh]);
    setOpen(fresh);
  };
  return (
    <Panel
      title="Fields"
      flush
      aside={
        <Menu
          trigger={
            <Button size="sm" disabled={disabled}>
              <Plus /> Add a field
            </Button>
          }
        >
          {FIELD_TYPES.filter(([type]) => type !== 'email' || !fields.some((field) => field.name === 'email')).map(([type, words]) => (
            <MenuItem key={type} onSelect={() => add(type)}>
              {words}
            </MenuItem>
          ))}
        </Menu>
      }
    >
      <p aria-live="polite" className="sr-only">
        {said}
      </p>
      {error?.fields.some((fault) => fault.path === 'fields') === true ? (
        <p className="px-4 pt-3 text-xs text-bad">The form {faultsAt(error, 'fields')}</p>
      ) : null}
      <ul className="divide-y">
        {fields.map((field, index) => (
          <li
            key={keys[index]}
            className={cn(
              'transition-colors',
              dragged === index && 'opacity-50',
              over === index &&
                dragged !== null &&
                dragged !== index &&
                (dragged > index ? 'shadow-[inset_0_2px_0_var(--accent)]' : 'shadow-[inset_0_-2px_0_var(--accent)]'),
            )}
            onDragOver={(event) => {
              if (dragged === null) return;
              event.preventDefault();
              setOver(index);
            }}
            onDrop={(event) => {
              event.preventDefault();
              if (dragged !== null) move(dragged, index);
              setDragged(null);
              setOver(null);
            }}
          >
            <div className="flex items-center gap-1 py-1.5 pr-2 pl-1">
              <button
                type="button"
                data-grip
                draggable={!disabled}
                disabled={disabled}
                aria-label={`Move ${field.label}: arrow keys`}
                title="Drag, or press the arrow keys"
                className="flex size-8 shrink-0 cursor-grab items-center justify-center rounded-md text-ink-3 hover:bg-hover active:cursor-grabbing [&_svg]:size-4"
                onDragStart={(event) => {
                  event.dataTransfer.effectAllowed = 'move';
                  event.dataTransfer.setData('text/plain', field.name);
                  setDragged(index);
                }}
                onDragEnd={() => {
                  setDragged(null);
                  setOver(null);
                }}
                onKeyDown={(event) => {
                  if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
                  event.preventDefault();
                  move(index, index + (event.key === 'ArrowUp' ? -1 : 1));
                }}
              >
                <GripVertical />
              </button>
              <button
                type="button"
                aria-expanded={open === keys[index]}
                className="flex min-w-0 flex-1 items-center gap-2 rounded-md px-1 py-1.5 text-left hover:bg-hover"
                onClick={() => setOpen(open === keys[index] ? null : (keys[index] ?? null))}
              >
                <span className="min-w-0 flex-1">
                  <span className="block truncate text-sm font-medium">
                    {field.label === '' ? 'Without a label' : field.label}
                    {field.required ? <span className="text-ink-3"> *</span> : null}
                  </span>
                  <span className="block truncate text-xs text-ink-3">{FIELD_TYPES.find(([type]) => type === field.type)?.[1]}</span>
                </span>
                {field.show_when === null ? null : <Badge>conditional</Badge>}
                {faultsAt(error, `fields.${index}`) === undefined ? null : <Badge tone="bad">look here</Badge>}
                <ChevronDown
                  aria-hidden
                  className={cn('size-4 shrink-0 text-ink-3 transition-transform', open === keys[index] && 'rotate-180')}
                />
              </button>
              <Button
                kind="quiet"
                size="icon"
                aria-label={`Remove ${field.label}`}
                disabled={disabled || field.name === 'email'}
                onClick={({ currentTarget }) => {
                  // The row goes, and with it the focus: the next one takes it.
                  const row = currentTarget.closest('li');
                  (row?.nextElementSibling ?? row?.previousElementSibling)?.querySelector<HTMLElement>('[data-grip]')?.focus();
                  onChange(fields.toSpliced(index, 1));
                  setKeys(keys.toSpliced(index, 1));
                  setSaid(`${field.label} was removed`);
                }}
              >
                <Trash2 />
              </Button>
            </div>
            {open === keys[index] ? (
              <FieldEditor
                field={field}
                index={index}
                above={fields.slice(0, index)}
                steps={steps}
                custom={custom}
                error={error}
                onChange={(next) => change(index, next)}
              />
            ) : null}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
