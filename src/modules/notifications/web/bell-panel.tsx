import { Link, useNavigate } from '@tanstack/react-router';
import {
  Archive,
  AtSign,
  Bell,
  CircleAlert,
  Clock,
  FileUp,
  Flame,
  Hourglass,
  MessagesSquare,
  Moon,
  ReceiptText,
  Reply,
  Settings,
  Stamp,
  Ticket,
  TrendingUp,
  UserPlus,
  AlarmClock,
  CalendarClock,
  ChartColumn,
  Webhook,
} from 'lucide-react';
import { Popover } from 'radix-ui';
import { useRef, type KeyboardEvent, type ReactNode } from 'react';
import type { Item } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { cn } from '#web/kit/cn.ts';
import { useAct, useList } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Empty, Failure } from '#web/kit/states.tsx';
import { When } from '#web/kit/time.tsx';

type Notification = Item<'notifications.list'>;

const icons: Record<Notification['kind'], ReactNode> = {
  lead_assigned: <UserPlus />,
  hot_lead: <Flame />,
  score_reached: <TrendingUp />,
  mention: <AtSign />,
  reply: <Reply />,
  conversation_assigned: <MessagesSquare />,
  conversation_back: <Moon />,
  ticket_assigned: <Ticket />,
  ticket_reply: <Reply />,
  ticket_target: <AlarmClock />,
  task_due: <Clock />,
  alert: <CircleAlert />,
  call_booked: <CalendarClock />,
  quote_answered: <ReceiptText />,
  schedule_missed: <AlarmClock />,
  webhook_failed: <Webhook />,
  approval_requested: <Stamp />,
  approval_due: <Stamp />,
  backup_failed: <Archive />,
  retention_due: <Hourglass />,
  daily_pipeline: <ChartColumn />,
  import_done: <FileUp />,
};

interface PanelProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  trigger: ReactNode;
  unread: number;
}

export function BellPanel({ open, onOpenChange, trigger, unread }: PanelProps) {
  return (
    <Popover.Root open={open} onOpenChange={onOpenChange}>
      <Popover.Trigger asChild>{trigger}</Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="end"
          sideOffset={8}
          collisionPadding={8}
          aria-label="Notifications"
          className="z-50 flex max-h-[min(36rem,80dvh)] w-[min(26rem,calc(100vw-1rem))] animate-appear flex-col rounded-xl bg-panel shadow-pop outline-none"
        >
          <Inside unread={unread} onClose={() => onOpenChange(false)} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function Inside({ unread, onClose }: { unread: number; onClose: () => void }) {
  const list = useList('notifications.list', { limit: 30 });
  const readAll = useAct('notifications.read_all', { refresh: ['notifications'] });
  const newest = list.rows[0]?.created_at;
  return (
    <>
      <header className="flex min-h-12 items-center gap-2 border-b px-4">
        <h2 className="flex-1 text-sm font-semibold">Notifications</h2>
        {unread === 0 || newest === undefined ? null : (
          <Button size="sm" kind="quiet" busy={readAll.isPending} onClick={() => readAll.mutate({ up_to: newest })}>
            Mark all as read
          </Button>
        )}
        <Button asChild kind="quiet" size="icon" aria-label="Choose what you are told">
          <Link to="/settings/notifications" onClick={onClose}>
            <Settings />
          </Link>
        </Button>
      </header>
      {list.isPending ? (
        <div className="p-4">
          <SkeletonLines lines={5} />
        </div>
      ) : list.error !== null && list.rows.length === 0 ? (
        <Failure what="Notifications could not be loaded." error={list.error} retry={() => void list.refetch()} className="py-8" />
      ) : list.rows.length === 0 ? (
        <Empty
          icon={<Bell />}
          title="Nothing to tell you"
          className="py-10"
          action={
            <Button asChild size="sm">
              <Link to="/settings/notifications" onClick={onClose}>
                Choose what you are told
              </Link>
            </Button>
          }
        >
          Replies, due tasks, new and hot leads come up here, the moment they happen.
        </Empty>
      ) : (
        <Rows
          rows={list.rows}
          onClose={onClose}
          more={list.hasNextPage}
          loading={list.isFetchingNextPage}
          onMore={() => void list.fetchNextPage()}
        />
      )}
    </>
  );
}

interface RowsProps {
  rows: readonly Notification[];
  more: boolean;
  loading: boolean;
  onMore: () => void;
  onClose: () => void;
}

/** Arrows or j and k move, Enter opens, e marks as read or unread. */
function Rows({ rows, more, loading, onMore, onClose }: RowsProps) {
  const navigate = useNavigate();
  const box = useRef<HTMLUListElement>(null);
  const setRead = useAct('notifications.set_read', { refresh: ['notifications'] });
  const open = (row: Notification) => {
    if (row.read_at === null) setRead.mutate({ notification_id: row.id, read: true });
    if (row.link === null) return;
    onClose();
    void navigate({ to: row.link });
  };
  const keys = (event: KeyboardEvent) => {
    const items = [...(box.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [])];
    const at = items.findIndex((item) => item === document.activeElement);
    const step = event.key === 'ArrowDown' || event.key === 'j' ? 1 : event.key === 'ArrowUp' || event.key === 'k' ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      items[Math.max(0, Math.min(items.length - 1, at + step))]?.focus();
    }
    const row = rows[at];
    if (event.key === 'e' && row !== undefined) setRead.mutate({ notification_id: row.id, read: row.read_at === null });
  };
  return (
    // The keys move between the buttons inside, which work without them, too.
    <ul ref={box} onKeyDown={keys} className="min-h-0 flex-1 divide-y overflow-y-auto overscroll-contain">
      {rows.map((row) => (
        <li key={row.id}>
          <button
            type="button"
            data-row
            onClick={() => open(row)}
            className="flex w-full items-start gap-3 px-4 py-3 text-left hover:bg-hover focus-visible:-outline-offset-2"
          >
            <span className={cn('mt-0.5 [&_svg]:size-4', row.read_at === null ? 'text-accent-ink' : 'text-ink-3')}>{icons[row.kind]}</span>
            <span className="min-w-0 flex-1">
              <span className={cn('block text-sm', row.read_at === null ? 'font-medium' : 'text-ink-2')}>
                {row.title}
                {row.count > 1 ? <span className="num text-ink-3"> · {row.count}</span> : null}
              </span>
              {row.body === '' ? null : <span className="line-clamp-2 text-sm text-ink-2">{row.body}</span>}
              <When at={row.created_at} className="num text-xs text-ink-3" />
            </span>
            {row.read_at === null ? (
              <span role="img" aria-label="unread" className="mt-1.5 size-2 shrink-0 rounded-full bg-accent" />
            ) : null}
          </button>
        </li>
      ))}
      {more ? (
        <li className="p-2 text-center">
          <Button size="sm" kind="quiet" busy={loading} onClick={onMore}>
            Show older ones
          </Button>
        </li>
      ) : null}
    </ul>
  );
}
