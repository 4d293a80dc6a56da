import type { Item } from '#web/kit/api.ts';
import { count } from '#web/kit/format.ts';
import { Panel } from '#web/kit/panel.tsx';
import { useRead } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Empty, Failure } from '#web/kit/states.tsx';
import { dayOf } from '#web/kit/time.tsx';

type Day = Item<'sources.quality'>;

const checks = [
  ['missing', 'Missing', 'without an address or a name'],
  ['malformed', 'Malformed', 'with something that can’t be read'],
  ['stale', 'Stale', 'touched by nobody there for a year'],
  ['duplicate', 'Duplicate', 'further records of somebody who has one'],
  ['outlier', 'Outlier', 'with a moment that can’t be'],
] as const;

/** How good the rows are, and how that went over the days. */
export function Quality({ sourceId }: { sourceId: string }) {
  const quality = useRead('sources.quality', { source_id: sourceId });
  if (quality.error !== null)
    return <Failure what="The counts could not be loaded." error={quality.error} retry={() => void quality.refetch()} />;
  if (quality.data === undefined) return <SkeletonLines lines={5} />;
  const days = quality.data.items;
  const last = days.at(-1);
  if (last === undefined) return <Empty title="Nothing is counted yet">The rows are counted at the end of each run.</Empty>;
  return (
    <Panel title={`${count(last.rows)} rows on ${dayOf(last.day)}`} flush>
      <ul className="divide-y">
        {checks.map(([key, title, hint]) => (
          <li key={key} className="flex flex-wrap items-center gap-x-6 gap-y-1 px-4 py-3 text-sm">
            <div className="min-w-0 flex-1 basis-44">
              <div className="font-medium">{title}</div>
              <div className="text-xs text-ink-3">{hint}</div>
            </div>
            <Bars days={days} name={key} />
            <div className="w-28 text-right">
              <div className="num font-medium">{count(last[key])}</div>
              <div className="num text-xs text-ink-3">{last.rows === 0 ? '–' : `${((last[key] / last.rows) * 100).toFixed(1)} %`}</div>
            </div>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** The last thirty days; the figures stand beside it, day by day in the titles. */
function Bars({ days, name }: { days: readonly Day[]; name: (typeof checks)[number][0] }) {
  const shown = days.slice(-30);
  const most = Math.max(1, ...shown.map((day) => day[name]));
  return (
    <div aria-hidden className="flex h-8 w-40 items-end justify-end gap-px">
      {shown.map((day) => (
        <span
          key={day.day}
          title={`${dayOf(day.day)}: ${day[name]}`}
          className="w-1 rounded-t-sm bg-accent/70"
          style={{ height: `${day[name] === 0 ? 0 : Math.max(4, (day[name] / most) * 100)}%` }}
        />
      ))}
    </div>
  );
}
