import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { ChartSpline, RefreshCw } from 'lucide-react';
import type { Output } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Field, Select } from '#web/kit/field.tsx';
import { count } from '#web/kit/format.ts';
import { money, shortMoney, wholeMoney } from '#web/kit/money.ts';
import { Page } from '#web/kit/page.tsx';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Empty, Failure, Note } from '#web/kit/states.tsx';
import { IntervalChart, type Mark } from './interval-chart.tsx';
import { AnalyticsTabs } from './tabs.tsx';
import { ticksOf } from './ticks.ts';

type Forecast = Output<'forecast.get'>;
type Period = Forecast['periods'][number];

const grains = { month: 'Months', quarter: 'Quarters' } as const;
const isGrain = (text: string | undefined): text is keyof typeof grains => text !== undefined && text in grains;
const head = 'px-3 py-2 text-right text-xs font-medium text-ink-3 first:pl-4 first:text-left last:pr-4';
const cell = 'whitespace-nowrap px-3 py-2 text-right first:pl-4 first:text-left last:pr-4';

/** `2026-11-01` → `Nov 2026` or `Q4 2026`. */
function nameOf(start: string, grain: keyof typeof grains, short = false): string {
  const at = new Date(`${start}T00:00:00Z`);
  const year = short ? `’${start.slice(2, 4)}` : start.slice(0, 4);
  if (grain === 'quarter') return `Q${Math.floor(at.getUTCMonth() / 3) + 1} ${year}`;
  return `${at.toLocaleString('en', { month: 'short', timeZone: 'UTC' })} ${year}`;
}

/** What is to be expected of this period and the next, how sure that is, and how often it was right before. */
export function ForecastPage() {
  const search = useSearch({ from: '/shell/insights' });
  const navigate = useNavigate({ from: '/insights' });
  const grain = isGrain(search.grain) ? search.grain : 'month';
  const found = useRead('forecast.get', { grain, ...(search.owner === undefined ? {} : { deal_owner_id: search.owner }) }, { keep: true });
  const owners = useRead('deal_owners.list', {});
  const make = useAct('forecast.make', { refresh: ['forecast'], done: 'The forecast is up to date.' });
  const data = found.data;
  return (
    <Page
      title="Forecast"
      lead="What will be won, told by how deals moved before. The range is as wide as past forecasts were wrong."
      width="full"
      actions={
        data?.made_at != null ? (
          <Button busy={make.isPending} onClick={() => make.mutate({})}>
            <RefreshCw /> Work it out now
          </Button>
        ) : null
      }
    >
      <AnalyticsTabs at="/insights" />
      {found.error !== null ? (
        <Failure what="The forecast could not be loaded." error={found.error} retry={() => void found.refetch()} />
      ) : data === undefined ? (
        <Panel>
          <SkeletonLines lines={8} />
        </Panel>
      ) : data.made_at === null ? (
        <div className="rounded-xl border bg-panel">
          <Empty
            icon={<ChartSpline />}
            title="No forecast yet"
            action={
              <>
                <Button kind="primary" busy={make.isPending} onClick={() => make.mutate({})}>
                  Work it out now
                </Button>
                <Button asChild>
                  <Link to="/leads/import">Import a file of deals</Link>
                </Button>
              </>
            }
          >
            It learns from deals with a history: half a year of won and lost ones is a beginning. It is brought up to date by itself.
          </Empty>
        </div>
      ) : (
        <div className="space-y-6">
          <div className="flex flex-wrap items-end gap-3">
            <Field label="Period" className="w-40">
              {(control) => (
                <Select
                  {...control}
                  value={grain}
                  onChange={(event) =>
                    void navigate({
                      search: (old) => ({ ...old, grain: event.target.value === 'month' ? undefined : event.target.value }),
                      replace: true,
                    })
                  }
                >
                  {Object.entries(grains).map(([key, label]) => (
                    <option key={key} value={key}>
                      {label}
                    </option>
                  ))}
                </Select>
              )}
            </Field>
            <Field label="Deals of" className="w-52">
              {(control) => (
                <Select
                  {...control}
                  value={search.owner ?? ''}
                  onChange={(event) =>
                    void navigate({ search: (old) => ({ ...old, owner: event.target.value || undefined }), replace: true })
                  }
                >
                  <option value="">Everybody</option>
                  {owners.data?.items.map((one) => (
                    <option key={one.id} value={one.id}>
                      {one.name}
                    </option>
                  ))}
                </Select>
              )}
            </Field>
          </div>
          <div className="grid grid-cols-1 gap-6 lg:grid-cols-2">
            {data.periods.map((period) => (
              <PeriodPanel key={period.start} period={period} grain={grain} data={data} />
            ))}
            {data.periods.length === 0 ? <Note>Nothing is expected of this owner, and nothing was won before.</Note> : null}
          </div>
          <PastPanel data={data} grain={grain} />
          {search.owner === undefined ? <OwnersPanel data={data} grain={grain} /> : null}
          <p className="text-xs text-ink-3">
            Worked out on {data.made_at.slice(0, 16).replace('T', ' at ')} UTC, from how long deals stood in each stage and what became of
            them, and from what deals brought that nobody knew yet. Seasons and news are not in it.
          </p>
        </div>
      )}
    </Page>
  );
}

