import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { History, Kanban } from 'lucide-react';
import { Button } from '#web/kit/button.tsx';
import { Field, Input, Select } from '#web/kit/field.tsx';
import { count, countOf } from '#web/kit/format.ts';
import { Page } from '#web/kit/page.tsx';
import { Panel } from '#web/kit/panel.tsx';
import { useRead } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Figure } from '#web/kit/stat.tsx';
import { Empty, Failure } from '#web/kit/states.tsx';
import { money, wholeMoney } from '#web/kit/money.ts';
import { dayOf } from '#web/kit/time.tsx';
import { MonthsChart } from './months-chart.tsx';
import { periodOf, sliceOf, type PipelineSearch } from './pipeline-search.ts';
import { AgeingPanel, RatesPanel } from './rates-panels.tsx';
import { StoodDialog } from './stood-dialog.tsx';
import { WaterfallPanel } from './waterfall-panel.tsx';

/** The pipeline of any instant, what changed it from one to another, and how it flows. */
export function PipelinePage() {
  const search = useSearch({ from: '/shell/pipeline' });
  const navigate = useNavigate({ from: '/pipeline' });
  const set = (next: PipelineSearch) => void navigate({ search: (old) => ({ ...old, ...next }), replace: true });
  const slice = sliceOf(search);
  const owners = useRead('deal_owners.list', {});
  const products = useRead('products.list', {});
  const months = useRead('pipeline.months', { ...slice, months: 120 }, { keep: true });
  const items = months.data?.items ?? [];
  const month = items.find((one) => one.month === search.month) ?? items.findLast((one) => one.bars.length > 0) ?? items.at(-1);
  const sources = useRead('metrics.list', {}).data?.values['source'] ?? [];
  const chosen = (['owner', 'product', 'source'] as const).find((kind) => search[kind] !== undefined);
  const of = chosen === undefined ? '' : `${chosen} ${search[chosen] ?? ''}`;
  return (
    <Page
      title="Pipeline"
      lead="What stands, what stood on any day, and what happened in between. Every bar and number opens its deals."
      width="full"
      actions={
        <Button asChild>
          <Link to="/deals">
            <Kanban /> Deals
          </Link>
        </Button>
      }
    >
      <div className="mb-5 flex flex-wrap items-end gap-3">
        <Field label="Deals of" className="w-52">
          {(control) => (
            <Select
              {...control}
              value={of}
              onChange={(event) => {
                const at = event.target.value.indexOf(' ');
                const [kind, value] = [event.target.value.slice(0, at), event.target.value.slice(at + 1)];
                const only = (one: string) => (kind === one ? value : undefined);
                set({ owner: only('owner'), product: only('product'), source: only('source') });
              }}
            >
              <option value="">Everybody, everything</option>
              <optgroup label="Owner">
                {owners.data?.items.map((one) => (
                  <option key={one.id} value={`owner ${one.id}`}>
                    {one.name}
                  </option>
                ))}
              </optgroup>
              <optgroup label="Product">
                {products.data?.items.map((one) => (
                  <option key={one.id} value={`product ${one.id}`}>
                    {one.name}
                  </option>
                ))}
              </optgroup>
              {sources.length === 0 && search.source === undefined ? null : (
                <optgroup label="Source">
                  {[...new Set([...sources.map((one) => one.value), ...(search.source === undefined ? [] : [search.source])])].map(
                    (one) => (
                      <option key={one} value={`source ${one}`}>
                        {one}
                      </option>
                    ),
                  )}
                </optgroup>
              )}
            </Select>
          )}
        </Field>
        <Field label="As of" className="w-44">
          {(control) => (
            <Input {...control} type="date" value={search.at ?? ''} onChange={(event) => set({ at: event.target.value || undefined })} />
          )}
        </Field>
        {search.at === undefined ? null : (
          <Button kind="quiet" onClick={() => set({ at: undefined })}>
            <History /> Back to now
          </Button>
        )}
      </div>
      {months.error !== null ? (
        <Failure what="The pipeline could not be loaded." error={months.error} retry={() => void months.refetch()} />
      ) : months.data !== undefined && items.length === 0 ? (
        <div className="rounded-xl border bg-panel">
          <Empty
            icon={<History />}
            title="No deal has a history yet"
            action={
              <Button asChild kind="primary">
                <Link to="/leads/import">Import a file of deals</Link>
              </Button>
            }
          >
            Import opportunities with the days on which they were opened and closed, or add deals by hand: from then on every change is
            kept.
          </Empty>
        </div>
      ) : (
        <div className="space-y-6">
          <AsOf at={search.at} slice={slice} />
          <Panel title="Open value at the end of each month">
            {months.data === undefined ? (
              <SkeletonLines lines={4} />
            ) : (
              <MonthsChart
                months={items}
                currency={months.data.currency}
                chosen={month?.month ?? null}
                onChoose={(next) => set({ month: next, bar: undefined })}
              />
            )}
          </Panel>
          {month === undefined ? null : (
            <WaterfallPanel
              key={month.month}
              period={periodOf(month.month)}
              month={month.month}
              slice={slice}
              search={search}
              onSearch={set}
            />
          )}
          {month === undefined ? null : <RatesPanel slice={slice} search={search} onSearch={set} />}
          <AgeingPanel search={search} onSearch={set} />
        </div>
      )}
      <StoodDialog at={search.at} slice={slice} stageId={search.stage} onClose={() => set({ stage: undefined })} />
    </Page>
  );
}

