import { diffWordsWithSpace } from 'diff';
import { useMemo } from 'react';

/** Which words were put in and taken out, as one text. Read aloud as what it is: `ins` and `del`. */
export function Changes({ before, after, label }: { before: string; after: string; label: string }) {
  const parts = useMemo(
    () => diffWordsWithSpace(before, after).map((part, place) => ({ ...part, key: `${place} ${part.value}` })),
    [before, after],
  );
  return (
    <div className="rounded-lg bg-sunken px-3 py-2">
      <p className="mb-1 text-2xs font-medium text-ink-3">{label}</p>
      <p
        className="max-h-80 overflow-auto text-sm leading-relaxed break-words whitespace-pre-wrap"
        tabIndex={0}
        role="region"
        aria-label={label}
      >
        {parts.map((part) => {
          if (part.added)
            return (
              <ins key={part.key} className="rounded-xs bg-ok-soft text-ok decoration-1 underline-offset-2">
                {part.value}
              </ins>
            );
          if (part.removed)
            return (
              <del key={part.key} className="rounded-xs bg-bad-soft text-bad decoration-1">
                {part.value}
              </del>
            );
          return <span key={part.key}>{part.value}</span>;
        })}
      </p>
    </div>
  );
}