/** Where the expected lies between nothing and the highest, with what is won and what was wanted. */
function PeriodPanel({ period, grain, data }: { period: Period; grain: keyof typeof grains; data: Forecast }) {
  const { currency } = data;
  const most = Math.max(1, period.high_cents, period.target_cents ?? 0) * 1.04;
  const at = (cents: number) => `${Math.min(100, Math.max(0, (cents / most) * 100))}%`;
  const target = period.target_cents;
  return (
    <Panel
      title={
        <>
          {nameOf(period.start, grain)} <span className="ml-1 font-normal text-ink-3">{period.ahead === 0 ? 'now' : 'next'}</span>
        </>
      }
    >
      <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
        <div>
          <div className="num text-2xl font-semibold tracking-tight">{wholeMoney(period.expected_cents, currency)}</div>
          <div className="text-xs text-ink-2">
            expected; {Math.round(data.level * 100)} of 100 times between {shortMoney(period.low_cents, currency)} and{' '}
            {shortMoney(period.high_cents, currency)}
          </div>
        </div>
        {target === null ? (
          <Link to="/insights/targets" className="text-xs text-accent-ink underline underline-offset-2">
            Set a target
          </Link>
        ) : (
          <div className="sm:text-right">
            <div className="num text-sm font-medium">
              {target === 0 ? '–' : `${Math.round((period.expected_cents / target) * 100)} % of ${shortMoney(target, currency)}`}
            </div>
            <div className="text-xs text-ink-2">
              Target {period.low_cents >= target ? 'safe' : period.high_cents < target ? 'out of reach' : 'still open'}
            </div>
          </div>
        )}
      </div>
      <div aria-hidden className="relative mt-4 h-6">
        <div className="absolute inset-x-0 top-2 h-2 rounded-full bg-sunken" />
        <div
          className="absolute top-2 h-2 rounded-full bg-accent opacity-30"
          style={{ left: at(period.low_cents), right: `calc(100% - ${at(period.high_cents)})` }}
        />
        <div className="absolute top-2 left-0 h-2 rounded-full bg-ok-dot" style={{ width: at(period.won_cents) }} />
        <div className="absolute top-0.5 h-5 w-1 -translate-x-1/2 rounded-full bg-accent" style={{ left: at(period.expected_cents) }} />
        {target === null ? null : (
          <div
            className="absolute top-0 h-6 w-0.5 -translate-x-1/2 border-l-2 border-dashed border-warn-dot"
            style={{ left: at(target) }}
          />
        )}
      </div>
      <div aria-hidden className="relative mt-1 h-5 border-t border-line-strong">
        {ticksOf(most, 3).map((tick) => (
          <span key={tick} className="absolute top-0 flex flex-col" style={{ left: at(tick) }}>
            <span className="h-1 w-px bg-line-strong" />
            <span className={`num text-2xs text-ink-3 ${tick === 0 ? '' : '-translate-x-1/2'}`}>{shortMoney(tick, currency)}</span>
          </span>
        ))}
      </div>
      <p aria-hidden className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-xs text-ink-2">
        <Key className="h-2 w-4 rounded-full bg-ok-dot">won</Key>
        <Key className="h-3.5 w-1 rounded-full bg-accent">expected</Key>
        <Key className="h-2 w-4 rounded-full bg-accent opacity-30">range</Key>
        {target === null ? null : <Key className="h-3.5 w-0 border-l-2 border-dashed border-warn-dot">target</Key>}
      </p>
      <dl className="mt-4 grid grid-cols-3 gap-3 text-sm">
        {[
          ['won so far', period.won_cents],
          ['from open deals', period.open_cents],
          ['from deals to come', period.fresh_cents],
        ].map(([label, cents]) => (
          <div key={label}>
            <dd className="num font-medium">{shortMoney(Number(cents), currency)}</dd>
            <dt className="text-xs text-ink-3">{label}</dt>
          </div>
        ))}
      </dl>
      {period.calibrated ? null : (
        <Note className="mt-4">
          Fewer than five past periods are known: the range comes from the deals alone, nobody has measured yet how often it holds.
        </Note>
      )}
    </Panel>
  );
}

function Key({ className, children }: { className: string; children: string }) {
  return (
    <span className="flex items-center gap-1.5">
      <span className={className} />
      {children}
    </span>
  );
}

