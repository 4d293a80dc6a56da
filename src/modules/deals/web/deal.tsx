import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { ArrowRight, CalendarClock, CircleDollarSign, Handshake, Pencil, Trash2 } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { Item, Output } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Confirm } from '#web/kit/confirm.tsx';
import { Field, Input, Select } from '#web/kit/field.tsx';
import { words } from '#web/kit/format.ts';
import { Page } from '#web/kit/page.tsx';
import { Facts, Panel } from '#web/kit/panel.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { Skeleton, SkeletonLines } from '#web/kit/skeleton.tsx';
import { Empty, Failure } from '#web/kit/states.tsx';
import { When } from '#web/kit/time.tsx';
import { Timeline, TimelineItem } from '#web/kit/timeline.tsx';
import { StageBadge } from './deals.tsx';
import { amountHint, centsOf, money, plainMoney } from '#web/kit/money.ts';

const back = { to: '/deals', label: 'Deals' } as const;
type WholeDeal = Output<'deals.get'>;
const forecasts = ['pipeline', 'best_case', 'commit', 'omitted'] as const;

/** One deal: what it is, what changes it, and everything that ever changed. */
export function DealPage() {
  const { dealId } = useParams({ from: '/shell/deals/$dealId' });
  const deal = useRead('deals.get', { deal_id: dealId });
  if (deal.data !== undefined) return <Known key={dealId} deal={deal.data} />;
  return (
    <Page title="Deal" back={back} heading={<Skeleton className="h-8 w-56" />}>
      {deal.error === null ? (
        <div className="grid grid-cols-1 gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
          <SkeletonLines lines={8} />
          <SkeletonLines lines={5} />
        </div>
      ) : (
        <Failure what="This deal could not be loaded." error={deal.error} retry={() => void deal.refetch()} />
      )}
    </Page>
  );
}

function Known({ deal }: { deal: WholeDeal }) {
  const navigate = useNavigate();
  const remove = useAct('deals.delete', {
    refresh: ['deals', 'pipeline'],
    done: 'The deal is deleted',
    onDone: () => void navigate({ to: '/deals' }),
  });
  return (
    <Page
      title={deal.name}
      back={back}
      heading={
        <>
          <h1 className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xl font-semibold">
            <span className="min-w-0 break-words">{deal.name}</span>
            <StageBadge deal={deal} />
          </h1>
          <p className="num mt-1 text-lg text-ink-2">{money(deal.amount_cents, deal.currency)}</p>
        </>
      }
      actions={
        <Confirm
          title="Delete this deal?"
          action="Delete it"
          danger
          onConfirm={() => remove.mutate({ deal_id: deal.id, if_match: deal.updated_at })}
          trigger={(ask) => (
            <Button kind="quiet" onClick={ask} busy={remove.isPending}>
              <Trash2 /> Delete
            </Button>
          )}
        >
          It goes with its whole history: reports of past months are as if it had never been. A deal that came to nothing is better moved to
          Lost.
        </Confirm>
      }
    >
      <div className="grid grid-cols-1 gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="space-y-6">
          <EditPanel key={deal.updated_at} deal={deal} />
          <History dealId={deal.id} currency={deal.currency} />
        </div>
        <Aside deal={deal} />
      </div>
    </Page>
  );
}

