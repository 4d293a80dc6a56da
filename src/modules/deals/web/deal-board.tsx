import type { Item } from '#web/kit/api.ts';
import { Board, type BoardColumn } from '#web/kit/list/board.tsx';
import { useRows } from '#web/kit/list/rows.ts';
import type { DealFilter } from './deal-search.ts';
import type { Deal } from './deals.tsx';
import { money, shortMoney } from '#web/kit/money.ts';
import { dayOf } from '#web/kit/time.tsx';

type Stage = Item<'pipelines.list'>['stages'][number];

/** More stages than this are read, but no board shows them. */
const MOST = 12;

/** Deals by stage, the most valuable on top; a lane reads only what is in view. */
export function DealBoard({
  filter,
  stages,
  totals,
  currency,
  onOpen,
  onMove,
}: {
  filter: DealFilter;
  stages: readonly Stage[];
  totals: readonly Item<'deals.totals'>[] | undefined;
  currency: string;
  onOpen: (deal: Deal) => void;
  onMove: (deal: Deal, stageId: string) => void;
}) {
  const nowhere = stages[0]?.id ?? '00000000-0000-0000-0000-000000000000';
  const lanes = Array.from({ length: MOST }, (_, place): BoardColumn<Deal> | null => {
    const stage = stages[place];
    const total = totals?.find((row) => row.stage_id === stage?.id);
    const count = stage === undefined || totals === undefined ? undefined : (total?.deals ?? 0);
    // oxlint-disable-next-line react-hooks/rules-of-hooks -- always as many; lanes without a stage read what the first one has read
    const source = useRows('deals.list', { ...filter, stage_id: stage?.id ?? nowhere, sort: '-value' }, count);
    return stage === undefined
      ? null
      : {
          key: stage.id,
          title: total === undefined ? stage.name : `${stage.name} · ${shortMoney(total.value_cents, currency)}`,
          count,
          source,
        };
  });
  return (
    <Board
      label="Deals by stage"
      columns={lanes.flatMap((lane) => lane ?? [])}
      rowKey={(deal) => deal.id}
      nameOf={(deal) => deal.name}
      onOpen={onOpen}
      onMove={onMove}
      cardHeight={92}
      nothing="No deal here."
      card={(deal) => (
        <div className="flex h-full flex-col justify-between gap-1">
          <div className="truncate text-sm font-medium">{deal.name}</div>
          <div className="num text-sm">{money(deal.amount_cents, deal.currency)}</div>
          <div className="flex justify-between gap-2 text-xs text-ink-3">
            <span className="truncate">{deal.owner ?? deal.organisation ?? ''}</span>
            <span className="num shrink-0">{deal.close_date === null ? '' : dayOf(deal.close_date)}</span>
          </div>
        </div>
      )}
    />
  );
}
