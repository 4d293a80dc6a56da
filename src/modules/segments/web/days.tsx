import { countOf } from '#web/kit/format.ts';
import { dayOf } from '#web/kit/time.tsx';

interface Day {
  day: string;
  entered: number;
  departed: number;
}

const SHOWN = 30;
const DAY_MS = 86_400_000;

/** Up to today, as YYYY-MM-DD in UTC. */
function lastDays(): string[] {
  const today = Date.now();
  return Array.from({ length: SHOWN }, (_, i) => new Date(today - (SHOWN - 1 - i) * DAY_MS).toISOString().slice(0, 10));
}

/** Who came (up) and went (down), a bar a day. The table below says the same in words. */
export function Days({ days }: { days: readonly Day[] }) {
  const by = new Map(days.map((day) => [day.day, day]));
  const shown = lastDays().map((day) => by.get(day) ?? { day, entered: 0, departed: 0 });
  const [entered, departed] = [shown.reduce((sum, day) => sum + day.entered, 0), shown.reduce((sum, day) => sum + day.departed, 0)];
  const most = Math.max(1, ...shown.map((day) => Math.max(day.entered, day.departed)));
  const height = (value: number) => (value === 0 ? 0 : Math.max(2, (value / most) * 34));
  return (
    <figure>
      <svg
        viewBox={`0 0 ${SHOWN * 8} 80`}
        className="h-24 w-full"
        preserveAspectRatio="none"
        role="img"
        aria-label={`${entered} entered and ${departed} left in 30 days`}
      >
        <line x1="0" x2={SHOWN * 8} y1="40" y2="40" className="stroke-line-strong" vectorEffect="non-scaling-stroke" />
        {shown.map((day, i) => (
          <g key={day.day}>
            <title>{`${dayOf(day.day)}: ${day.entered} entered, ${day.departed} left`}</title>
            <rect x={i * 8} y="0" width="8" height="80" fill="transparent" />
            <rect x={i * 8 + 1.5} y={39 - height(day.entered)} width="5" height={height(day.entered)} className="fill-accent" />
            <rect x={i * 8 + 1.5} y="41" width="5" height={height(day.departed)} className="fill-ink-3" />
          </g>
        ))}
      </svg>
      <figcaption className="flex justify-between text-xs text-ink-3">
        <span>30 days ago</span>
        <span>today</span>
      </figcaption>
      <p className="mt-2 text-xs text-ink-2">
        <span className="mr-3 inline-flex items-center gap-1.5">
          <span aria-hidden className="size-2 rounded-sm bg-accent" /> {countOf(entered, 'person', 'people')} entered
        </span>
        <span className="inline-flex items-center gap-1.5">
          <span aria-hidden className="size-2 rounded-sm bg-ink-3" /> {countOf(departed, 'person', 'people')} left
        </span>
      </p>
    </figure>
  );
}
