import { useRead } from '#web/kit/query.ts';
import { Panel } from '#web/kit/panel.tsx';
import { Skeleton } from '#web/kit/skeleton.tsx';

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** How often it was opened in 30 days, by people, and how many forms came of it. */
export function Figures({ pageId, goal }: { pageId: string; goal: number | null }) {
  const read = useRead('landing.figures', { page_id: pageId, days: 30 });
  if (read.data === undefined) return read.error === null ? <Skeleton className="h-40 w-full" /> : null;
  const { days, visits, machines, conversions, share, ever_sent: sent } = read.data;
  const most = Math.max(1, ...days.map((day) => day.visits));
  return (
    <Panel title="Last 30 days">
      <dl className="grid grid-cols-3 gap-3">
        {[
          ['Visits', visits.toLocaleString('en')],
          ['Forms sent', conversions.toLocaleString('en')],
          ['Forms a visit', share === null ? '–' : percent(share.rate)],
        ].map(([label, value]) => (
          <div key={label}>
            <dt className="text-xs text-ink-3">{label}</dt>
            <dd className="num text-xl font-semibold">{value}</dd>
          </div>
        ))}
      </dl>
      <svg viewBox="0 0 300 46" preserveAspectRatio="none" role="img" aria-label={`Visits by day, at most ${most} a day`} className="mt-3 h-12 w-full">
        {days.map((day, at) => {
          const height = (44 * day.visits) / most;
          return <rect key={day.day} x={at * 10 + 1} width={8} y={45 - Math.max(1, height)} height={Math.max(1, height)} rx={1} className={day.visits === 0 ? 'fill-line-strong' : 'fill-accent'} />;
        })}
      </svg>
      {goal === null ? null : (
        <div className="mt-3 text-xs text-ink-2">
          <p className="flex justify-between gap-2">
            <span>Goal: {goal.toLocaleString('en')} forms</span>
            <span className="num">{sent >= goal ? 'Reached' : `${sent.toLocaleString('en')} so far`}</span>
          </p>
          <div role="progressbar" aria-label="Forms sent of the goal" aria-valuemin={0} aria-valuemax={goal} aria-valuenow={Math.min(sent, goal)} className="mt-1 h-1.5 overflow-hidden rounded-full bg-sunken">
            <div className="h-full rounded-full bg-accent" style={{ width: `${Math.min(100, (100 * sent) / goal)}%` }} />
          </div>
        </div>
      )}
      <p className="mt-2 text-xs text-ink-3">
        Counted on the server without cookies: times that people opened it.
        {machines === 0 ? '' : ` ${machines.toLocaleString('en')} by programs are left out.`}
        {share === null ? '' : ` Of ${visits.toLocaleString('en')} visits, the share lies between ${percent(share.low)} and ${percent(share.high)} (95 %).`}
      </p>
    </Panel>
  );
} // prettier-ignore
