import { useNavigate, useSearch } from '@tanstack/react-router';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#web/kit/button.tsx';
import { Input, Select } from '#web/kit/field.tsx';
import { centsOf, money, plainMoney, shortMoney } from '#web/kit/money.ts';
import { Page } from '#web/kit/page.tsx';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Failure } from '#web/kit/states.tsx';
import { AnalyticsTabs } from './tabs.tsx';

const COMPANY = '';
const months = Array.from({ length: 12 }, (_, i) => `${String(i + 1).padStart(2, '0')}-01`);
const quarters = ['01-01', '04-01', '07-01', '10-01'] as const;
const monthName = (start: string) => new Date(`${start}T00:00:00Z`).toLocaleString('en', { month: 'long', timeZone: 'UTC' });

/** What each month of a year is meant to bring, of the company or of one owner. */
export function TargetsPage() {
  const search = useSearch({ from: '/shell/insights/targets' });
  const navigate = useNavigate({ from: '/insights/targets' });
  const [owner, setOwner] = useState(COMPANY);
  const [today] = useState(() => new Date().getUTCFullYear());
  const asked = Number(search.year);
  const year = Number.isInteger(asked) && asked >= 2000 && asked <= 2200 ? asked : today;
  const found = useRead('targets.list', { year }, { keep: true });
  const owners = useRead('deal_owners.list', {});
  const go = (next: number) => void navigate({ search: { year: String(next) }, replace: true });
  const all = found.data?.items ?? [];
  const items = all.filter((one) => one.grain === 'month');
  const mine = items.filter((one) => (one.deal_owner_id ?? COMPANY) === owner);
  const ownQuarters = all.filter((one) => one.grain === 'quarter' && (one.deal_owner_id ?? COMPANY) === owner);
  const quarterOf = (start: string) => ownQuarters.find((one) => one.start === start)?.cents ?? null;
  /** What its months add up to; null: none is set. */
  const monthsOf = (start: string) => {
    const first = Number(start.slice(5, 7));
    const parts = mine.filter((one) => Math.ceil(Number(one.start.slice(5, 7)) / 3) === Math.ceil(first / 3));
    return parts.length === 0 ? null : parts.reduce((total, one) => total + one.cents, 0);
  };
  const currency = found.data?.currency ?? 'USD';
  const sum = quarters.reduce((total, one) => total + (quarterOf(`${year}-${one}`) ?? monthsOf(`${year}-${one}`) ?? 0), 0);
  return (
    <Page
      title="Targets"
      lead="What each month and quarter is meant to bring. A quarter is its three months, the company is its owners, unless one of its own is set."
    >
      <AnalyticsTabs at="/insights/targets" />
      {found.error !== null ? (
        <Failure what="The targets could not be loaded." error={found.error} retry={() => void found.refetch()} />
      ) : (
        <Panel
          flush
          title={
            <span className="flex items-center gap-1">
              <Button kind="quiet" size="icon" aria-label="The year before" onClick={() => go(year - 1)}>
                <ChevronLeft />
              </Button>
              <span className="num">{year}</span>
              <Button kind="quiet" size="icon" aria-label="The year after" onClick={() => go(year + 1)}>
                <ChevronRight />
              </Button>
            </span>
          }
          aside={
            <Select aria-label="Target of" className="w-52" value={owner} onChange={(event) => setOwner(event.target.value)}>
              <option value={COMPANY}>The company</option>
              {owners.data?.items.map((one) => (
                <option key={one.id} value={one.id}>
                  {one.name}
                </option>
              ))}
            </Select>
          }
        >
          {found.data === undefined ? (
            <div className="p-4">
              <SkeletonLines lines={8} />
            </div>
          ) : (
            <ul className="grid grid-cols-1 sm:grid-cols-2 sm:[&>li:nth-child(odd)]:border-r lg:grid-cols-3 lg:[&>li]:border-r">
              {months.map((month) => {
                const start = `${year}-${month}`;
                const own = mine.find((one) => one.start === start)?.cents ?? null;
                const others = items
                  .filter((one) => one.start === start && one.deal_owner_id !== null)
                  .reduce((total, one) => total + one.cents, 0);
                return (
                  <Period
                    key={`${owner} ${start} ${own ?? ''}`}
                    grain="month"
                    start={start}
                    cents={own}
                    currency={currency}
                    owner={owner}
                    hint={owner === COMPANY && own === null && others > 0 ? `owners: ${shortMoney(others, currency)}` : undefined}
                  />
                );
              })}
            </ul>
          )}
          {found.data === undefined ? null : (
            <ul aria-label="Quarters" className="grid grid-cols-1 bg-sunken sm:grid-cols-2 lg:grid-cols-4">
              {quarters.map((one) => {
                const start = `${year}-${one}`;
                const months = monthsOf(start);
                return (
                  <Period
                    key={`${owner} q ${start} ${quarterOf(start) ?? ''}`}
                    grain="quarter"
                    start={start}
                    cents={quarterOf(start)}
                    currency={currency}
                    owner={owner}
                    hint={months === null ? undefined : `months: ${shortMoney(months, currency)}`}
                  />
                );
              })}
            </ul>
          )}
          <p className="border-t px-4 py-3 text-sm text-ink-2">
            The year: <span className="num font-medium text-ink">{sum === 0 ? '–' : money(sum, currency)}</span>
          </p>
        </Panel>
      )}
    </Page>
  );
}

function Period({
  grain,
  start,
  cents,
  currency,
  owner,
  hint,
}: {
  grain: 'month' | 'quarter';
  start: string;
  cents: number | null;
  currency: string;
  owner: string;
  hint: string | undefined;
}) {
  const may = useMay('manager');
  const before = cents === null ? '' : plainMoney(cents, currency);
  const [text, setText] = useState(before);
  const save = useAct('targets.set', { refresh: ['targets', 'forecast'], done: 'Saved.' });
  const wanted = text.trim() === '' ? null : centsOf(text, currency);
  const wrong = text.trim() !== '' && wanted === null;
  return (
    <li className="border-b px-4 py-3">
      <form
        className="flex items-end gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (!wrong) save.mutate({ deal_owner_id: owner === COMPANY ? null : owner, grain, start, cents: wanted });
        }}
      >
        <label className="min-w-0 flex-1 text-xs text-ink-2">
          <span className="mb-1 block">
            {grain === 'quarter' ? `Quarter ${Math.ceil(Number(start.slice(5, 7)) / 3)}` : monthName(start)}
            {hint === undefined ? null : <span className="ml-2 text-ink-3">{hint}</span>}
          </span>
          <Input
            inputMode="decimal"
            className="num w-full"
            disabled={!may}
            placeholder={`none, in ${currency}`}
            aria-invalid={wrong}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </label>
        {text === before ? null : (
          <Button type="submit" size="sm" busy={save.isPending} disabled={wrong}>
            Save
          </Button>
        )}
      </form>
      {wrong ? <p className="mt-1 text-xs text-bad">An amount, such as 12500.</p> : null}
    </li>
  );
}
