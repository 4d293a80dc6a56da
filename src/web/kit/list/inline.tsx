import { useQueryClient } from '@tanstack/react-query';
import { Pencil } from 'lucide-react';
import { useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { toast } from '#web/kit/toast.ts';
import { ApiError, call, type Input, type OperationName } from '../api.ts';
import { refresh } from '../query.ts';
import { patchRow } from './rows.ts';

/** A cell that can be typed into: a pencil on hover and focus, `e` from the row. Enter saves, Escape leaves, Tab saves and goes on. */
export function EditableText({
  label,
  value,
  shown,
  type = 'text',
  editing,
  onEdit,
  onSave,
  onLeave,
}: {
  label: string;
  value: string;
  shown: ReactNode;
  type?: 'text' | 'number' | 'date' | 'url';
  editing: boolean;
  onEdit: () => void;
  onSave: (value: string, next: boolean) => void;
  onLeave: () => void;
}) {
  if (!editing)
    return (
      <span className="group/cell relative flex items-center">
        <span className="min-w-0 flex-1 truncate">{shown}</span>
        <button
          type="button"
          aria-label={`Edit ${label}`}
          tabIndex={-1}
          onClick={onEdit}
          className="absolute right-0 flex size-6 shrink-0 items-center justify-center rounded-sm bg-panel text-ink-3 opacity-0 hover:bg-sunken hover:text-ink focus-visible:opacity-100 group-hover/cell:opacity-100"
        >
          <Pencil className="size-3.5" />
        </button>
      </span>
    );
  return <Typing label={label} value={value} type={type} onSave={onSave} onLeave={onLeave} />;
}

function Typing({
  label,
  value,
  type,
  onSave,
  onLeave,
}: {
  label: string;
  value: string;
  type: string;
  onSave: (value: string, next: boolean) => void;
  onLeave: () => void;
}) {
  const [text, setText] = useState(value);
  const left = useRef(false);
  const save = (next: boolean) => {
    if (left.current) return;
    left.current = true;
    onSave(text.trim(), next);
  };
  const keys = (event: KeyboardEvent<HTMLInputElement>) => {
    // The field goes, its row stays under the keys.
    const row = event.currentTarget.closest<HTMLElement>('[data-row]');
    if (event.key === 'Escape') {
      left.current = true;
      onLeave();
      row?.focus({ preventScroll: true });
    } else if (event.key === 'Enter' || event.key === 'Tab') {
      event.preventDefault();
      event.stopPropagation();
      save(event.key === 'Tab');
      if (event.key === 'Enter') row?.focus({ preventScroll: true });
    }
  };
  return (
    <input
      // The person asked to type here.
      autoFocus
      type={type}
      aria-label={label}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onKeyDown={keys}
      onBlur={() => save(false)}
      onFocus={(event) => event.currentTarget.select()}
      className="h-7 w-full rounded-sm border border-accent bg-panel px-1.5 text-base outline-none sm:text-sm"
    />
  );
}

interface Edited {
  id: string;
  updated_at: string;
}

/**
 * Saves one row's change: shown at once, taken back when the server refuses. A row that somebody changed meanwhile is read again;
 * what was typed is kept in the message, to be put on top of it.
 */
export function useInlineSave<Row extends Edited>(list: OperationName, nouns: readonly string[]) {
  const client = useQueryClient();
  return async function save<Name extends OperationName>(
    name: Name,
    input: Input<Name>,
    row: Row,
    patch: Readonly<Record<string, unknown>>,
    options: { said?: string; undo?: () => void; version?: string | null } = {},
  ): Promise<void> {
    const back = patchRow(client, list, row.id, patch);
    const version = options.version === undefined ? row.updated_at : options.version;
    try {
      const answer = await call(name, input, version === null ? {} : { ifMatch: version, part: true });
      // Rows answer their new version; the next edit sends it.
      const fresh = typeof answer === 'object' && answer !== null && 'id' in answer && answer.id === row.id && 'updated_at' in answer;
      // `fresh` has looked: it is this row. Its change once more: a reading that began before it may have come meanwhile.
      patchRow(client, list, row.id, fresh ? { ...patch, updated_at: (answer as unknown as Edited).updated_at } : patch);
      if (options.said !== undefined)
        toast.success(options.said, options.undo === undefined ? {} : { action: { label: 'Undo', onClick: options.undo } });
      // One that is still under way is begun again.
      void refresh(client, client.isFetching({ queryKey: [list] }) > 0 ? [...nouns, list] : nouns);
    } catch (error) {
      back();
      void refresh(client, [...nouns, list.split('.')[0] ?? list]);
      if (error instanceof ApiError && error.code === 'version_changed')
        toast.error('Somebody changed this row meanwhile. It shows their change now; yours was not saved.', {
          duration: 15_000,
          action: { label: 'Save mine on top', onClick: () => void save(name, input, row, patch, { ...options, version: null }) },
        });
      else toast.error(error instanceof Error ? error.message : 'It could not be saved.');
    }
  };
}