/** Stage by stage, as it was. */
function AsOf({ at, slice }: { at: string | undefined; slice: ReturnType<typeof sliceOf> }) {
  const navigate = useNavigate({ from: '/pipeline' });
  const found = useRead('pipeline.at', { ...slice, ...(at === undefined ? {} : { at: `${at}T23:59:59.999Z` }) }, { keep: true });
  const title = at === undefined ? 'Now' : `At the end of ${dayOf(at)}`;
  if (found.error !== null) return <Failure what="That day could not be loaded." error={found.error} retry={() => void found.refetch()} />;
  if (found.data === undefined)
    return (
      <Panel title={title}>
        <SkeletonLines lines={4} />
      </Panel>
    );
  const { stages, currency, undated } = found.data;
  const open = stages.filter((stage) => stage.kind === 'open');
  const most = Math.max(1, ...open.map((stage) => stage.value_cents));
  return (
    <Panel title={<span data-testid="as-of">{title}</span>}>
      <div className="mb-5 grid grid-cols-2 gap-4 sm:grid-cols-4">
        <Figure label="open deals" value={count(found.data.open_deals)} />
        <Figure label="open value" value={money(found.data.open_cents, currency)} />
        <Figure label="weighted by probability" value={wholeMoney(found.data.weighted_cents, currency)} />
        <Figure
          label="without a date, in no day above"
          value={
            <Link
              to="/deals"
              search={{ only: 'undated' }}
              className="underline decoration-line-strong underline-offset-4 hover:decoration-ink"
            >
              {count(undated.deals)}
            </Link>
          }
          hint={undated.deals === 0 ? undefined : money(undated.value_cents, currency)}
        />
      </div>
      <ul className="space-y-1">
        {stages.map((stage) => (
          <li key={stage.stage_id}>
            <button
              type="button"
              className="grid w-full grid-cols-[7.5rem_1fr] items-center gap-x-3 rounded-md px-2 py-1.5 text-left text-sm hover:bg-hover sm:grid-cols-[9rem_1fr_5rem_8rem]"
              onClick={() => void navigate({ search: (old) => ({ ...old, stage: stage.stage_id }), replace: true })}
            >
              <span className="truncate">{stage.name}</span>
              <span aria-hidden className="hidden h-2 overflow-hidden rounded-full bg-sunken sm:block">
                {stage.kind === 'open' ? (
                  <span className="block h-full rounded-full bg-accent" style={{ width: `${(stage.value_cents / most) * 100}%` }} />
                ) : null}
              </span>
              <span className="num hidden text-right text-ink-2 sm:block">{count(stage.deals)}</span>
              <span className="num text-right">
                <span className="text-ink-3 sm:hidden">{countOf(stage.deals, 'deal')} · </span>
                {money(stage.value_cents, currency)}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
