import { useQueryClient } from '@tanstack/react-query';
import { refresh } from '#web/kit/query.ts';
import { useStream } from '#web/kit/stream.ts';

/** Which runs a page shows: one, those of a workflow, or all. */
export interface Watched {
  runId?: string | undefined;
  workflowId?: string | undefined;
}

/** Hears of changes while the page is in view and reads the named operations again. Answers whether the stream is open: else poll. */
export function useLiveRuns({ runId, workflowId }: Watched, operations: readonly string[]): boolean {
  const client = useQueryClient();
  const query = new URLSearchParams({
    ...(runId === undefined ? {} : { run_id: runId }),
    ...(workflowId === undefined ? {} : { workflow_id: workflowId }),
  });
  return useStream(`/api/runs/stream?${query.toString()}`, () => void refresh(client, operations));
}
