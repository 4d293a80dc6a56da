import { dayOf } from '#web/kit/time.tsx';

/** A score over time, as steps: it stays until it changes. Says first and last in words, too. */
export function Spark({ points }: { points: readonly { day: string; score: number }[] }) {
  const [first] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined || points.length < 2) return null;
  const start = Date.parse(first.day);
  const span = Math.max(1, Date.parse(last.day) - start);
  const x = (day: string) => ((Date.parse(day) - start) / span) * 100;
  const y = (score: number) => 30 - (score / 100) * 28;
  const path = points
    .map(({ day, score }, i) => {
      const before = points[i - 1];
      return before === undefined ? `M ${x(day)} ${y(score)}` : `L ${x(day)} ${y(before.score)} L ${x(day)} ${y(score)}`;
    })
    .join(' ');
  return (
    <figure>
      <svg
        viewBox="0 0 100 32"
        preserveAspectRatio="none"
        role="img"
        aria-label={`From ${first.score} on ${dayOf(first.day)} to ${last.score} on ${dayOf(last.day)}`}
        className="h-10 w-full overflow-visible text-accent-ink"
      >
        <path
          d={`M 0 30 L 100 30`}
          className="text-line-strong"
          stroke="currentColor"
          strokeWidth="1"
          vectorEffect="non-scaling-stroke"
          fill="none"
        />
        <path d={path} stroke="currentColor" strokeWidth="1.75" vectorEffect="non-scaling-stroke" fill="none" strokeLinejoin="round" />
      </svg>
      <figcaption className="num flex justify-between text-2xs text-ink-3">
        <span>{dayOf(first.day)}</span>
        <span>{dayOf(last.day)}</span>
      </figcaption>
    </figure>
  );
}
