import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useQueryClient } from '@tanstack/react-query';
import { ChartColumn, FileUp, Handshake, Plus, Search } from 'lucide-react';
import { toast } from '#web/kit/toast.ts';
import { ApiError, call, type Item } from '#web/kit/api.ts';
import { Badge } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { Choice, named } from '#web/kit/choice.tsx';
import { countOf } from '#web/kit/format.ts';
import { useKeys } from '#web/kit/keyboard.ts';
import { useRows } from '#web/kit/list/rows.ts';
import { LayoutToggle } from '#web/kit/list/layout-toggle.tsx';
import { SearchBox } from '#web/kit/list/search-box.tsx';
import { Page } from '#web/kit/page.tsx';
import { refresh, useRead } from '#web/kit/query.ts';
import { SkeletonRows } from '#web/kit/skeleton.tsx';
import { Empty, Failure } from '#web/kit/states.tsx';
import { DataTable } from '#web/kit/table.tsx';
import { AddDeal } from './add-deal.tsx';
import { moveCard } from './move-card.ts';
import { DealBoard } from './deal-board.tsx';
import { dealSorts, filterOf, isOnly, ONLY, type DealSearch } from './deal-search.ts';
import { money } from '#web/kit/money.ts';
import { dayOf } from '#web/kit/time.tsx';

export type Deal = Item<'deals.list'>;

