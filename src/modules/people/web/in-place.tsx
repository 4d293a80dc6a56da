import { useEffect, useRef, useState, type ReactNode } from 'react';
import { toast } from '#web/kit/toast.ts';
import { Input, Select, Textarea } from '#web/kit/field.tsx';
import { ApiError } from '#web/kit/api.ts';

interface Props {
  label: string;
  /** As it is stored; empty: nothing is known. */
  value: string;
  /** How it is shown; default: the value. */
  shown?: ReactNode;
  kind?: 'text' | 'email' | 'tel' | 'url' | 'number' | 'date' | 'area' | 'choice';
  options?: readonly (readonly [value: string, label: string])[];
  placeholder?: string;
  /** Saves it; what it throws is said beside the field. */
  onSave: (value: string) => Promise<unknown>;
  /** Names of the page's own list of suggestions. */
  suggestions?: readonly string[];
  /** Shown behind the value and reached by Tab: remove, make primary. */
  aside?: ReactNode;
  className?: string;
}

/** A value that is edited where it stands: press it, type, Enter saves, Escape leaves it as it was. */
export function InPlace({ label, value, shown, kind = 'text', options = [], placeholder, onSave, suggestions, aside, className }: Props) {
  const [editing, setEditing] = useState(false);
  const [text, setText] = useState(value);
  const [fault, setFault] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const wasEditing = useRef(false);
  /** Chosen while a choice before is being saved: the last one counts. */
  const next = useRef<string | null>(null);
  useEffect(() => {
    // Whoever has gone on to the next field meanwhile stays there.
    if (wasEditing.current && !editing && document.activeElement === document.body) button.current?.focus();
    wasEditing.current = editing;
  }, [editing]);
  const close = () => {
    setEditing(false);
    setFault(null);
  };
  const save = async (wanted: string) => {
    if (busy) return;
    if (wanted.trim() === value.trim()) {
      next.current = null;
      return close();
    }
    setBusy(true);
    try {
      for (let one: string | null = wanted; one !== null; one = next.current) {
        next.current = null;
        await onSave(one.trim());
      }
      close();
    } catch (error) {
      next.current = null;
      const what = error instanceof ApiError ? (error.fields[0]?.message ?? error.message) : 'could not be saved';
      // Who left the field meanwhile hears of it all the same.
      if (wasEditing.current) setFault(what);
      else toast.error(`${label}: ${what}`);
    } finally {
      setBusy(false);
    }
  };
  if (!editing) {
    return (
      <span className="group/field flex min-w-0 items-start gap-1">
        <button
          ref={button}
          type="button"
          data-in-place
          onClick={() => {
            setText(value);
            setEditing(true);
          }}
          className="-mx-1.5 -my-0.5 min-w-0 max-w-full rounded-md px-1.5 py-0.5 text-left break-words whitespace-pre-wrap hover:bg-hover"
        >
          <span className="sr-only">{label}: </span>
          {value === '' ? <span className="text-ink-3">{placeholder ?? 'Add'}</span> : (shown ?? value)}
          <span className="sr-only"> Edit</span>
        </button>
        {aside}
      </span>
    );
  }
  const common = {
    'aria-label': label,
    autoFocus: true,
    // Not disabled: the focus would go, and with it the place to correct what the server refuses.
    'aria-busy': busy,
    ...(fault === null ? {} : { 'aria-invalid': true as const }),
    className: className ?? 'min-w-0',
  };
  const keys = (event: React.KeyboardEvent, area: boolean) => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      close();
    }
    if (event.key === 'Enter' && (!area || event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void save(text);
    }
  };
  return (
    <span className="block min-w-0">
      {kind === 'choice' ? (
        <Select
          {...common}
          value={text}
          onBlur={close}
          onKeyDown={(event) => keys(event, true)}
          onChange={(event) => {
            setText(event.target.value);
            next.current = event.target.value;
            void save(event.target.value);
          }}
        >
          {options.map(([option, name]) => (
            <option key={option} value={option}>
              {name}
            </option>
          ))}
        </Select>
      ) : kind === 'area' ? (
        <Textarea
          {...common}
          readOnly={busy}
          rows={3}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onBlur={() => void save(text)}
          onKeyDown={(event) => keys(event, true)}
        />
      ) : (
        <>
          <Input
            {...common}
            readOnly={busy}
            type={kind === 'number' ? 'text' : kind}
            {...(kind === 'number' ? { inputMode: 'decimal' } : {})}
            value={text}
            list={suggestions === undefined ? undefined : `${label}-suggestions`}
            onChange={(event) => setText(event.target.value)}
            onBlur={() => void save(text)}
            onKeyDown={(event) => keys(event, false)}
          />
          {suggestions === undefined ? null : (
            <datalist id={`${label}-suggestions`}>
              {suggestions.map((name) => (
                <option key={name} value={name} />
              ))}
            </datalist>
          )}
        </>
      )}
      {fault === null ? null : (
        <span role="alert" className="mt-1 block text-xs text-bad">
          {label} {fault}
        </span>
      )}
    </span>
  );
}
