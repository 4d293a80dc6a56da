import { useId, useState, type FormEvent, type KeyboardEvent, type Ref } from 'react';
import { Textarea } from './field.tsx';
import { useRead } from './query.ts';
import { userName } from './user-name.ts';

/** A colleague who was named in a text. */
export interface Named {
  readonly id: string;
  readonly name: string;
}

/** Those whose name still stands in the text. */
export const mentionsIn = (text: string, named: readonly Named[]): string[] => [
  ...new Set(named.filter(({ name }) => text.includes(`@${name}`)).map(({ id }) => id)),
];

interface Props {
  ref?: Ref<HTMLTextAreaElement>;
  label: string;
  value: string;
  placeholder?: string;
  rows?: number;
  className?: string;
  autoFocus?: boolean;
  onChange: (text: string) => void;
  onMention: (user: Named) => void;
  /** Ctrl-Enter. */
  onSubmit: (event: FormEvent) => void;
  onCancel?: () => void;
}

/** A text in which `@` opens a list of colleagues: arrows choose, Enter takes, Escape closes. */
export function MentionText({ ref, label, value, onChange, onMention, onSubmit, onCancel, ...props }: Props) {
  const list = useId();
  /** Where the @ under way stands; null: none. */
  const [start, setStart] = useState<number | null>(null);
  const [caret, setCaret] = useState(0);
  const [at, setAt] = useState(0);
  const users = useRead('users.list', { limit: 200, is_active: true }, { enabled: start !== null });
  const wanted = start === null ? '' : value.slice(start + 1, caret).toLowerCase();
  const found =
    start === null
      ? []
      : (users.data?.items ?? [])
          .map((user) => ({ id: user.id, name: userName(user) }))
          .filter(
            ({ name }) =>
              name !== '' &&
              name
                .toLowerCase()
                .split(/\s/)
                .concat(name.toLowerCase())
                .some((part) => part.startsWith(wanted)),
          )
          .slice(0, 6);
  const choose = (user: Named | undefined) => {
    if (user === undefined || start === null) return;
    onChange(`${value.slice(0, start)}@${user.name} ${value.slice(caret)}`);
    onMention(user);
    setStart(null);
  };
  const keys = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) return onSubmit(event);
    if (found.length === 0) {
      if (event.key === 'Escape') onCancel?.();
      return;
    }
    if (event.key === 'ArrowDown') setAt((at + 1) % found.length);
    else if (event.key === 'ArrowUp') setAt((at - 1 + found.length) % found.length);
    else if (event.key === 'Enter' || event.key === 'Tab') choose(found[at]);
    else if (event.key === 'Escape') setStart(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className="relative">
      <Textarea
        {...props}
        ref={ref}
        aria-label={label}
        aria-autocomplete="list"
        {...(found.length === 0 ? {} : { 'aria-controls': list, 'aria-activedescendant': `${list}-${at}` })}
        value={value}
        onChange={(event) => {
          const text = event.target.value;
          const position = event.target.selectionStart;
          const sign = /(?:^|\s)@([^\s@]*(?: [^\s@]*)?)$/.exec(text.slice(0, position));
          setStart(sign === null ? null : position - (sign[1]?.length ?? 0) - 1);
          setCaret(position);
          setAt(0);
          onChange(text);
        }}
        onKeyDown={keys}
        onBlur={() => setStart(null)}
      />
      {found.length === 0 ? null : (
        <div id={list} role="listbox" aria-label="Colleagues" className="absolute left-2 z-30 mt-1 w-56 rounded-lg bg-panel p-1 shadow-pop">
          {found.map((user, index) => (
            <div
              key={user.id}
              id={`${list}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === at}
              onPointerDown={(event) => {
                event.preventDefault();
                choose(user);
              }}
              className={`flex h-8 items-center rounded-md px-2 text-sm ${index === at ? 'bg-sunken' : ''}`}
            >
              <span className="truncate">{user.name}</span>
            </div>
          ))}
        </div>
      )}
    </div>
  );
}
