import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { BellRing, CircleCheck, HeartPulse } from 'lucide-react';
import type { Item, Output } from '#web/kit/api.ts';
import { Badge, Dot } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { cn } from '#web/kit/cn.ts';
import { countOf } from '#web/kit/format.ts';
import { Page } from '#web/kit/page.tsx';
import { Panel } from '#web/kit/panel.tsx';
import { useRead } from '#web/kit/query.ts';
import { SkeletonLines, SkeletonRows } from '#web/kit/skeleton.tsx';
import { Empty, Failure } from '#web/kit/states.tsx';
import { Tabs } from '#web/kit/tabs.tsx';
import { dateOf, lengthOf, When } from '#web/kit/time.tsx';
import { Gauges } from './gauges.tsx';

const LISTS = [
  { value: 'failed', label: 'Failed' },
  { value: 'work', label: 'Longest runs' },
  { value: 'interventions', label: 'By hand' },
  { value: 'recoveries', label: 'Recoveries' },
] as const;
type List = (typeof LISTS)[number]['value'];

/** How Steward keeps its promises; each number opens what it counted. */
export function HealthPage() {
  const search = useSearch({ from: '/shell/reliability' });
  const navigate = useNavigate({ from: '/reliability' });
  const gauges = useRead('system.gauges', {}, { everyMs: 30_000 });
  const list = LISTS.find(({ value }) => value === search.list)?.value ?? 'failed';
  const open = (next: List, day?: string) =>
    void navigate({ search: day === undefined ? { list: next } : { list: next, day }, replace: true });
  return (
    <Page
      title="Reliability"
      lead="What Steward promises, measured. Each number opens what it counted."
      actions={
        <Button asChild>
          <Link to="/settings/alerts">
            <BellRing /> Alerts
          </Link>
        </Button>
      }
    >
      <div className="space-y-6">
        <OpenAlerts />
        {gauges.data === undefined ? (
          gauges.error === null ? (
            <SkeletonLines lines={4} />
          ) : (
            <Failure what="The gauges could not be read." error={gauges.error} retry={() => void gauges.refetch()} />
          )
        ) : (
          <>
            <Gauges gauges={gauges.data} />
            <Days days={gauges.data.days} chosen={list === 'failed' ? search.day : undefined} onOpen={(day) => open('failed', day)} />
          </>
        )}
        <div className="space-y-4">
          <Tabs label="What was counted" items={LISTS} value={list} onChange={(next) => open(next)} />
          <Behind list={list} day={list === 'failed' ? search.day : undefined} onAll={() => open('failed')} />
        </div>
      </div>
    </Page>
  );
}

