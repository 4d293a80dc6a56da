import { Plus } from 'lucide-react';
import { useId, useState } from 'react';
import type { Output } from '#web/kit/api.ts';
import { useAct, useRead } from '#web/kit/query.ts';
import { TagChip, TagDot } from './tag-chip.tsx';

/** Tags of a person: type to choose one or make a new one, Backspace takes the last, Escape is done. */
export function TagsEditor({ person }: { person: Output<'people.get'> }) {
  const [open, setOpen] = useState(false);
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const list = useId();
  const all = useRead('tags.list', {}, { enabled: open });
  const refresh = ['people', 'tags', 'leads', 'segments'];
  const add = useAct('people.tag', { refresh });
  const remove = useAct('people.untag', { refresh });
  const carried = new Set(person.tags.map((tag) => tag.id));
  const wanted = text.trim().replace(/^#/, '').toLowerCase();
  const found = (all.data?.items ?? []).filter((tag) => !carried.has(tag.id) && tag.name.toLowerCase().includes(wanted)).slice(0, 8);
  const isNew = wanted !== '' && !(all.data?.items ?? []).some((tag) => tag.name.toLowerCase() === wanted);
  const choices = [...found.map((tag) => tag.name), ...(isNew ? [text.trim()] : [])];
  const choose = (name: string | undefined) => {
    if (name === undefined) return;
    add.mutate({ person_ids: [person.id], tags: [name] });
    setText('');
    setAt(0);
  };
  return (
    <div className="flex flex-wrap items-center gap-1.5" role="group" aria-label="Tags">
      {person.tags.map((tag) => (
        <TagChip
          key={tag.id}
          name={tag.name}
          color={tag.color}
          onRemove={() => remove.mutate({ person_ids: [person.id], tags: [tag.name] })}
        />
      ))}
      {open ? (
        <span className="relative">
          <input
            autoFocus
            role="combobox"
            aria-label="Add a tag"
            aria-expanded={choices.length > 0}
            aria-controls={list}
            aria-activedescendant={choices.length > 0 ? `${list}-${at}` : undefined}
            maxLength={60}
            value={text}
            placeholder="Tag"
            onChange={(event) => {
              setText(event.target.value.replace(',', ''));
              setAt(0);
            }}
            onBlur={() => setOpen(false)}
            onKeyDown={(event) => {
              const last = person.tags.at(-1);
              if (event.key === 'Escape') setOpen(false);
              else if (event.key === 'ArrowDown') setAt(Math.min(at + 1, choices.length - 1));
              else if (event.key === 'ArrowUp') setAt(Math.max(at - 1, 0));
              else if (event.key === 'Enter' || event.key === ',') choose(choices[at]);
              else if (event.key === 'Backspace' && text === '' && last !== undefined) {
                remove.mutate({ person_ids: [person.id], tags: [last.name] });
                return;
              } else return;
              event.preventDefault();
            }}
            className="h-6 w-32 rounded-full border border-line-strong bg-panel px-2.5 text-base sm:text-xs"
          />
          {choices.length === 0 ? null : (
            <div id={list} role="listbox" aria-label="Tags" className="absolute left-0 z-30 mt-1 w-52 rounded-lg bg-panel p-1 shadow-pop">
              {choices.map((name, index) => (
                <div
                  key={name}
                  id={`${list}-${index}`}
                  role="option"
                  tabIndex={-1}
                  aria-selected={index === at}
                  onPointerDown={(event) => {
                    event.preventDefault();
                    choose(name);
                  }}
                  className={`flex h-8 items-center gap-2 rounded-md px-2 text-sm ${index === at ? 'bg-sunken' : ''}`}
                >
                  {index < found.length ? <TagDot color={found[index]?.color ?? 'gray'} /> : <Plus className="size-3.5 text-ink-3" />}
                  <span className="truncate">{index < found.length ? name : `New tag “${name}”`}</span>
                </div>
              ))}
            </div>
          )}
        </span>
      ) : (
        <button
          type="button"
          onClick={() => setOpen(true)}
          className="inline-flex h-6 items-center gap-1 rounded-full border border-dashed border-line-strong px-2 text-xs text-ink-2 hover:bg-hover hover:text-ink"
        >
          <Plus className="size-3" /> Tag
        </button>
      )}
    </div>
  );
}
