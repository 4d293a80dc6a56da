import { Link } from '@tanstack/react-router';
import { MessageSquareText, Moon, PenLine } from 'lucide-react';
import { memo } from 'react';
import { Avatar } from '#web/kit/avatar.tsx';
import { Badge } from '#web/kit/badge.tsx';
import { cn } from '#web/kit/cn.ts';
import { ago, momentOf } from '#web/kit/time.tsx';
import { UserAvatar } from '#web/kit/user-avatar.tsx';
import { classes, type Line, type View } from './words.ts';

/** One conversation in the list. */
export const ConversationLine = memo(function ConversationLine({
  line,
  chosen,
  view,
  q,
}: {
  line: Line;
  chosen: boolean;
  view: View;
  q: string | undefined;
}) {
  const [label, tone] = classes[line.reply_class ?? 'other'];
  return (
    <li data-person={line.person_id}>
      <Link
        to="/conversations/$personId"
        params={{ personId: line.person_id }}
        search={{ ...(view === 'open' ? {} : { view }), ...(q === undefined ? {} : { q }) }}
        aria-current={chosen ? 'page' : undefined}
        className={cn(
          'relative flex gap-3 px-4 py-3 transition-colors focus-visible:-outline-offset-2',
          chosen ? 'bg-accent-soft' : 'hover:bg-hover',
        )}
      >
        {line.unread ? <span aria-hidden className="absolute top-6 left-1.5 size-1.5 rounded-full bg-accent" /> : null}
        <Avatar name={line.name} />
        <span className="min-w-0 flex-1">
          <span className="flex items-baseline gap-2">
            <span className={cn('min-w-0 flex-1 truncate text-sm', line.unread ? 'font-semibold' : 'font-medium')}>
              {line.name}
              {line.unread ? <span className="sr-only"> (unread)</span> : null}
            </span>
            <time dateTime={line.last_at} className="num shrink-0 text-xs text-ink-3">
              {ago(line.last_at)}
            </time>
          </span>
          <span className={cn('block truncate text-sm', line.unread ? 'text-ink' : 'text-ink-2')}>
            {line.channel === 'sms' ? <MessageSquareText aria-label="SMS" className="mr-1 mb-0.5 inline size-3.5 text-ink-3" /> : null}
            {line.subject === '' ? line.preview : line.subject.replace(/^((re|aw)\s*:\s*)+/i, '')}
          </span>
          <span className="mt-0.5 flex items-center gap-2">
            <span className="min-w-0 flex-1 truncate text-xs text-ink-3">
              {line.drafting ? (
                <>
                  <PenLine aria-hidden className="mr-1 mb-0.5 inline size-3" />
                  <span className="text-accent-ink">Draft</span> ·{' '}
                </>
              ) : null}
              {line.direction === 'outbound' ? 'You: ' : ''}
              {line.subject === '' ? '' : line.preview}
            </span>
            {line.snoozed_until === null ? null : (
              <span className="inline-flex shrink-0 items-center gap-1 text-xs text-ink-3">
                <Moon aria-hidden className="size-3" /> {momentOf(line.snoozed_until)}
              </span>
            )}
            {line.direction === 'inbound' && line.reply_class !== null && line.reply_class !== 'other' ? (
              <Badge tone={tone}>{label}</Badge>
            ) : null}
            {line.assignee_id === null ? null : <UserAvatar userId={line.assignee_id} name={line.assignee_name ?? ''} size="sm" />}
          </span>
        </span>
      </Link>
    </li>
  );
});
