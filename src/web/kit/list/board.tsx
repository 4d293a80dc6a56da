import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import { cn } from '../cn.ts';
import { count as number } from '../format.ts';
import { Skeleton } from '../skeleton.tsx';
import type { RowSource } from './rows.ts';

export interface BoardColumn<Row> {
  key: string;
  title: string;
  count: number | undefined;
  source: RowSource<Row>;
}

export interface BoardProps<Row> {
  label: string;
  columns: readonly BoardColumn<Row>[];
  rowKey: (row: Row) => string;
  /** What a screen reader hears: `Ann Lee`. */
  nameOf: (row: Row) => string;
  card: (row: Row) => ReactNode;
  onMove: (row: Row, to: string) => void;
  onOpen: (row: Row) => void;
  /** Keys that act on the card in focus: `s`, `a`. */
  cardKeys?: Readonly<Record<string, (row: Row) => void>>;
  cardHeight?: number;
  /** Said in a column without cards. */
  nothing?: string;
}

interface Held<Row> {
  row: Row;
  from: string;
  to: string;
  /** Where the hand is; absent while held by keys. */
  at?: { x: number; y: number; width: number };
}

/** Cards in columns; each column reads only what is in view. A card is moved by hand, or by keys: space, arrows, space. */
export function Board<Row>(props: BoardProps<Row>) {
  const { label, columns, rowKey, nameOf, onMove } = props;
  const [held, setHeld] = useState<Held<Row> | null>(null);
  const [said, setSaid] = useState('');
  // The card that keys put down: the focus goes with it, once it stands where it was put.
  const followed = useRef<{ key: string; to: string } | null>(null);
  useEffect(() => {
    if (followed.current === null) return;
    const { key, to } = followed.current;
    const card = document.querySelector<HTMLElement>(`[data-column="${to}"] [data-key="${key}"]`);
    if (card === null) return;
    followed.current = null;
    // Whoever went elsewhere meanwhile stays there.
    if (document.activeElement === document.body || document.activeElement?.matches('[data-card]') === true) card.focus();
  });
  const titleOf = (key: string) => columns.find((column) => column.key === key)?.title ?? key;
  const drop = (what: Held<Row>) => {
    setHeld(null);
    if (what.to === what.from) return setSaid(`${nameOf(what.row)} stays in ${titleOf(what.from)}.`);
    setSaid(`${nameOf(what.row)} moved to ${titleOf(what.to)}.`);
    onMove(what.row, what.to);
  };

  const grab = (row: Row, from: string, event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0 || event.pointerType === 'touch') return;
    const card = event.currentTarget.getBoundingClientRect();
    const [x, y] = [event.clientX, event.clientY];
    let moving: Held<Row> | null = null;
    const move = (moved: globalThis.PointerEvent) => {
      if (moving === null && Math.hypot(moved.clientX - x, moved.clientY - y) < 6) return;
      const over = document.elementFromPoint(moved.clientX, moved.clientY)?.closest<HTMLElement>('[data-column]')?.dataset['column'];
      moving = {
        row,
        from,
        to: over ?? from,
        at: { x: card.left + moved.clientX - x, y: card.top + moved.clientY - y, width: card.width },
      };
      setHeld(moving);
    };
    const end = (cancelled: boolean) => {
      window.removeEventListener('pointermove', move);
      window.removeEventListener('pointerup', up);
      window.removeEventListener('keydown', escape);
      if (moving === null) return;
      // The click that ends a drag opens nothing.
      const swallow = (click: Event) => click.stopPropagation();
      window.addEventListener('click', swallow, { capture: true });
      setTimeout(() => window.removeEventListener('click', swallow, { capture: true }));
      if (cancelled) setHeld(null);
      else drop(moving);
    };
    const up = () => end(false);
    const escape = (key: globalThis.KeyboardEvent) => {
      if (key.key === 'Escape') end(true);
    };
    window.addEventListener('pointermove', move);
    window.addEventListener('pointerup', up);
    window.addEventListener('keydown', escape);
  };

  const keys = (row: Row, from: string, index: number, event: KeyboardEvent<HTMLElement>) => {
    if (event.target !== event.currentTarget) return;
    const stop = () => {
      event.preventDefault();
      event.stopPropagation();
    };
    followed.current = null;
    const mine = held !== null && rowKey(held.row) === rowKey(row);
    const putDown = () => {
      if (held === null) return;
      followed.current = { key: rowKey(held.row), to: held.to };
      drop(held);
    };
    const step = event.key === 'ArrowRight' || event.key === 'l' ? 1 : event.key === 'ArrowLeft' || event.key === 'h' ? -1 : 0;
    if (event.key === ' ') {
      stop();
      if (mine) putDown();
      else {
        setHeld({ row, from, to: from });
        setSaid(`${nameOf(row)} picked up. Left and right choose a column, space puts down, escape leaves it.`);
      }
    } else if (mine && event.key === 'Enter') {
      stop();
      putDown();
    } else if (mine && event.key === 'Escape') {
      stop();
      setHeld(null);
      setSaid(`${nameOf(row)} stays in ${titleOf(from)}.`);
    } else if (mine && step !== 0) {
      stop();
      const place = Math.max(0, Math.min(columns.length - 1, columns.findIndex((column) => column.key === held.to) + step));
      const to = columns[place]?.key ?? from;
      setHeld({ ...held, to });
      setSaid(`Over ${titleOf(to)}.`);
      document.querySelector(`[data-column="${to}"]`)?.scrollIntoView({ inline: 'nearest', block: 'nearest' });
    } else if (!mine && step !== 0 && event.key.startsWith('Arrow')) {
      stop();
      const place = columns.findIndex((column) => column.key === from) + step;
      focusCard(columns[place]?.key, index);
    } else if (!mine && (event.key === 'ArrowDown' || event.key === 'j')) {
      stop();
      focusCard(from, index + 1);
    } else if (!mine && (event.key === 'ArrowUp' || event.key === 'k')) {
      stop();
      focusCard(from, index - 1);
    } else if (!mine && (event.key === 'Enter' || event.key === 'o')) {
      stop();
      props.onOpen(row);
    } else if (!mine && !event.ctrlKey && !event.metaKey && props.cardKeys?.[event.key] !== undefined) {
      stop();
      props.cardKeys[event.key]?.(row);
    }
  };

  return (
    <>
      <p aria-live="assertive" className="sr-only">
        {said}
      </p>
      <section
        aria-label={label}
        className="-mx-4 flex snap-x snap-mandatory gap-3 overflow-x-auto px-4 pb-4 sm:-mx-6 sm:snap-none sm:px-6 lg:-mx-8 lg:px-8"
      >
        {columns.map((column) => (
          <Lane
            key={column.key}
            column={column}
            over={held?.to === column.key}
            held={held === null ? null : rowKey(held.row)}
            props={props}
            onGrab={grab}
            onKeys={keys}
          />
        ))}
      </section>
      {held?.at === undefined ? null : (
        <div
          aria-hidden
          className="pointer-events-none fixed z-50 rotate-1 rounded-lg bg-panel p-3 opacity-95 shadow-pop"
          style={{ left: held.at.x, top: held.at.y, width: held.at.width }}
        >
          {props.card(held.row)}
        </div>
      )}
    </>
  );
}

