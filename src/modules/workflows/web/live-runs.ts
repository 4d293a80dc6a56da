import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { refresh } from '#web/kit/query.ts';

/** Which runs a page shows: one, those of a workflow, or all. */
export interface Watched {
  runId?: string | undefined;
  workflowId?: string | undefined;
}

/**
 * Hears of changes while the page is in view and reads the named operations again. A hidden page keeps no connection: browsers allow six a
 * host. Answers whether the stream is open; while it is not, whoever asks polls.
 */
export function useLiveRuns({ runId, workflowId }: Watched, operations: readonly string[]): boolean {
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const names = operations.join(',');
  useEffect(() => {
    const query = new URLSearchParams({
      ...(runId === undefined ? {} : { run_id: runId }),
      ...(workflowId === undefined ? {} : { workflow_id: workflowId }),
    });
    let stream: EventSource | null = null;
    const close = () => {
      stream?.close();
      stream = null;
      setOpen(false);
    };
    const follow = () => {
      close();
      if (document.hidden) return;
      stream = new EventSource(`/api/runs/stream?${query.toString()}`);
      stream.addEventListener('open', () => setOpen(true));
      stream.addEventListener('changed', () => void refresh(client, names.split(',')));
      // The browser comes back by itself after a cut, with the id it heard last; after a refusal it does not, and polling goes on.
      stream.addEventListener('error', () => setOpen(false));
    };
    follow();
    document.addEventListener('visibilitychange', follow);
    return () => {
      document.removeEventListener('visibilitychange', follow);
      close();
    };
  }, [client, runId, workflowId, names]);
  return open;
}
