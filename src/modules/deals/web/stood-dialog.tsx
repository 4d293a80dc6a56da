import { Link } from '@tanstack/react-router';
import { Sheet } from '#web/kit/dialog.tsx';
import { useList, useRead } from '#web/kit/query.ts';
import { ShowMore } from '#web/kit/show-more.tsx';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Empty, Failure } from '#web/kit/states.tsx';
import { money } from '#web/kit/money.ts';
import { dayOf } from '#web/kit/time.tsx';
import type { sliceOf } from './pipeline-search.ts';

/** The deals that stood in a stage on that day. */
export function StoodDialog({
  at,
  slice,
  stageId,
  onClose,
}: {
  at: string | undefined;
  slice: ReturnType<typeof sliceOf>;
  stageId: string | undefined;
  onClose: () => void;
}) {
  const pipelines = useRead('pipelines.list', {});
  const rates = useRead('currency_rates.list', {});
  const stage = pipelines.data?.items.flatMap((one) => one.stages).find((one) => one.id === stageId);
  const when = at === undefined ? {} : { at: `${at}T23:59:59.999Z` };
  const found = useList('pipeline.deals', { ...slice, ...when, stage_id: stageId ?? '', limit: 50 }, { enabled: stageId !== undefined });
  return (
    <Sheet
      open={stageId !== undefined}
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={stage?.name ?? 'Stage'}
      description={at === undefined ? 'The deals that stand here now' : `The deals that stood here at the end of ${at}`}
    >
      {found.error !== null ? (
        <Failure what="The deals could not be loaded." error={found.error} retry={() => void found.refetch()} />
      ) : found.isPending ? (
        <div className="p-5">
          <SkeletonLines lines={6} />
        </div>
      ) : found.rows.length === 0 ? (
        <Empty title="No deal stood here" />
      ) : (
        <ul className="divide-y text-sm">
          {found.rows.map((deal) => (
            <li key={deal.id}>
              <Link
                to="/deals/$dealId"
                params={{ dealId: deal.id }}
                className="flex flex-wrap items-baseline gap-x-4 gap-y-0.5 px-5 py-2.5 hover:bg-hover"
              >
                <span className="min-w-0 flex-1 basis-40 truncate font-medium">{deal.name}</span>
                <span className="num text-ink-3">since {dayOf(deal.since)}</span>
                <span className="num w-24 text-right">{money(deal.value_cents, rates.data?.base ?? 'USD')}</span>
              </Link>
            </li>
          ))}
        </ul>
      )}
      <ShowMore list={found} />
    </Sheet>
  );
}
