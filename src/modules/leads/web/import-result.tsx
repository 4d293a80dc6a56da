import { Link } from '@tanstack/react-router';
import { useQueryClient } from '@tanstack/react-query';
import { CircleCheck } from 'lucide-react';
import { useEffect } from 'react';
import { Button } from '#web/kit/button.tsx';
import { count, countOf } from '#web/kit/format.ts';
import { Panel } from '#web/kit/panel.tsx';
import { refresh, useList, useRead } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Failure, Note } from '#web/kit/states.tsx';

/** Progress while it runs, then the counts and each refused row with its reason. */
export function ImportResult({ importId, onAgain }: { importId: string; onAgain: () => void }) {
  const client = useQueryClient();
  const run = useRead('imports.get', { import_id: importId }, { everyMs: 1_000 });
  const over = run.data?.state === 'done' || run.data?.state === 'failed';
  useEffect(() => {
    if (over) void refresh(client, ['leads', 'people', 'system']);
  }, [over, client]);
  const data = run.data;
  if (data === undefined)
    return run.error === null ? (
      <SkeletonLines lines={4} />
    ) : (
      <Failure what="The import could not be found." error={run.error} retry={() => void run.refetch()} />
    );
  const total = data.total_rows ?? 0;
  return (
    <div className="max-w-2xl space-y-5">
      {over ? null : (
        <Panel title="Importing">
          <div
            role="progressbar"
            aria-label="Rows imported"
            aria-valuemin={0}
            aria-valuemax={total}
            aria-valuenow={data.processed_rows}
            className="h-1.5 overflow-hidden rounded-full bg-sunken"
          >
            <div
              className="h-full rounded-full bg-accent transition-[width]"
              style={{ width: total === 0 ? '4%' : `${(data.processed_rows / total) * 100}%` }}
            />
          </div>
          <p className="num mt-2 text-sm text-ink-2">
            {count(data.processed_rows)} {total === 0 ? 'rows' : `of ${countOf(total, 'row')}`}. You may leave this page; it goes on.
          </p>
        </Panel>
      )}
      {data.state === 'failed' ? <Note tone="bad">{data.error ?? 'The import stopped.'} What was imported before stays.</Note> : null}
      {data.state === 'done' ? (
        <div className="rounded-xl border bg-panel p-6 shadow-raise">
          <CircleCheck aria-hidden className="mb-3 size-6 text-ok" />
          <h2 className="num text-lg font-semibold">
            {count(data.created)} new, {count(data.merged)} merged, {count(data.refused)} refused
          </h2>
          <p className="mt-1 text-sm text-ink-2">
            {data.opt_outs_kept > 0 ? `${countOf(data.opt_outs_kept, 'opt-out')} kept. ` : ''}
            {data.enrol ? 'New leads are enrolled; their first texts appear in the outbox.' : 'Nobody was enrolled.'}
          </p>
          <div className="mt-4 flex flex-wrap gap-2">
            <Button asChild kind="primary">
              <Link to="/leads">See the leads</Link>
            </Button>
            <Button onClick={onAgain}>Import another file</Button>
          </div>
        </div>
      ) : null}
      {over && data.refused > 0 ? <Refused importId={importId} /> : null}
    </div>
  );
}

function Refused({ importId }: { importId: string }) {
  const errors = useList('imports.errors', { import_id: importId, limit: 100 });
  return (
    <Panel title="Refused rows" flush>
      <ul className="divide-y text-sm">
        {errors.rows.map((error) => (
          <li key={error.row_number} className="flex flex-wrap gap-x-4 px-4 py-2.5">
            <span className="num w-20 text-ink-3">Row {count(error.row_number)}</span>
            <span className="min-w-0 flex-1 basis-48">{error.reason}</span>
            {error.value === null || error.value === '' ? null : (
              <code className="max-w-full truncate font-mono text-xs leading-5 text-ink-2">{error.value}</code>
            )}
          </li>
        ))}
      </ul>
      {errors.hasNextPage ? (
        <div className="border-t p-3 text-center">
          <Button busy={errors.isFetchingNextPage} onClick={() => void errors.fetchNextPage()}>
            Show more
          </Button>
        </div>
      ) : null}
    </Panel>
  );
}