function OpenAlerts() {
  const alerts = useRead('alerts.list', { open: true }, { everyMs: 30_000 });
  if (alerts.data === undefined)
    return alerts.error === null ? (
      <SkeletonLines lines={1} />
    ) : (
      <Failure what="The alerts could not be read." error={alerts.error} retry={() => void alerts.refetch()} />
    );
  if (alerts.data.items.length === 0)
    return (
      <p className="flex items-center gap-2 text-sm text-ink-2">
        <CircleCheck aria-hidden className="size-4 text-ok" /> Nothing is wrong now.
      </p>
    );
  return (
    <Panel title="Wrong now" flush>
      <ul className="divide-y">
        {alerts.data.items.map((alert) => (
          <li key={alert.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3 text-sm">
            <Dot tone="bad" />
            <span className="min-w-0 flex-1 basis-56">
              <span className="block font-medium">{alert.title}</span>
              <span className="block text-xs text-ink-2">{alert.body}</span>
            </span>
            <span className="text-xs text-ink-3">
              since <When at={alert.raised_at} />
            </span>
            <Button asChild size="sm">
              <a href={alert.link}>Open</a>
            </Button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** Thirty days, one bar each; the failed part stands out, and opens its list. */
function Days({
  days,
  chosen,
  onOpen,
}: {
  days: Output<'system.gauges'>['days'];
  chosen: string | undefined;
  onOpen: (day: string) => void;
}) {
  if (days.length === 0) return null;
  const most = Math.max(...days.map(({ done, failed }) => done + failed));
  return (
    <Panel title="Runs that ended, by day">
      <div className="flex h-32 items-end gap-1 overflow-x-auto pb-1">
        {days.map(({ day, done, failed }) => {
          const all = done + failed;
          return (
            <button
              key={day}
              type="button"
              aria-pressed={chosen === day}
              aria-label={`${dateOf(`${day}T12:00:00`)}: ${failed} of ${countOf(all, 'run')} failed`}
              title={`${dateOf(`${day}T12:00:00`)}: ${failed} of ${countOf(all, 'run')} failed`}
              onClick={() => onOpen(day)}
              className={cn(
                'flex h-full max-w-10 min-w-4 flex-1 cursor-pointer flex-col justify-end gap-px rounded-md p-px hover:bg-hover',
                chosen === day && 'bg-hover outline-1 outline-accent',
              )}
            >
              {failed === 0 ? null : (
                <span className="block min-h-1 rounded-sm bg-bad-dot" style={{ height: `${(failed / most) * 100}%` }} />
              )}
              {done === 0 ? null : <span className="block min-h-1 rounded-sm bg-ok-dot/70" style={{ height: `${(done / most) * 100}%` }} />}
            </button>
          );
        })}
      </div>
      <p className="mt-2 flex gap-4 text-xs text-ink-3">
        <span className="flex items-center gap-1.5">
          <Dot tone="ok" /> done
        </span>
        <span className="flex items-center gap-1.5">
          <Dot tone="bad" /> failed
        </span>
        <span>A bar opens the failed runs of its day.</span>
      </p>
    </Panel>
  );
}

const NOTHING: Record<List, string> = {
  failed: 'No run failed.',
  work: 'No run ended within 24 hours.',
  interventions: 'Nobody had to settle anything this month.',
  recoveries: 'Nothing failed within 30 days.',
};
const WHAT: Record<List, string> = {
  failed: 'Runs that failed',
  work: 'Runs that ended within 24 hours, the longest first. Waits, approvals and tasks do not count as work.',
  interventions:
    'This month: runs taken up again, acts in doubt decided, events tried again. Approvals and tasks are planned work and do not count.',
  recoveries: 'Within 30 days: from a failure to the next success of the same run.',
};

function Behind({ list, day, onAll }: { list: List; day: string | undefined; onAll: () => void }) {
  const rows = useRead('system.gauge_rows', { gauge: list, ...(day === undefined ? {} : { day }) });
  const words =
    list === 'failed' ? `${WHAT.failed} ${day === undefined ? 'within 24 hours.' : `on ${dateOf(`${day}T12:00:00`)}.`}` : WHAT[list];
  return (
    <Panel
      flush
      title={<span className="text-xs font-normal text-ink-2">{words}</span>}
      aside={
        day === undefined ? undefined : (
          <Button size="sm" onClick={onAll}>
            Last 24 hours
          </Button>
        )
      }
    >
      {rows.data === undefined ? (
        rows.error === null ? (
          <SkeletonRows />
        ) : (
          <Failure what="The list could not be loaded." error={rows.error} retry={() => void rows.refetch()} />
        )
      ) : rows.data.items.length === 0 ? (
        <Empty icon={<HeartPulse />} title={NOTHING[list]}>
          {list === 'failed' ? 'When one does, it stands here with its error and the way to mend it.' : WHAT[list]}
        </Empty>
      ) : (
        <ul className="divide-y">
          {rows.data.items.map((row) => (
            <Row key={row.id} row={row} list={list} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Row({ row, list }: { row: Item<'system.gauge_rows'>; list: List }) {
  const title = <span className="block truncate text-sm font-medium">{row.title}</span>;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5">
      <span className="min-w-0 flex-1 basis-56">
        {row.link === null ? (
          title
        ) : (
          <a href={row.link} className="block hover:underline">
            {title}
          </a>
        )}
        {row.detail === null ? null : <span className="block truncate text-xs text-ink-2">{row.detail}</span>}
      </span>
      {row.seconds === null ? null : <span className="num text-sm">{lengthOf(row.seconds * 1_000)}</span>}
      {list === 'recoveries' ? <Badge tone={row.open ? 'bad' : 'ok'}>{row.open ? 'still failed' : 'recovered'}</Badge> : null}
      <When at={row.at} className="num text-xs whitespace-nowrap text-ink-3" />
    </li>
  );
}
