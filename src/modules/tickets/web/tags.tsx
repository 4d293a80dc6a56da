import { Plus, X } from 'lucide-react';
import { useState } from 'react';

/** Tags of a ticket: a click takes one away, a word and Enter gives one. */
export function TagsOf({ tags, onChange }: { tags: readonly string[]; onChange: (tags: string[]) => void }) {
  const [adding, setAdding] = useState(false);
  const [text, setText] = useState('');
  const add = () => {
    const tag = text.trim().toLowerCase();
    setText('');
    setAdding(false);
    if (tag !== '' && !tags.includes(tag)) onChange([...tags, tag]);
  };
  return (
    <span className="inline-flex flex-wrap items-center gap-1.5">
      {tags.map((tag) => (
        <span key={tag} className="inline-flex h-6 items-center gap-1 rounded-full bg-sunken pr-1 pl-2.5 text-xs text-ink-2">
          {tag}
          <button
            type="button"
            aria-label={`Take the tag ${tag} away`}
            onClick={() => onChange(tags.filter((one) => one !== tag))}
            className="inline-flex size-5 items-center justify-center rounded-full hover:bg-hover"
          >
            <X className="size-3" />
          </button>
        </span>
      ))}
      {adding ? (
        <input
          aria-label="New tag"
          autoFocus
          value={text}
          maxLength={50}
          onChange={(event) => setText(event.target.value)}
          onBlur={add}
          onKeyDown={(event) => {
            if (event.key === 'Enter') add();
            if (event.key !== 'Escape') return;
            setText('');
            setAdding(false);
          }}
          className="h-6 w-28 rounded-full border border-line-strong bg-panel px-2.5 text-xs"
        />
      ) : (
        <button
          type="button"
          onClick={() => setAdding(true)}
          className="inline-flex h-6 items-center gap-1 rounded-full px-2 text-xs text-ink-3 hover:bg-hover hover:text-ink"
        >
          <Plus className="size-3" /> Tag
        </button>
      )}
    </span>
  );
}
