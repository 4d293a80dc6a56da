import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { refresh } from '#web/kit/query.ts';

/**
 * Hears of changes while the page is in view, and reads the notifications again. A hidden page keeps no connection: browsers allow
 * six a host. Answers whether the stream is open; while it is not, whoever asks polls.
 */
export function useNotificationStream(): boolean {
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  useEffect(() => {
    let stream: EventSource | null = null;
    const close = () => {
      stream?.close();
      stream = null;
      setOpen(false);
    };
    const follow = () => {
      close();
      if (document.hidden) return;
      stream = new EventSource('/api/notifications/stream');
      stream.addEventListener('changed', () => {
        setOpen(true);
        void refresh(client, ['notifications.list', 'notifications.unread']);
      });
      // The browser comes back by itself after a cut; after a refusal it does not, and polling goes on.
      stream.addEventListener('error', () => setOpen(false));
    };
    follow();
    document.addEventListener('visibilitychange', follow);
    return () => {
      document.removeEventListener('visibilitychange', follow);
      close();
    };
  }, [client]);
  return open;
}