/** What may be sold: as a board by stage, or as a list. */
export function DealsPage() {
  const search = useSearch({ from: '/shell/deals' });
  const navigate = useNavigate({ from: '/deals' });
  const client = useQueryClient();
  const set = (next: DealSearch) => void navigate({ search: (old) => ({ ...old, ...next }), replace: true });
  const pipelines = useRead('pipelines.list', {});
  const owners = useRead('deal_owners.list', {});
  const products = useRead('products.list', {});
  const rates = useRead('currency_rates.list', {});
  const pipeline = pipelines.data?.items.find((one) => one.id === search.pipeline) ?? pipelines.data?.items[0];
  const board = search.layout !== 'list' && search.only === undefined && search.import === undefined;
  const filter = filterOf(board && pipeline !== undefined ? { ...search, pipeline: pipeline.id } : search);
  const sort = dealSorts.find((one) => one === search.sort) ?? '-value';
  const totals = useRead('deals.totals', filter, { keep: true });
  const count = totals.data?.items.reduce((sum, row) => sum + row.deals, 0);
  const currency = rates.data?.base ?? 'USD';
  const rows = useRows('deals.list', { ...filter, sort }, board ? 0 : count);
  const filtered = Object.keys(filter).some((key) => key !== 'pipeline_id');
  const open = (deal: Deal) => void navigate({ to: '/deals/$dealId', params: { dealId: deal.id } });

  /** Shown at once, taken back and said when somebody else was quicker. */
  const move = async (deal: Deal, stageId: string) => {
    const name = pipeline?.stages.find((stage) => stage.id === stageId)?.name ?? '';
    const undo = moveCard(client, deal, stageId, name);
    try {
      await call('deals.update', { deal_id: deal.id, stage_id: stageId }, { ifMatch: deal.updated_at, part: true });
    } catch (problem) {
      undo();
      const changed = problem instanceof ApiError && problem.code === 'version_changed';
      toast.error(changed ? `${deal.name} was changed by somebody else meanwhile. Look at it, then move it again.` : problem instanceof ApiError ? problem.message : 'The deal could not be moved. Try again.'); // prettier-ignore
    }
    await refresh(client, ['deals', 'pipeline']);
  };
  useKeys({
    c: () => set({ add: '1' }),
    v: () => set({ layout: 'list' }),
    b: () => set({ layout: undefined, only: undefined, import: undefined }),
  });
  const nothing = count === 0;
  return (
    <Page
      title="Deals"
      lead={
        <span aria-live="polite">
          {count === undefined
            ? 'Counting…'
            : `${countOf(count, 'deal')}, ${money(totals.data?.items.reduce((sum, row) => sum + row.value_cents, 0) ?? 0, currency)}`}
        </span>
      }
      width="full"
      actions={
        <>
          <Button asChild>
            <Link to="/pipeline">
              <ChartColumn /> Pipeline
            </Link>
          </Button>
          <Button asChild>
            <Link to="/leads/import">
              <FileUp /> Import
            </Link>
          </Button>
          <Button kind="primary" onClick={() => set({ add: '1' })}>
            <Plus /> Add a deal
          </Button>
        </>
      }
    >
      <div className="mb-4 flex flex-wrap items-center gap-2">
        <SearchBox
          label="Search deals by name or organisation"
          placeholder="Name or organisation"
          value={search.q ?? ''}
          onChange={(q) => set({ q })}
        />
        {(pipelines.data?.items.length ?? 0) > 1 ? (
          <Choice
            label="Pipeline"
            className="w-40"
            value={pipeline?.id}
            options={named(pipelines.data?.items)}
            onChange={(id) => set({ pipeline: id })}
          />
        ) : null}
        <Choice
          label="Owner"
          className="w-36"
          none="Any owner"
          value={search.owner}
          options={named(owners.data?.items)}
          onChange={(owner) => set({ owner })}
        />
        <Choice
          label="Product"
          className="w-36"
          none="Any product"
          value={search.product}
          options={named(products.data?.items)}
          onChange={(product) => set({ product })}
        />
        <Choice
          label="Only deals that"
          className="w-44"
          none="All deals"
          value={search.only}
          options={Object.entries(ONLY)}
          onChange={(only) => set({ only })}
        />
        <span className="flex-1" />
        <LayoutToggle
          board={board}
          onChange={(to) => set(to ? { layout: undefined, only: undefined, import: undefined } : { layout: 'list' })}
        />
      </div>
      {isOnly(search.only) ? <p className="mb-3 text-sm text-ink-2">{ONLY[search.only]}</p> : null}
      {pipelines.error !== null ? (
        <Failure what="The pipelines could not be loaded." error={pipelines.error} retry={() => void pipelines.refetch()} />
      ) : nothing ? (
        <div className="rounded-xl border bg-panel">
          {filtered ? (
            <Empty
              icon={<Search />}
              title="No deal fits these filters."
              action={<Button onClick={() => void navigate({ search: {}, replace: true })}>Show all deals</Button>}
            />
          ) : (
            <Empty
              icon={<Handshake />}
              title="No deals yet"
              action={
                <>
                  <Button asChild kind="primary">
                    <Link to="/leads/import">
                      <FileUp /> Import a file
                    </Link>
                  </Button>
                  <Button onClick={() => set({ add: '1' })}>Add one by hand</Button>
                </>
              }
            >
              Import the opportunities of your CRM with their dates: the past comes along, and the pipeline of any day can be seen.
            </Empty>
          )}
        </div>
      ) : board && pipeline !== undefined ? (
        <DealBoard
          filter={filter}
          stages={pipeline.stages}
          totals={totals.data?.items}
          currency={currency}
          onOpen={open}
          onMove={(deal, to) => void move(deal, to)}
        />
      ) : rows.error !== null ? (
        <Failure what="The deals could not be loaded." error={rows.error} retry={rows.refetch} />
      ) : rows.isPending || pipeline === undefined ? (
        <div className="rounded-xl border bg-panel">
          <SkeletonRows rows={10} />
        </div>
      ) : (
        <DataTable
          label="Deals"
          source={rows}
          rowKey={(deal) => deal.id}
          onOpen={open}
          sort={sort}
          onSort={(next) => set({ sort: next.startsWith('-') ? next : `-${next}` })}
          columns={[
            { key: 'name', header: 'Deal', width: 260, cell: (deal) => <span className="font-medium">{deal.name}</span> },
            {
              key: 'organisation',
              header: 'Organisation',
              width: 180,
              className: 'hidden md:table-cell text-ink-2',
              cell: (deal) => deal.organisation ?? '–',
            },
            { key: 'stage', header: 'Stage', width: 130, cell: (deal) => <StageBadge deal={deal} /> },
            {
              key: 'value',
              header: 'Value',
              width: 120,
              sort: 'value',
              sortDown: true,
              className: 'num text-right',
              cell: (deal) => money(deal.amount_cents, deal.currency),
            },
            { key: 'owner', header: 'Owner', width: 150, className: 'hidden lg:table-cell text-ink-2', cell: (deal) => deal.owner ?? '–' },
            {
              key: 'product',
              header: 'Product',
              width: 140,
              className: 'hidden xl:table-cell text-ink-2',
              cell: (deal) => deal.product ?? '–',
            },
            {
              key: 'close_date',
              header: 'Close date',
              width: 125,
              sort: 'close_date',
              sortDown: true,
              className: 'hidden sm:table-cell num text-ink-2',
              cell: (deal) => (deal.close_date === null ? '–' : dayOf(deal.close_date)),
            },
          ]}
          card={(deal) => (
            <div className="space-y-1">
              <div className="flex justify-between gap-2">
                <span className="truncate text-sm font-medium">{deal.name}</span>
                <span className="num text-sm">{money(deal.amount_cents, deal.currency)}</span>
              </div>
              <div className="flex justify-between gap-2 text-xs text-ink-3">
                <span className="truncate">{deal.organisation ?? deal.owner ?? '–'}</span>
                <StageBadge deal={deal} />
              </div>
            </div>
          )}
          cardHeight={64}
          memory={`deals ${JSON.stringify([filter, sort])}`}
        />
      )}
      <AddDeal open={search.add !== undefined} pipelineId={pipeline?.id} onClose={() => set({ add: undefined })} />
    </Page>
  );
}

export function StageBadge({ deal }: { deal: Pick<Deal, 'stage' | 'status'> }) {
  return <Badge tone={deal.status === 'won' ? 'ok' : deal.status === 'lost' ? 'bad' : 'neutral'}>{deal.stage}</Badge>;
}
