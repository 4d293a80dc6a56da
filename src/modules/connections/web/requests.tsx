import type { Item } from '#web/kit/api.ts';
import { Dialog } from '#web/kit/dialog.tsx';
import { useRead } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Empty, Failure } from '#web/kit/states.tsx';
import { momentOf } from '#web/kit/time.tsx';

type Noted = Item<'connections.requests'>;

/** What was asked of a vendor lately, and what came of it. */
export function Requests({ connectionId, title, onClose }: { connectionId: string; title: string; onClose: () => void }) {
  const requests = useRead('connections.requests', { connection_id: connectionId }, { everyMs: 5_000 });
  const rows = requests.data?.items ?? [];
  return (
    <Dialog
      open
      wide
      onOpenChange={onClose}
      title={`Requests: ${title}`}
      description="The last 200, newest first: what was asked and what came of it. Neither texts nor addresses nor keys are kept."
    >
      {requests.data === undefined ? (
        requests.error === null ? (
          <SkeletonLines lines={6} />
        ) : (
          <Failure what="The requests could not be loaded." error={requests.error} retry={() => void requests.refetch()} />
        )
      ) : rows.length === 0 ? (
        <Empty title="Nothing was asked yet">Press Test, or send something by this connection.</Empty>
      ) : (
        <ul className="divide-y text-sm">
          {rows.map((row) => (
            <Row key={row.id} row={row} />
          ))}
        </ul>
      )}
    </Dialog>
  );
}

function Row({ row }: { row: Noted }) {
  const good = row.error === null;
  return (
    <li className="py-2">
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5">
        <span className="num text-xs text-ink-3">{momentOf(row.at)}</span>
        <span className="min-w-0 flex-1 basis-48 font-mono text-xs break-all">
          {row.method} {row.path}
        </span>
        <span className={good ? 'num text-xs text-ink-2' : 'num text-xs font-medium text-bad'}>
          {row.status ?? (good ? 'taken' : 'no answer')}
        </span>
        <span className="num w-16 text-right text-xs text-ink-3">{row.ms} ms</span>
      </div>
      {row.error === null ? null : <p className="mt-0.5 text-xs break-words text-bad">{row.error}</p>}
    </li>
  );
}