function PastPanel({ data, grain }: { data: Forecast; grain: keyof typeof grains }) {
  const { coverage, currency } = data;
  const now = data.periods.filter((period) => period.ahead === 0);
  const marks: Mark[] = [
    ...data.past.map((one) => ({ ...markOf(one, grain), actual: one.actual_cents })),
    ...now.map((one) => ({ ...markOf(one, grain), actual: null })),
  ];
  return (
    <Panel
      title="What would have been said, and what happened"
      aside={
        coverage.of === 0 ? undefined : (
          <span className="text-xs text-ink-2">
            <span className="num font-medium text-ink">
              {coverage.inside} of {coverage.of}
            </span>{' '}
            inside ({Math.round((coverage.inside / coverage.of) * 100)} %; meant to be {Math.round(data.level * 100)} %)
          </span>
        )
      }
    >
      {data.past.length === 0 ? (
        <p className="text-sm text-ink-2">
          There is no past period yet that can be compared: three months of history come before the first one.
        </p>
      ) : (
        <>
          <IntervalChart marks={marks} currency={currency} label="Forecasts of past periods and what happened" />
          <p className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-xs text-ink-2">
            <span>▮ range that would have been given, at the same distance from the end, knowing only what was known then</span>
            <span>● happened inside</span>
            <span>○ happened outside</span>
            <span>dashed: not calibrated yet</span>
          </p>
          <details className="mt-3 text-sm">
            <summary className="text-ink-2 hover:text-ink">As a table</summary>
            <div className="mt-2 overflow-x-auto" tabIndex={0} role="region" aria-label="Past forecasts as a table">
              <table className="num w-full">
                <thead>
                  <tr>
                    {['Period', 'Expected', 'Low', 'High', 'Happened', 'Inside', 'Target'].map((title) => (
                      <th key={title} scope="col" className={head}>
                        {title}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody className="divide-y">
                  {data.past.toReversed().map((one) => (
                    <tr key={one.start}>
                      <th scope="row" className={`${cell} font-normal`}>
                        {nameOf(one.start, grain)}
                      </th>
                      <td className={cell}>{wholeMoney(one.expected_cents, currency)}</td>
                      <td className={cell}>{wholeMoney(one.low_cents, currency)}</td>
                      <td className={cell}>{wholeMoney(one.high_cents, currency)}</td>
                      <td className={cell}>{money(one.actual_cents, currency)}</td>
                      <td className={cell}>
                        {one.inside ? 'yes' : 'no'}
                        {one.calibrated ? '' : ' (not calibrated)'}
                      </td>
                      <td className={cell}>{one.target_cents === null ? '–' : money(one.target_cents, currency)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </details>
        </>
      )}
    </Panel>
  );
}

function markOf(
  one: { start: string; expected_cents: number; low_cents: number; high_cents: number; target_cents: number | null; calibrated: boolean },
  grain: keyof typeof grains,
): Omit<Mark, 'actual'> {
  return {
    key: one.start,
    label: nameOf(one.start, grain, true),
    expected: one.expected_cents,
    low: one.low_cents,
    high: one.high_cents,
    target: one.target_cents,
    calibrated: one.calibrated,
  };
}

function OwnersPanel({ data, grain }: { data: Forecast; grain: keyof typeof grains }) {
  const { currency } = data;
  const now = data.periods.find((period) => period.ahead === 0);
  if (data.owners.length === 0 || now === undefined) return null;
  return (
    <Panel title={`By owner, ${nameOf(now.start, grain)}`} flush>
      <div className="max-h-[28rem] overflow-auto" tabIndex={0} role="region" aria-label="Forecast by owner">
        <table className="num w-full text-sm">
          <thead>
            <tr>
              {['Owner', 'Won', 'Expected', 'Range', 'Target', 'Reached', 'Was inside'].map((title) => (
                <th key={title} scope="col" className={head}>
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="divide-y">
            {data.owners.map((one) => (
              <tr key={one.deal_owner_id ?? ''}>
                <th scope="row" className={`${cell} max-w-44 truncate font-normal`}>
                  {one.deal_owner_id === null ? (
                    one.owner
                  ) : (
                    <Link
                      to="/insights"
                      search={(old) => ({ ...old, owner: one.deal_owner_id ?? undefined })}
                      className="underline decoration-line-strong underline-offset-4 hover:decoration-ink"
                    >
                      {one.owner}
                    </Link>
                  )}
                </th>
                <td className={cell}>{shortMoney(one.won_cents, currency)}</td>
                <td className={`${cell} font-medium`}>{shortMoney(one.expected_cents, currency)}</td>
                <td className={`${cell} text-ink-2`}>
                  {shortMoney(one.low_cents, currency)} – {shortMoney(one.high_cents, currency)}
                </td>
                <td className={cell}>{one.target_cents === null ? '–' : shortMoney(one.target_cents, currency)}</td>
                <td className={cell}>
                  {one.target_cents === null || one.target_cents === 0 ? '–' : `${Math.round((one.won_cents / one.target_cents) * 100)} %`}
                </td>
                <td className={`${cell} text-ink-2`}>
                  {one.coverage.of === 0 ? '–' : `${count(one.coverage.inside)} of ${count(one.coverage.of)}`}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
