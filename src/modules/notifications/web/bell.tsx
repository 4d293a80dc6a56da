import { Bell as BellIcon } from 'lucide-react';
import { lazy, Suspense, useState, type ComponentProps } from 'react';
import { Button } from '#web/kit/button.tsx';
import { useKeys } from '#web/kit/keyboard.ts';
import { useRead } from '#web/kit/query.ts';
import { useNotificationStream } from './live.ts';

const load = () => import('./bell-panel.tsx').then((module) => ({ default: module.BellPanel }));
const Panel = lazy(load);
const POLL_MS = 30_000;

/** What this user should know, in the header of every page. What hangs below it is fetched with the pointer or the focus. */
export function Bell() {
  const [open, setOpen] = useState(false);
  const [wanted, setWanted] = useState(false);
  const live = useNotificationStream();
  const unread = useRead('notifications.unread', {}, { everyMs: live ? false : POLL_MS });
  const count = unread.data?.unread ?? 0;
  const show = () => {
    setWanted(true);
    setOpen(true);
  };
  useKeys({ 'g n': show });
  const fetch = () => void load();
  const button = <BellButton count={count} aria-haspopup="dialog" onPointerEnter={fetch} onFocus={fetch} onClick={show} />;
  if (!wanted) return button;
  return (
    <Suspense fallback={button}>
      <Panel open={open} onOpenChange={setOpen} unread={count} trigger={<BellButton count={count} />} />
    </Suspense>
  );
}

function BellButton({ count, ...props }: ComponentProps<'button'> & { count: number }) {
  const label = count === 0 ? 'Notifications' : `Notifications, ${count >= 100 ? 'more than 99' : count} unread`;
  return (
    <Button kind="quiet" size="icon" aria-label={label} className="relative" {...props}>
      <BellIcon />
      {count === 0 ? null : (
        <span
          aria-hidden
          className="num absolute -top-0.5 -right-0.5 flex h-4 min-w-4 items-center justify-center rounded-full bg-accent px-1 text-2xs font-semibold text-on-accent"
        >
          {count >= 100 ? '99+' : count}
        </span>
      )}
    </Button>
  );
}
