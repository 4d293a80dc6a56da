import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import { Badge, Dot } from '#web/kit/badge.tsx';
import { cn } from '#web/kit/cn.ts';
import { ago } from '#web/kit/time.tsx';
import { UserAvatar } from '#web/kit/user-avatar.tsx';
import { dueOf, priorities, states, untilOf, type Line } from './words.ts';

/** One ticket in the list: what it is about, who asks, and which clock runs out. */
export const TicketLine = memo(function TicketLine({
  line,
  chosen,
  search,
}: {
  line: Line;
  chosen: boolean;
  search: { view?: string; q?: string; sort?: string };
}) {
  const [label, tone] = states[line.state];
  const [priority, urgency] = priorities[line.priority];
  const due = dueOf(line);
  const waits = line.waiting_since !== null;
  return (
    <li data-ticket={line.id}>
      <Link
        to="/tickets/$ticketId"
        params={{ ticketId: line.id }}
        search={search}
        aria-current={chosen ? 'page' : undefined}
        className={cn(
          'relative block px-4 py-3 transition-colors focus-visible:-outline-offset-2',
          chosen ? 'bg-accent-soft' : 'hover:bg-hover',
        )}
      >
        <span className="flex items-baseline gap-2">
          <span className={cn('min-w-0 flex-1 truncate text-sm', waits ? 'font-semibold' : 'font-medium')}>{line.subject}</span>
          <time dateTime={line.last_at} className="num shrink-0 text-xs text-ink-3">
            {ago(line.last_at)}
          </time>
        </span>
        <span className="mt-0.5 flex items-baseline gap-1.5 text-xs text-ink-3">
          <span className="num shrink-0">#{line.number}</span>
          <span className="max-w-[50%] shrink-0 truncate text-ink-2">{line.person_name}</span>
          <span className="min-w-0 flex-1 truncate">
            {line.preview === '' ? '' : `${line.last_inbound === false ? 'You: ' : ''}${line.preview}`}
          </span>
        </span>
        <span className="mt-1.5 flex items-center gap-2 text-xs">
          <span className="inline-flex items-center gap-1.5 text-ink-2">
            <Dot tone={tone} />
            {label}
          </span>
          {line.priority === 'high' || line.priority === 'urgent' ? <Badge tone={urgency}>{priority}</Badge> : null}
          {due === null ? null : (
            <span className={cn('num', due.tone === 'bad' ? 'font-medium text-bad' : due.tone === 'warn' ? 'text-warn' : 'text-ink-3')}>
              {due.what} {untilOf(due.at)}
            </span>
          )}
          <span className="flex-1" />
          {line.assignee_id === null ? null : <UserAvatar userId={line.assignee_id} name={line.assignee_name ?? ''} size="sm" />}
        </span>
      </Link>
    </li>
  );
});
