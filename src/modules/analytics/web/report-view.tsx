import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Output } from '#web/kit/api.ts';
import { cn } from '#web/kit/cn.ts';
import { shortMoney } from '#web/kit/money.ts';
import { Panel } from '#web/kit/panel.tsx';
import { Empty, Note } from '#web/kit/states.tsx';
import { amountWords } from './amounts.ts';
import { BarList, Legend, TimeChart, type Series } from './report-charts.tsx';
import { bucketLabel, stretchLabel } from './report-search.ts';

export type Report = Output<'reports.run'>;
type Metric = Report['metrics'][number];
type Group = Report['groups'][number];

const head = 'px-3 py-2 text-left text-xs font-medium text-ink-3 first:pl-4 last:pr-4';
const cell = 'whitespace-nowrap px-3 py-2 first:pl-4 last:pr-4';
const MOST_SERIES = 6;
const MOST_BARS = 20;

const adds = (metric: Metric) => metric.unit === 'money' || metric.unit === 'count';

/** Totals, the chart of the first metric, and every figure as a table. */
export function ReportView({ report, dimension, empty }: { report: Report; dimension: string; empty: ReactNode }) {
  const { metrics, total, groups, points, notes } = report;
  const nothing = total.now.every((amount) => amount === null || amount === 0) && (total.before ?? []).every((amount) => amount === null || amount === 0); // prettier-ignore
  return (
    <div className="space-y-6">
      {notes.map((note) => (
        <Note key={note} tone="warn">
          {note}
        </Note>
      ))}
      <Totals report={report} />
      {nothing ? (
        <div className="rounded-xl border bg-panel">
          <Empty title="Nothing was counted in this time">{empty}</Empty>
        </div>
      ) : (
        <>
          <FirstChart report={report} />
          {groups.length === 0 ? null : <GroupTable report={report} dimension={dimension} />}
          {points.length === 0 ? null : <PointTable report={report} />}
        </>
      )}
      <dl className="space-y-1 text-xs text-ink-3">
        {metrics.map((metric) => (
          <div key={metric.id}>
            <dt className="inline font-medium">{metric.title}:</dt> <dd className="inline">{metric.description}.</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function Totals({ report: { metrics, total, now, before, currency } }: { report: Report }) {
  return (
    <section aria-label="Totals" className="grid grid-cols-2 gap-3 lg:grid-cols-[repeat(auto-fit,minmax(11rem,1fr))]">
      {metrics.map((metric, i) => (
        <div key={metric.id} className="rounded-xl border bg-panel p-4 shadow-raise">
          <div className="truncate text-xs text-ink-2" title={metric.title}>
            {metric.title}
          </div>
          <div className="num mt-1.5 text-xl font-semibold tracking-tight">{amountWords(total.now[i] ?? null, metric.unit, currency)}</div>
          <div className="mt-1 flex flex-wrap items-center gap-x-2 text-xs text-ink-3">
            {total.before === null ? (
              stretchLabel(now)
            ) : (
              <>
                <Change metric={metric} now={total.now[i] ?? null} before={total.before[i] ?? null} />
                <span className="num" title={before === null ? undefined : stretchLabel(before)}>
                  before: {amountWords(total.before[i] ?? null, metric.unit, currency)}
                </span>
              </>
            )}
          </div>
        </div>
      ))}
    </section>
  );
}

/** By how much it changed; green where that is good news. */
function Change({ metric, now, before }: { metric: Metric; now: number | null; before: number | null }) {
  if (now === null || before === null || before === 0 || now === before) return null;
  const part = (now - before) / Math.abs(before);
  const good = part > 0 === (metric.better === 'more');
  return (
    <span className={cn('num font-medium', good ? 'text-ok' : 'text-bad')}>
      {part > 0 ? '▲' : '▼'} {Math.abs(part * 100).toFixed(Math.abs(part) >= 1 ? 0 : 1)} %
    </span>
  );
}

function FirstChart({ report }: { report: Report }) {
  const { metrics, groups, points, pointsBefore, definition, currency, before } = { ...report, pointsBefore: report.points_before };
  const [metric] = metrics;
  if (metric === undefined) return null;
  const says = (amount: number | null) => amountWords(amount, metric.unit, currency);
  const short = (amount: number) => (metric.unit === 'money' ? shortMoney(amount, currency) : says(amount));
  const title = metrics.length > 1 ? `${metric.title} (the first metric)` : metric.title;
  if (definition.grain === 'none') {
    if (groups.length === 0) return null;
    return (
      <Panel title={title}>
        <BarList
          label={metric.title}
          says={says}
          bars={groups.slice(0, MOST_BARS).map((group) => ({
            key: group.value,
            name: <Name group={group} report={report} />,
            text: group.name,
            now: group.now[0] ?? null,
            before: group.before?.[0] ?? null,
          }))}
        />
        {groups.length > MOST_BARS ? <p className="mt-3 text-xs text-ink-3">The {MOST_BARS} heaviest; all of them stand in the table.</p> : null}
      </Panel>
    );
  } // prettier-ignore
  const starts = [...new Set(points.map((point) => point.start))];
  const byValue = Map.groupBy(points, (point) => point.value);
  const series = seriesOf(report, metric, starts, byValue);
  return (
    <Panel title={`${title} over time`}>
      <TimeChart
        label={`${metric.title} over time`}
        labels={starts.map((start) => bucketLabel(start, definition.grain))}
        series={series}
        before={before === null ? null : starts.map((_start, i) => pointsBefore[i]?.now[0] ?? null)}
        stacked={adds(metric)}
        says={says}
        short={short}
      />
      <Legend names={series.map((one) => one.name)} before={before !== null} />
    </Panel>
  );
}

type Points = Report['points'];

/** A line each of the heaviest values; the others together where they add up, else not at all. */
function seriesOf({ groups }: Report, metric: Metric, starts: readonly string[], byValue: ReadonlyMap<string, Points>): Series[] {
  const amounts = (value: string) => {
    const at = new Map((byValue.get(value) ?? []).map((point) => [point.start, point.now[0] ?? null]));
    return starts.map((start) => at.get(start) ?? null);
  };
  if (groups.length === 0) return [{ name: metric.title, amounts: amounts('') }];
  const shown = groups.slice(0, groups.length > MOST_SERIES + 1 ? MOST_SERIES : groups.length);
  const rest = groups.slice(shown.length).map((group) => amounts(group.value));
  const all = shown.map((group) => ({ name: group.name, amounts: amounts(group.value) }));
  if (rest.length === 0 || !adds(metric)) return all;
  return [...all, { name: 'Others', amounts: starts.map((_start, i) => rest.reduce((sum, one) => sum + (one[i] ?? 0), 0)) }];
}

/** A value opens its list, where there is one. */
function Name({ group, report }: { group: Group; report: Report }) {
  const { definition } = report;
  const link = 'underline decoration-line-strong underline-offset-4 hover:decoration-ink';
  const deals = definition.metrics[0]?.startsWith('deals.') === true;
  if (group.value === '' || group.value === ' other') return <>{group.name}</>;
  if (deals && (definition.by === 'owner' || definition.by === 'product' || definition.by === 'stage'))
    return (
      <Link to="/deals" search={{ [definition.by]: group.value, layout: 'list' }} className={link}>
        {group.name}
      </Link>
    );
  if (!deals && definition.metrics[0]?.startsWith('leads.') === true && (definition.by === 'source' || definition.by === 'status'))
    return (
      <Link to="/leads" search={{ [definition.by]: group.value }} className={link}>
        {group.name}
      </Link>
    );
  if (definition.by === 'client')
    return (
      <Link to="/clients/$clientId" params={{ clientId: group.value }} className={link}>
        {group.name}
      </Link>
    );
  return <>{group.name}</>;
}

function GroupTable({ report, dimension }: { report: Report; dimension: string }) {
  const { metrics, groups, total, before, currency } = report;
  const row = (now: Group['now'], then: Group['before']) =>
    metrics.flatMap((metric, i) => [
      <td key={metric.id} className={cn(cell, 'text-right')}>
        {amountWords(now[i] ?? null, metric.unit, currency)}
      </td>,
      ...(before === null
        ? []
        : [
            <td key={`${metric.id} before`} className={cn(cell, 'text-right text-ink-3')}>
              {amountWords(then?.[i] ?? null, metric.unit, currency)}
            </td>,
            <td key={`${metric.id} change`} className={cn(cell, 'text-right text-xs')}>
              <Change metric={metric} now={now[i] ?? null} before={then?.[i] ?? null} />
            </td>,
          ]),
    ]);
  return (
    <Panel title={`By ${dimension.toLowerCase()}`} flush>
      <div className="max-h-[32rem] overflow-auto" tabIndex={0} role="region" aria-label={`Figures by ${dimension.toLowerCase()}`}>
        <table className="num w-full text-sm">
          <thead className="sticky top-0 bg-panel">
            <tr className="border-b">
              <th scope="col" className={head}>
                {dimension}
              </th>
              {metrics.flatMap((metric) => [
                <th key={metric.id} scope="col" className={cn(head, 'text-right')}>
                  {metric.title}
                </th>,
                ...(before === null
                  ? []
                  : ['before', 'change'].map((word) => (
                      <th key={`${metric.id} ${word}`} scope="col" className={cn(head, 'text-right')}>
                        {word}
                      </th>
                    ))),
              ])}
            </tr>
          </thead>
          <tbody className="divide-y">
            {groups.map((group) => (
              <tr key={group.value}>
                <th scope="row" className={cn(cell, 'max-w-56 truncate text-left font-normal')}>
                  <Name group={group} report={report} />
                </th>
                {row(group.now, group.before)}
              </tr>
            ))}
          </tbody>
          <tfoot className="border-t font-medium">
            <tr>
              <th scope="row" className={cn(cell, 'text-left font-medium')}>
                Total
              </th>
              {row(total.now, total.before)}
            </tr>
          </tfoot>
        </table>
      </div>
    </Panel>
  );
}

/** Over time: a column each metric; of what is told apart, a column each of the heaviest values of the first metric. */
function PointTable({ report }: { report: Report }) {
  const { metrics, groups, points, definition, currency } = report;
  const [first] = metrics;
  const starts = [...new Set(points.map((point) => point.start))].toReversed();
  const shown = groups.slice(0, 12);
  const titles = groups.length === 0 ? metrics.map((metric) => metric.title) : shown.map((group) => group.name);
  const at = new Map(points.map((point) => [`${point.start} ${point.value}`, point.now]));
  const cells = (start: string) =>
    groups.length === 0
      ? metrics.map((metric, i) => amountWords(at.get(`${start} `)?.[i] ?? null, metric.unit, currency))
      : shown.map((group) => amountWords(at.get(`${start} ${group.value}`)?.[0] ?? null, first?.unit ?? 'count', currency));
  return (
    <Panel
      title={groups.length === 0 ? 'Over time' : `${first?.title ?? ''} over time${groups.length > shown.length ? ', the heaviest' : ''}`}
      flush
    >
      <div className="max-h-[32rem] overflow-auto" tabIndex={0} role="region" aria-label="Figures over time">
        <table className="num w-full text-sm">
          <thead className="sticky top-0 bg-panel">
            <tr className="border-b">
              <th scope="col" className={head}>
                {definition.grain === 'day' ? 'Day' : definition.grain === 'week' ? 'Week of' : 'Month'}
              </th>
              {titles.map((title) => (
                <th key={title} scope="col" className={cn(head, 'max-w-40 truncate text-right')}>
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="divide-y">
            {starts.map((start) => (
              <tr key={start}>
                <th scope="row" className={cn(cell, 'text-left font-normal')}>
                  {bucketLabel(start, definition.grain)}
                </th>
                {cells(start).map((text, i) => (
                  <td key={titles[i] ?? i} className={cn(cell, 'text-right')}>
                    {text}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