function focusCard(column: string | undefined, index: number): void {
  const lane = document.querySelector(`[data-column="${column ?? ''}"]`);
  const cards = [...(lane?.querySelectorAll<HTMLElement>('[data-card]') ?? [])];
  const wanted = cards.find((card) => Number(card.dataset['card']) === index) ?? cards.at(-1);
  wanted?.focus();
}

function Lane<Row>({
  column,
  over,
  held,
  props,
  onGrab,
  onKeys,
}: {
  column: BoardColumn<Row>;
  over: boolean;
  held: string | null;
  props: BoardProps<Row>;
  onGrab: (row: Row, from: string, event: PointerEvent<HTMLElement>) => void;
  onKeys: (row: Row, from: string, index: number, event: KeyboardEvent<HTMLElement>) => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  const height = props.cardHeight ?? 84;
  const { source } = column;
  const virtual = useVirtualizer({
    count: source.count,
    getScrollElement: () => box.current,
    estimateSize: () => height,
    overscan: 5,
    gap: 8,
  });
  const items = virtual.getVirtualItems();
  const [first, last] = [items[0]?.index ?? 0, items.at(-1)?.index ?? 0];
  useEffect(() => source.show(first, last));
  return (
    <div
      data-column={column.key}
      className={cn(
        'flex w-[78vw] max-w-72 shrink-0 snap-start flex-col rounded-xl bg-sunken sm:w-64',
        over && held !== null && 'outline-2 outline-accent',
      )}
    >
      <h2 className="flex items-center justify-between gap-2 px-3 pt-2.5 pb-2 text-sm font-medium">
        {column.title}
        <span className="num text-xs font-normal text-ink-3">{column.count === undefined ? '' : number(column.count)}</span>
      </h2>
      {/* Its cards take the focus; the column itself only when it has none. */}
      <div
        ref={box}
        tabIndex={source.count === 0 ? 0 : -1}
        role="group"
        aria-label={`${column.title} cards`}
        className="h-[calc(100dvh-20rem)] min-h-64 overflow-y-auto px-2 pb-2"
      >
        {source.count === 0 ? <p className="px-2 py-6 text-center text-xs text-ink-3">{props.nothing ?? 'Nobody here.'}</p> : null}
        <ul className="relative" style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const row = source.at(item.index);
            return (
              <li key={item.index} className="absolute inset-x-0 top-0" style={{ height, transform: `translateY(${item.start}px)` }}>
                {row === undefined ? (
                  <div className="h-full rounded-lg bg-panel p-3 shadow-raise">
                    <Skeleton className="w-28" />
                  </div>
                ) : (
                  <div
                    role="button"
                    tabIndex={0}
                    data-card={item.index}
                    data-key={props.rowKey(row)}
                    aria-roledescription="card; space picks it up"
                    onPointerDown={(event) => onGrab(row, column.key, event)}
                    onKeyDown={(event) => onKeys(row, column.key, item.index, event)}
                    onClick={(event) => {
                      if (event.target instanceof Element && event.target.closest('a,button,select') !== null) return;
                      props.onOpen(row);
                    }}
                    className={cn(
                      'h-full cursor-grab select-none overflow-hidden rounded-lg border bg-panel p-3 shadow-raise hover:border-line-strong',
                      held === props.rowKey(row) && 'border-accent opacity-50',
                    )}
                  >
                    {props.card(row)}
                  </div>
                )}
              </li>
            );
          })}
        </ul>
      </div>
    </div>
  );
}
