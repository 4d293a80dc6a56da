import { Search } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';

const PAUSE_MS = 200;

/** Words to find; asked for once the typing pauses. `/` comes here, Escape and Enter go back to the rows. */
export function SearchBox({
  label,
  value,
  onChange,
  placeholder = 'Name, email or phone',
}: {
  label: string;
  value: string;
  onChange: (value: string | undefined) => void;
  placeholder?: string;
}) {
  const [text, setText] = useState(value);
  const said = useRef(value);
  // A view or a button changed the words.
  useEffect(() => {
    if (value !== said.current) {
      said.current = value;
      setText(value);
    }
  }, [value]);
  useEffect(() => {
    const words = text.trim();
    if (words === said.current) return;
    const timer = setTimeout(() => {
      said.current = words;
      onChange(words === '' ? undefined : words);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  });
  return (
    <label className="relative min-w-0 flex-1 basis-44 sm:max-w-72">
      <Search aria-hidden className="pointer-events-none absolute top-2 left-2.5 size-4 text-ink-3" />
      <input
        type="search"
        aria-label={label}
        placeholder={placeholder}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' || event.key === 'Enter') event.currentTarget.blur();
        }}
        className="h-8 w-full rounded-md border border-line-strong bg-panel pr-2 pl-8 text-base shadow-raise sm:text-sm"
      />
    </label>
  );
}
