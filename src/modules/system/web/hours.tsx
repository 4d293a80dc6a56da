import { Link } from '@tanstack/react-router';
import { countOf } from '#web/kit/format.ts';

/** Messages that leave in each of the next hours, as bars; the numbers are text for who can't see bars. */
export function Hours({ hours }: { hours: readonly { hour: string; count: number }[] }) {
  const total = hours.reduce((sum, one) => sum + one.count, 0);
  const most = Math.max(1, ...hours.map((one) => one.count));
  if (total === 0) return <p className="text-sm text-ink-2">No message is queued for the next hours.</p>;
  return (
    <>
      <p className="mb-3 text-sm">
        <Link to="/outbox" search={{ state: 'queued' }} className="font-medium hover:underline">
          {countOf(total, 'message')}
        </Link>{' '}
        <span className="text-ink-2">in the next {hours.length} hours</span>
      </p>
      <ol aria-label="Messages by hour" className="flex h-20 items-end gap-1">
        {hours.map(({ hour, count }) => {
          const label = `${String(new Date(hour).getHours()).padStart(2, '0')}:00`;
          return (
            <li key={hour} title={`${label}: ${countOf(count, 'message')}`} className="flex h-full min-w-0 flex-1 flex-col justify-end">
              <span className="sr-only">
                {label}: {countOf(count, 'message')}
              </span>
              <span
                aria-hidden
                className={count === 0 ? 'h-0.5 rounded-sm bg-line' : 'rounded-sm bg-accent'}
                style={count === 0 ? undefined : { height: `${Math.max(6, (count / most) * 100)}%` }}
              />
            </li>
          );
        })}
      </ol>
      <div aria-hidden className="num mt-1 flex justify-between text-2xs text-ink-3">
        {[hours[0], hours[Math.floor(hours.length / 2)], hours.at(-1)].map((one, index) => (
          <span key={index}>{one === undefined ? '' : `${String(new Date(one.hour).getHours()).padStart(2, '0')}:00`}</span>
        ))}
      </div>
    </>
  );
}
