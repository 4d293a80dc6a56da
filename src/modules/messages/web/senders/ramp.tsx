import { count, countOf } from '#web/kit/format.ts';
import { dateOf } from '#web/kit/time.tsx';
import type { Sender } from './senders-settings.tsx';

const MOST = 24;

/** What it sent on its last days, and what its ramp-up allows on the next: filled bars are past, outlined ones to come. */
export function Ramp({ sender: { history, ahead, today, ramp_percent: percent } }: { sender: Sender }) {
  const past = history
    .filter(({ day }) => day !== today.day)
    .map(({ day, taken }) => ({ key: day, value: taken, title: `${dateOf(day)}: ${countOf(taken, 'mail')}` }));
  const room = Math.max(4, MOST - past.length);
  const over = percent === null || ahead.length <= 1;
  const next = (over ? [] : ahead).slice(0, room).map((value, i) => ({
    key: `+${i}`,
    value,
    title: `${i === 0 ? 'Today' : `Day ${i + 1} from now`}: ${countOf(value, 'mail')} allowed`,
  }));
  const top = Math.max(1, ...past.map(({ value }) => value), ...next.map(({ value }) => value));
  const last = ahead.at(-1);
  const says = over
    ? `${past.length === 0 ? 'Nothing was sent on the days before.' : 'What it sent on its last days.'}${percent === null ? '' : ' Its ramp-up is over.'}`
    : `+${percent} % on each day that it sends; ${count(last ?? 0)} in ${countOf(ahead.length - 1, 'day')}.`;
  return (
    <div className="min-w-0">
      <h3 className="text-xs text-ink-3">{over ? 'Days before' : 'On its way up'}</h3>
      {past.length + next.length === 0 ? null : (
        <div role="img" aria-label={says} className="mt-1 flex h-9 items-end gap-0.5">
          {[...past.map((bar) => ({ ...bar, to: false })), ...next.map((bar) => ({ ...bar, to: true }))].map(
            ({ key, value, title, to }) => (
              <div
                key={key}
                title={title}
                className={
                  to
                    ? 'min-w-0 flex-1 rounded-t-sm border border-b-0 border-accent bg-accent-soft'
                    : 'min-w-0 flex-1 rounded-t-sm bg-accent'
                }
                style={{ height: `${Math.max(6, (value / top) * 100)}%`, maxWidth: '1rem' }}
              />
            ),
          )}
        </div>
      )}
      <p className="mt-1.5 text-xs text-ink-3">{says}</p>
    </div>
  );
}