/** Stage, amount, date, owner: what changes most. Saved together, on the version that was read. */
function EditPanel({ deal }: { deal: WholeDeal }) {
  const pipelines = useRead('pipelines.list', {});
  const owners = useRead('deal_owners.list', {});
  const products = useRead('products.list', {});
  const stages = pipelines.data?.items.find((one) => one.id === deal.pipeline_id)?.stages ?? [];
  const [draft, setDraft] = useState({
    name: deal.name,
    stage_id: deal.stage_id,
    amount: plainMoney(deal.amount_cents, deal.currency),
    close_date: deal.close_date ?? '',
    owner_id: deal.owner_id ?? '',
    product_id: deal.product_id ?? '',
    forecast: deal.forecast,
    next_step: deal.next_step ?? '',
  });
  const save = useAct('deals.update', { refresh: ['deals', 'pipeline'], done: 'Saved' });
  const cents = centsOf(draft.amount, deal.currency);
  const set = (part: Partial<typeof draft>) => setDraft((old) => ({ ...old, ...part }));
  const options = (list: readonly { id: string; name: string }[] | undefined) =>
    list?.map((one) => (
      <option key={one.id} value={one.id}>
        {one.name}
      </option>
    ));
  return (
    <Panel title="Deal">
      <form
        className="grid gap-4 sm:grid-cols-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (cents === null || cents < 0) return;
          const { amount: _amount, close_date: day, owner_id: owner, product_id: product, next_step: next, ...rest } = draft;
          save.mutate({
            deal_id: deal.id,
            ...rest,
            amount_cents: cents,
            close_date: day || null,
            owner_id: owner || null,
            product_id: product || null,
            next_step: next || null,
            if_match: deal.updated_at,
          });
        }}
      >
        <Field label="Name" className="sm:col-span-2">
          {(control) => <Input {...control} value={draft.name} onChange={(event) => set({ name: event.target.value })} />}
        </Field>
        <Field label="Stage">
          {(control) => (
            <Select {...control} value={draft.stage_id} onChange={(event) => set({ stage_id: event.target.value })}>
              {stages.length === 0 ? <option value={deal.stage_id}>{deal.stage}</option> : options(stages)}
            </Select>
          )}
        </Field>
        <Field label={`Amount in ${deal.currency}`} error={cents === null || cents < 0 ? amountHint(deal.currency) : undefined}>
          {(control) => (
            <Input {...control} inputMode="decimal" value={draft.amount} onChange={(event) => set({ amount: event.target.value })} />
          )}
        </Field>
        <Field label="Close date">
          {(control) => (
            <Input {...control} type="date" value={draft.close_date} onChange={(event) => set({ close_date: event.target.value })} />
          )}
        </Field>
        <Field label="Owner">
          {(control) => (
            <Select {...control} value={draft.owner_id} onChange={(event) => set({ owner_id: event.target.value })}>
              <option value="">Nobody</option>
              {options(owners.data?.items)}
            </Select>
          )}
        </Field>
        <Field label="Product">
          {(control) => (
            <Select {...control} value={draft.product_id} onChange={(event) => set({ product_id: event.target.value })}>
              <option value="">None</option>
              {options(products.data?.items)}
            </Select>
          )}
        </Field>
        <Field label="Forecast">
          {(control) => (
            <Select
              {...control}
              value={draft.forecast}
              onChange={(event) => set({ forecast: forecasts.find((one) => one === event.target.value) ?? 'pipeline' })}
            >
              <option value="pipeline">Pipeline</option>
              <option value="best_case">Best case</option>
              <option value="commit">Commit</option>
              <option value="omitted">Omitted</option>
            </Select>
          )}
        </Field>
        <Field label="Next step" optional className="sm:col-span-2">
          {(control) => <Input {...control} value={draft.next_step} onChange={(event) => set({ next_step: event.target.value })} />}
        </Field>
        <div className="sm:col-span-2">
          <Button kind="primary" type="submit" busy={save.isPending} disabled={cents === null || cents < 0 || draft.name.trim() === ''}>
            Save
          </Button>
        </div>
      </form>
    </Panel>
  );
}

