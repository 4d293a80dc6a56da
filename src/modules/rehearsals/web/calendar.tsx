import { cn } from '#web/kit/cn.ts';
import { count, countOf } from '#web/kit/format.ts';
import { dayWords, type RehearsalSummary } from './words.ts';

const DAY_MS = 86_400_000;

interface Day {
  readonly day: string;
  readonly sent: number;
  readonly blocked: number;
}

/** Every day from the first to the last, quiet ones, too. */
function allDays(summary: RehearsalSummary): Day[] {
  const [first, last] = [summary.days[0]?.day, summary.days.at(-1)?.day];
  if (first === undefined || last === undefined) return [];
  const known = new Map(summary.days.map((day) => [day.day, day]));
  const days: Day[] = [];
  for (let at = Date.parse(first); at <= Date.parse(last); at += DAY_MS) {
    const day = new Date(at).toISOString().slice(0, 10);
    days.push(known.get(day) ?? { day, sent: 0, blocked: 0 });
  }
  return days;
}

const PLOT = 132;

/** Messages a day: one bar a day, which opens its mails. The line is the limit of a day, where there is one within sight. */
export function Calendar({
  summary,
  day,
  onDay,
}: {
  summary: RehearsalSummary;
  day: string | undefined;
  onDay: (day: string | undefined) => void;
}) {
  const days = allDays(summary);
  const most = Math.max(1, ...days.map((one) => one.sent + one.blocked));
  const limit = summary.daily_limit;
  const top = limit !== null && limit <= most * 2 ? Math.max(most, limit) : most;
  const height = (value: number) => Math.round((value / top) * PLOT);
  return (
    <div className="relative">
      <div className="relative" style={{ height: PLOT + 4 }}>
        {limit !== null && limit <= top ? (
          <div
            aria-hidden
            className="pointer-events-none absolute inset-x-0 border-t border-dashed border-warn-dot"
            style={{ bottom: height(limit) }}
          >
            <span className="absolute right-0 bottom-0.5 bg-panel px-1 text-2xs text-warn">limit {count(limit)}</span>
          </div>
        ) : null}
        <ol aria-label="Messages a day" className="flex h-full items-end gap-px sm:gap-1">
          {days.map((one) => (
            <li key={one.day} className="flex h-full min-w-0 flex-1 items-end">
              <button
                type="button"
                aria-pressed={day === one.day}
                disabled={one.sent + one.blocked === 0}
                onClick={() => onDay(day === one.day ? undefined : one.day)}
                aria-label={`${dayWords(one.day)}: ${countOf(one.sent, 'message')}${one.blocked > 0 ? `, ${count(one.blocked)} blocked` : ''}`}
                title={`${dayWords(one.day)}: ${count(one.sent)} sent${one.blocked > 0 ? `, ${count(one.blocked)} blocked` : ''}`}
                className={cn(
                  'flex h-full w-full flex-col justify-end rounded-sm transition-colors enabled:hover:bg-hover',
                  day === one.day && 'bg-accent-soft',
                )}
              >
                <span
                  className="block w-full rounded-t-sm bg-bad-dot"
                  style={{ height: one.blocked === 0 ? 0 : Math.max(2, height(one.blocked)) }}
                />
                <span
                  className={cn('block w-full bg-accent', one.blocked === 0 && 'rounded-t-sm')}
                  style={{
                    height: one.sent === 0 ? (one.blocked === 0 ? 1 : 0) : Math.max(3, height(one.sent)),
                    opacity: one.sent === 0 ? 0.25 : 1,
                  }}
                />
              </button>
            </li>
          ))}
        </ol>
      </div>
      <div className="mt-1.5 flex justify-between text-xs text-ink-3">
        <span>{days[0] === undefined ? '' : dayWords(days[0].day)}</span>
        <span>{days.length > 1 ? dayWords(days.at(-1)?.day ?? '') : ''}</span>
      </div>
      <p className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-xs text-ink-2">
        <span className="inline-flex items-center gap-1.5">
          <span aria-hidden className="size-2 rounded-xs bg-accent" /> would leave
        </span>
        <span className="inline-flex items-center gap-1.5">
          <span aria-hidden className="size-2 rounded-xs bg-bad-dot" /> blocked
        </span>
      </p>
    </div>
  );
}
