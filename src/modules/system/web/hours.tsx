import { Link } from '@tanstack/react-router';
import { countOf } from '#web/kit/format.ts';

const hourMs = 3_600_000;

/** The next 24 hours, one entry each; the server names only hours that have messages. */
function everyHour(known: readonly { hour: string; count: number }[]): { at: number; count: number }[] {
  const first = Math.floor(Date.now() / hourMs) * hourMs;
  const counts = new Map(known.map(({ hour, count }) => [Math.max(first, new Date(hour).getTime()), count]));
  return Array.from({ length: 24 }, (_, index) => ({ at: first + index * hourMs, count: counts.get(first + index * hourMs) ?? 0 }));
}

function label(at: number): string {
  return `${String(new Date(at).getHours()).padStart(2, '0')}:00`;
}

/** Messages that leave in each of the next hours, as bars; the numbers are text for who can't see bars. */
export function Hours({ known }: { known: readonly { hour: string; count: number }[] }) {
  const hours = everyHour(known);
  const total = hours.reduce((sum, one) => sum + one.count, 0);
  const most = Math.max(1, ...hours.map((one) => one.count));
  if (total === 0) return <p className="text-sm text-ink-2">No message is queued for the next 24 hours.</p>;
  return (
    <>
      <p className="mb-3 text-sm">
        <Link to="/outbox" search={{ state: 'queued' }} className="font-medium hover:underline">
          {countOf(total, 'message')}
        </Link>{' '}
        <span className="text-ink-2">in the next 24 hours</span>
      </p>
      <ol aria-label="Messages by hour" className="flex h-20 items-end gap-0.5 sm:gap-1">
        {hours.map(({ at, count }) => (
          <li key={at} title={`${label(at)}: ${countOf(count, 'message')}`} className="flex h-full min-w-0 flex-1 flex-col justify-end">
            <span className="sr-only">
              {label(at)}: {countOf(count, 'message')}
            </span>
            <span
              aria-hidden
              className={count === 0 ? 'h-0.5 rounded-sm bg-line' : 'rounded-sm bg-accent'}
              style={count === 0 ? undefined : { height: `${Math.max(6, (count / most) * 100)}%` }}
            />
          </li>
        ))}
      </ol>
      <div aria-hidden className="num mt-1 flex justify-between text-2xs text-ink-3">
        {[0, 6, 12, 18, 23].map((index) => (
          <span key={index}>{label(hours[index]?.at ?? 0)}</span>
        ))}
      </div>
    </>
  );
}