function Aside({ deal }: { deal: WholeDeal }) {
  const day = (at: string | null): ReactNode => (at === null ? 'Nobody knows' : <When at={at} exact />);
  const weighted = <span className="num">{money(deal.weighted_cents, deal.currency)}</span>;
  const firm =
    deal.organisation_id === null ? (
      '–'
    ) : (
      <Link to="/organisations/$organisationId" params={{ organisationId: deal.organisation_id }} className="underline">
        {deal.organisation}
      </Link>
    );
  const since = deal.stage_since === null ? '–' : <When at={deal.stage_since} />;
  return (
    <div className="space-y-6">
      <Panel title="Facts">
        <Facts
          rows={[
            ['Weighted', weighted],
            ['Organisation', firm],
            ['Source', deal.source === null ? '–' : words(deal.source)],
            ['Opened', day(deal.opened_at)],
            ...(deal.closed_at === null ? [] : [['Closed', day(deal.closed_at)] as const]),
            ['In this stage', since],
            ['Put off', deal.slips === 0 ? 'never' : deal.slips === 1 ? 'once' : `${deal.slips} times`],
          ]}
        />
      </Panel>
      {deal.lines.length === 0 ? null : (
        <Panel title="What is sold" flush>
          <ul className="divide-y text-sm">
            {deal.lines.map((line) => (
              <li key={line.id} className="flex items-baseline justify-between gap-3 px-4 py-2.5">
                <span className="min-w-0 truncate">
                  <span className="num text-ink-3">{line.quantity} × </span>
                  {line.description || line.product || 'Line'}
                </span>
                <span className="num shrink-0">{money(line.quantity * line.price_cents, deal.currency)}</span>
              </li>
            ))}
          </ul>
        </Panel>
      )}
      {deal.people.length === 0 ? null : (
        <Panel title="People" flush>
          <ul className="divide-y text-sm">
            {deal.people.map((person) => (
              <li key={person.id}>
                <Link to="/people/$personId" params={{ personId: person.id }} className="block px-4 py-2.5 hover:bg-hover">
                  {person.name || person.email || 'Unnamed'}
                </Link>
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </div>
  );
}

function History({ dealId, currency }: { dealId: string; currency: string }) {
  const history = useRead('deals.history', { deal_id: dealId });
  const rows = (history.data?.items ?? []).filter((row) => row.field !== 'currency' || row.from !== null);
  return (
    <Panel title="History">
      {history.error !== null ? (
        <Failure what="The history could not be loaded." error={history.error} retry={() => void history.refetch()} />
      ) : history.data === undefined ? (
        <SkeletonLines lines={5} />
      ) : rows.length === 0 ? (
        <Empty title="Nothing has changed yet" />
      ) : (
        <Timeline label="Changes of this deal, newest first">
          {rows.map((row) => (
            <TimelineItem
              key={row.id}
              icon={icons[row.field] ?? <Pencil />}
              tone={row.field === 'stage' ? 'accent' : 'neutral'}
              title={<Said row={row} currency={currency} />}
              {...(row.at === null ? {} : { at: row.at })}
              exact
              aside={<span className="text-xs text-ink-3">{whoOf(row)}</span>}
            />
          ))}
        </Timeline>
      )}
    </Panel>
  );
}

type Change = Item<'deals.history'>;
const icons: Readonly<Record<string, ReactNode>> = {
  stage: <ArrowRight />,
  amount: <CircleDollarSign />,
  close_date: <CalendarClock />,
  name: <Handshake />,
};

function whoOf(row: Change): string {
  if (row.by === 'user') return row.by_name ?? 'Somebody';
  return row.at === null ? `by ${row.by}, without a date` : `by ${row.by}`;
}

function Said({ row, currency }: { row: Change; currency: string }) {
  const value = (text: string | null) =>
    text === null || text === ''
      ? 'nothing'
      : row.field === 'amount'
        ? money(Number(text), currency)
        : row.field === 'forecast'
          ? words(text)
          : text;
  return (
    <>
      <span className="text-ink-2">{words(row.field)}: </span>
      {row.from === null ? null : <span className="num text-ink-3">{value(row.from)} → </span>}
      <span className="num font-medium">{value(row.to)}</span>
    </>
  );
}
