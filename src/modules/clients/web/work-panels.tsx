import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Badge, type Tone } from '#web/kit/badge.tsx';
import { words } from '#web/kit/format.ts';
import { Panel } from '#web/kit/panel.tsx';
import { useList } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { When } from '#web/kit/time.tsx';

const LINE = 'flex items-center gap-3 px-4 py-2.5 text-sm hover:bg-hover';

/** Rows of one kind, or why there are none. */
export function Rows({
  title,
  list,
  none,
  aside,
  children,
}: {
  title: string;
  list: { readonly isPending: boolean; readonly error: Error | null; readonly rows: readonly unknown[] };
  none: string;
  aside?: ReactNode;
  children: ReactNode;
}) {
  return (
    <Panel title={title} aside={aside} flush>
      {list.isPending ? (
        <div className="p-4">
          <SkeletonLines lines={2} />
        </div>
      ) : list.rows.length === 0 ? (
        <p className="p-4 text-sm text-ink-2">{list.error === null ? none : list.error.message}</p>
      ) : (
        <ul className="divide-y">{children}</ul>
      )}
    </Panel>
  );
}

const states: Record<string, Tone> = { open: 'accent', pending: 'warn', on_hold: 'neutral', solved: 'ok', closed: 'neutral' };

export function TicketsOf({ personId }: { personId: string }) {
  const list = useList('tickets.list', { person_id: personId, view: 'all', limit: 10 });
  return (
    <Rows title="Tickets" list={list} none="They have asked for no help yet.">
      {list.rows.map((one) => (
        <li key={one.id}>
          <Link to="/tickets/$ticketId" params={{ ticketId: one.id }} className={LINE}>
            <span className="num w-10 shrink-0 text-ink-3">#{one.number}</span>
            <span className="min-w-0 flex-1 truncate font-medium">{one.subject}</span>
            <Badge tone={states[one.state] ?? 'neutral'}>{words(one.state)}</Badge>
            <span className="hidden w-20 shrink-0 text-right text-xs text-ink-3 sm:block">
              <When at={one.last_at} />
            </span>
          </Link>
        </li>
      ))}
    </Rows>
  );
}
