import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { Avatar } from '#web/kit/avatar.tsx';
import { count } from '#web/kit/format.ts';
import { Panel } from '#web/kit/panel.tsx';
import { useRead } from '#web/kit/query.ts';
import { Skeleton } from '#web/kit/skeleton.tsx';
import type { Condition } from '#web/kit/conditions/model.ts';

const PAUSE_MS = 200;

/** How many fit, and a few of them, while the condition is written. */
export function Live({ condition }: { condition: Condition | null }) {
  const settled = useSettled(condition);
  // The builder's conditions are those of the schema; its type is the same one, written down for the wire.
  const input = { condition: (settled ?? { all: [] }) as never };
  const counted = useRead('segments.count', input, { enabled: settled !== null, keep: true });
  const some = useRead('segments.preview', { ...input, limit: 8 }, { enabled: settled !== null, keep: true });
  const found = counted.data;
  return (
    <Panel title="Who fits now">
      <div aria-live="polite">
        {condition === null ? (
          <p className="text-sm text-ink-2">Finish the condition to see who fits.</p>
        ) : counted.error !== null ? (
          <p className="text-sm text-bad">{counted.error.message}</p>
        ) : found === undefined ? (
          <Skeleton className="h-8 w-28" />
        ) : (
          <>
            <div className="num text-2xl font-semibold tracking-tight">
              {found.at_most !== null
                ? `under ${count(found.at_most)}`
                : `${found.estimated ? 'about ' : ''}${count(found.estimated ? rounded(found.count) : found.count)}`}
            </div>
            <p className="text-xs text-ink-3">
              of {count(found.total)} people{found.estimated ? ', judged from a sample. The exact number comes with saving.' : ''}
            </p>
          </>
        )}
      </div>
      {condition === null || some.data === undefined || some.data.items.length === 0 ? null : (
        <ul className="mt-3 divide-y border-t">
          {some.data.items.map((person) => (
            <li key={person.id} className="flex items-center gap-2.5 py-1.5 text-sm">
              <Avatar name={person.name || person.email || '?'} size="sm" />
              <Link to="/people/$personId" params={{ personId: person.id }} className="min-w-0 flex-1 truncate hover:underline">
                {person.name || person.email || 'Unnamed'}
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

/** Two digits that count: an estimate knows no more. */
function rounded(value: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, value))) - 1);
  return Math.round(value / step) * step;
}

/** The condition once nobody typed for a moment. */
function useSettled(condition: Condition | null): Condition | null {
  const text = JSON.stringify(condition);
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  const parsed: Condition | null = JSON.parse(settled);
  return parsed;
}
