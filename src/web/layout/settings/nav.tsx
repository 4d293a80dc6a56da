import { Link, useLocation, useNavigate } from '@tanstack/react-router';
import { ChevronRight, Search } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { cn } from '#web/kit/cn.ts';
import { useSettingsFound, type SettingsPlace } from './directory.ts';

/** How links look beside a page, and as the rows of a list that is a page of its own. */
const LINKS = {
  aside: 'h-7 rounded-md px-2.5 text-ink-2 hover:bg-hover hover:text-ink',
  page: 'min-h-11 border-b px-4 last:border-b-0 hover:bg-hover',
} as const;

/**
 * All pages of Settings under their headings, and a box that sieves them. From the box, arrow keys walk the list and Enter opens what
 * stands first; Escape empties it.
 */
export function SettingsNav({ as }: { as: keyof typeof LINKS }) {
  const [text, setText] = useState('');
  const navigate = useNavigate();
  const here = useLocation().pathname;
  const frame = useRef<HTMLElement>(null);
  const groups = useSettingsFound(text);
  useEffect(() => showCurrent(frame.current), [here]);
  const open = (place: SettingsPlace | undefined) => {
    if (place === undefined) return;
    setText('');
    void navigate({ to: place.to });
  };
  return (
    <nav
      ref={frame}
      aria-label="Settings"
      onKeyDown={(event) => {
        if (event.key === 'ArrowDown' || event.key === 'ArrowUp') step(event, event.key === 'ArrowDown' ? 1 : -1);
      }}
      className={as === 'aside' ? '-mx-1 max-h-full overflow-y-auto overscroll-contain px-1 pb-6' : 'space-y-5'}
    >
      <label className={cn('relative block', as === 'aside' && 'sticky top-0 z-10 bg-canvas pt-1 pb-3')}>
        <Search
          aria-hidden
          className={cn('pointer-events-none absolute left-2.5 size-4 text-ink-3', as === 'aside' ? 'top-3' : 'top-2.5')}
        />
        <input
          type="search"
          data-aside
          aria-label="Find a setting"
          placeholder="Find a setting"
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') open(groups[0]?.places[0]);
            if (event.key === 'Escape') setText('');
          }}
          className={cn(
            'w-full rounded-md border border-line-strong bg-panel pr-2 pl-8 text-base shadow-raise sm:text-sm',
            as === 'aside' ? 'h-8' : 'h-9',
          )}
        />
      </label>
      {groups.map(({ title, places }) => (
        <section key={title} aria-label={title} className={as === 'aside' ? 'mb-4' : ''}>
          <h2
            className={cn(
              'text-ink-3',
              as === 'aside' ? 'px-2.5 pb-1 text-2xs font-semibold tracking-wide uppercase' : 'px-1 pb-1.5 text-xs font-medium',
            )}
          >
            {title}
          </h2>
          <div className={as === 'aside' ? '' : 'overflow-hidden rounded-xl border bg-panel shadow-raise'}>
            {places.map((place) => (
              <Link
                key={place.to}
                to={place.to}
                className={cn('flex items-center justify-between text-sm focus-visible:-outline-offset-2', LINKS[as])}
                activeProps={{ className: 'bg-hover !text-ink font-medium' }}
              >
                {place.label}
                {as === 'page' ? <ChevronRight aria-hidden className="size-4 text-ink-3" /> : null}
              </Link>
            ))}
          </div>
        </section>
      ))}
      {groups.length === 0 ? (
        <p role="status" className="px-2.5 text-sm text-ink-2">
          No setting by that name.
        </p>
      ) : null}
    </nav>
  );
}

/** The next or last link gets the focus; before the first stands the box. */
function step(event: React.KeyboardEvent<HTMLElement>, by: 1 | -1): void {
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>('input, a')];
  const next = stops[stops.findIndex((stop) => stop === document.activeElement) + by];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}

/** Where one is comes into sight; nothing else moves. */
function showCurrent(frame: HTMLElement | null): void {
  const one = frame?.querySelector<HTMLElement>('[aria-current=page]');
  if (!frame || !one) return;
  const [outer, inner] = [frame.getBoundingClientRect(), one.getBoundingClientRect()];
  if (inner.top < outer.top + 48 || inner.bottom > outer.bottom) frame.scrollTop += inner.top - outer.top - outer.height / 2;
}
