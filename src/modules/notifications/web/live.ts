import { useQueryClient } from '@tanstack/react-query';
import { refresh } from '#web/kit/query.ts';
import { useStream } from '#web/kit/stream.ts';

/** Hears of changes while the page is in view, and reads the notifications again. Answers whether the stream is open: else poll. */
export function useNotificationStream(): boolean {
  const client = useQueryClient();
  return useStream('/api/notifications/stream', () => void refresh(client, ['notifications.list', 'notifications.unread']));
}
