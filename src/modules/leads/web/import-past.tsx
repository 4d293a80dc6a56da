import type { Item } from '#web/kit/api.ts';
import { count } from '#web/kit/format.ts';
import { Panel } from '#web/kit/panel.tsx';
import { useList } from '#web/kit/query.ts';
import { ShowMore } from '#web/kit/show-more.tsx';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Failure } from '#web/kit/states.tsx';
import { When } from '#web/kit/time.tsx';

type Past = Item<'imports.list'>;

/** What was imported before, each with its counts; opens its result. */
export function PastImports({ onOpen }: { onOpen: (past: Past) => void }) {
  const past = useList('imports.list', { limit: 10 });
  const rows = past.rows.filter((row) => row.state !== 'uploading');
  if (past.error !== null) return <Failure what="Past imports could not be read." error={past.error} retry={() => void past.refetch()} />;
  if (past.isPending)
    return (
      <Panel title="Past imports">
        <SkeletonLines lines={3} />
      </Panel>
    );
  if (rows.length === 0) return null;
  return (
    <Panel title="Past imports" flush>
      <ul className="divide-y text-sm">
        {rows.map((row) => (
          <li key={row.id}>
            <button
              type="button"
              onClick={() => onOpen(row)}
              className="flex w-full flex-wrap items-baseline gap-x-4 gap-y-0.5 px-4 py-2.5 text-left hover:bg-hover"
            >
              <span className="min-w-0 flex-1 basis-44 truncate font-medium">{row.filename}</span>
              <span className="num text-ink-2">{said(row)}</span>
              <When at={row.created_at} className="w-24 text-right text-xs text-ink-3" />
            </button>
          </li>
        ))}
      </ul>
      <ShowMore list={past} />
    </Panel>
  );
}

function said(row: Past): string {
  if (row.state === 'ready' || (row.dry_run && row.state === 'done')) return 'not imported yet';
  if (row.state === 'running') return `${count(row.processed_rows)} rows so far`;
  if (row.state === 'undoing') return 'being taken back';
  if (row.state === 'undone') return 'taken back';
  const counts = `${count(row.created)} new, ${count(row.merged)} merged, ${count(row.opt_outs_kept)} opt-outs kept`;
  return row.state === 'failed' ? `stopped: ${counts}` : counts;
}
