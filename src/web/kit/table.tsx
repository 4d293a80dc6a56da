import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { useEffect, useLayoutEffect, useRef, useState, type MouseEvent, type ReactNode } from 'react';
import { cn } from './cn.ts';
import { useKeys } from './keyboard.ts';
import type { RowSource } from './list/rows.ts';
import { ResizeHandle, useWide } from './list/width.tsx';
import { Skeleton } from './skeleton.tsx';

export interface Column<Row> {
  key: string;
  header: ReactNode;
  cell: (row: Row) => ReactNode;
  /** Where it hides (`hidden sm:table-cell`), and its width where `width` is not used. */
  className?: string;
  /** Pixels; columns share the table in this proportion. */
  width?: number;
  /** What the server calls this order; the header becomes a button. */
  sort?: string;
  /** The first click sorts downwards: newest, highest first. */
  sortDown?: boolean;
}

/** As `useList` answers it. */
interface PagedRows<Row> {
  readonly rows: readonly Row[];
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  /** Old rows are shown while new ones load. */
  readonly isPlaceholderData: boolean;
  fetchNextPage(): Promise<unknown>;
}

export interface DataTableProps<Row> {
  label: string;
  /** What `useList` reads page by page … */
  list?: PagedRows<Row>;
  /** … or a window on any number of rows. */
  source?: RowSource<Row>;
  columns: readonly Column<Row>[];
  rowKey: (row: Row) => string;
  /** Enter, `o` or a click anywhere on the row. */
  onOpen?: (row: Row) => void;
  /** `x`, shift-x and the boxes choose rows; absent: none. */
  chosen?: ReadonlySet<string>;
  /** `added`: the rows that were not chosen before. */
  onChoose?: (chosen: ReadonlySet<string>, added: readonly Row[]) => void;
  /** Every row is chosen, loaded or not. */
  everything?: boolean;
  /** `name` or `-name`. */
  sort?: string;
  onSort?: (sort: string) => void;
  /** Row height in pixels from 640 px up; below it rows have two lines. */
  height?: number;
  /** Below 640 px a row is this card instead of cells. */
  card?: (row: Row) => ReactNode;
  cardHeight?: number;
  /** Keys that act on the row under the cursor. */
  rowKeys?: Readonly<Record<string, (row: Row) => void>>;
  onResize?: (key: string, width: number) => void;
  /** The cursor is remembered under this name while the page lives, for the way back. */
  memory?: string;
}

const cursors = new Map<string, number>();
const HEADER = 36;

/** Rows of any number: only those in view are in the page, the next ones are fetched before they come into view. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, columns, rowKey, onOpen, chosen, onChoose, everything, sort, onSort, height = 44, memory, onResize } = props;
  const { list } = props;
  const source = props.source ?? sourceOf(list?.rows ?? []);
  const more = list?.hasNextPage === true;
  const top = useRef<HTMLDivElement>(null);
  const [margin, setMargin] = useState(0);
  const [cursor, setCursor] = useState(() => (memory === undefined ? -1 : (cursors.get(memory) ?? -1)));
  const anchor = useRef(-1);
  const wide = useWide();
  const asCards = !wide && props.card !== undefined;
  const rowHeight = wide ? height : asCards ? (props.cardHeight ?? 76) : Math.max(height, 60);
  // Whatever stands above may grow, and the page with it: then it is measured anew where the table begins.
  useLayoutEffect(() => {
    const measure = () => setMargin(Math.round((top.current?.getBoundingClientRect().top ?? 0) + window.scrollY));
    const watch = new ResizeObserver(measure);
    watch.observe(document.body);
    measure();
    return () => watch.disconnect();
  }, []);
  const offset = margin + (asCards ? 0 : HEADER);
  const virtual = useWindowVirtualizer({ count: source.count, estimateSize: () => rowHeight, overscan: 12, scrollMargin: offset });
  useEffect(() => virtual.measure(), [rowHeight, virtual]);
  const items = virtual.getVirtualItems();
  const firstShown = items[0]?.index ?? 0;
  const lastShown = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && !list.isFetchingNextPage && lastShown >= source.count - 20) void list.fetchNextPage();
  }, [more, lastShown, source.count, list]);
  // Compared inside: a new function each time, the same window mostly.
  useEffect(() => source.show(firstShown, lastShown));

  // Where the focus was when a key asked for a row: the row takes it from there once it is drawn, and from nowhere else.
  const asked = useRef<Element | null>(null);
  const focusRow = (index: number) => {
    const row = top.current?.querySelector<HTMLElement>(`[data-row="${index}"]`);
    if (row === null || row === undefined) return;
    const now = document.activeElement;
    if (now === asked.current || now === document.body || top.current?.contains(now) === true) row.focus({ preventScroll: true });
    asked.current = null;
  };
  useEffect(() => {
    if (asked.current !== null) focusRow(cursor);
  });
  const put = (index: number) => {
    setCursor(index);
    if (memory !== undefined) cursors.set(memory, index);
  };
  const move = (to: number) => {
    if (source.count === 0) return;
    const next = Math.max(0, Math.min(source.count - 1, to));
    put(next);
    asked.current = document.activeElement;
    virtual.scrollToIndex(next, { align: 'auto' });
    // Nothing is drawn anew for it.
    if (next === cursor) focusRow(next);
  };
  const toggle = (index: number) => {
    const row = source.at(index);
    if (chosen === undefined || row === undefined) return;
    const next = new Set(chosen);
    if (!next.delete(rowKey(row))) next.add(rowKey(row));
    anchor.current = index;
    onChoose?.(next, next.has(rowKey(row)) ? [row] : []);
  };
  const range = async (index: number) => {
    if (chosen === undefined) return;
    const [from, to] = [Math.min(anchor.current, index), Math.max(anchor.current, index)];
    if (from < 0) return toggle(index);
    const rows = await source.read(from, to);
    onChoose?.(new Set([...chosen, ...rows.map(rowKey)]), rows);
  };
  const withCursor = (act: ((row: Row) => void) | undefined) => () => {
    const row = source.at(cursor);
    if (row !== undefined) act?.(row);
  };
  useKeys({
    j: () => move(cursor + 1),
    k: () => move(cursor - 1),
    ArrowDown: () => move(cursor + 1),
    ArrowUp: () => move(cursor - 1),
    PageDown: () => move(cursor + 15),
    PageUp: () => move(cursor - 15),
    Home: () => move(0),
    End: () => move(source.count - 1),
    o: withCursor(onOpen),
    Enter: withCursor(onOpen),
    x: () => toggle(cursor),
    X: () => void range(cursor),
    ...Object.fromEntries(Object.entries(props.rowKeys ?? {}).map(([key, act]) => [key, withCursor(act)])),
  });

  // The gap above is a new element for each height: Chromium 156 keeps its old one when the gap below goes in the same moment;
  // the page is then too short, its end is cut off, and the view swings between two places for ever.
  const before = items[0] === undefined ? 0 : items[0].start - offset;
  const after = items.at(-1) === undefined ? 0 : virtual.getTotalSize() - ((items.at(-1)?.end ?? 0) - offset);
  const click = (index: number, row: Row, event: MouseEvent) => {
    if (event.target instanceof Element && event.target.closest('a,button,input,select,label') !== null) return;
    put(index);
    if (event.shiftKey && chosen !== undefined) void range(index);
    else onOpen?.(row);
  };
  const box = (index: number, row: Row) => (
    <input
      type="checkbox"
      aria-label="Choose this row"
      className="size-4 accent-[var(--accent)] align-middle"
      checked={everything === true || chosen?.has(rowKey(row)) === true}
      onChange={() => undefined}
      onClick={(event) => {
        if (event.shiftKey) void range(index);
        else toggle(index);
      }}
    />
  );
  const tone = (index: number, row: Row) =>
    cn(
      onOpen !== undefined && 'cursor-pointer',
      index === cursor ? 'bg-accent-soft' : everything === true || chosen?.has(rowKey(row)) === true ? 'bg-sunken' : 'hover:bg-hover',
    );
  const frame = cn('rounded-xl border bg-panel shadow-raise', list?.isPlaceholderData === true && 'opacity-60 transition-opacity');

  if (asCards)
    return (
      <div ref={top} aria-busy={list?.isPlaceholderData === true} className={frame}>
        <ul aria-label={label}>
          {before > 0 ? <li key={`before ${before}`} aria-hidden style={{ height: before }} /> : null}
          {items.map((item) => {
            const row = source.at(item.index);
            return (
              // Its keys are the page's: j and k move, Enter opens.
              // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
              <li
                key={row === undefined ? `at ${item.index}` : `${item.index} ${rowKey(row)}`}
                data-row={item.index}
                aria-posinset={item.index + 1}
                aria-setsize={source.count}
                tabIndex={-1}
                style={{ height: rowHeight }}
                className={cn(
                  'flex items-center gap-3 overflow-hidden border-b px-3 outline-offset-[-2px] last:border-b-0',
                  row !== undefined && tone(item.index, row),
                )}
                onClick={(event) => (row === undefined ? undefined : click(item.index, row, event))}
              >
                {row === undefined ? (
                  <Skeleton className="w-40" />
                ) : (
                  <>
                    {chosen === undefined ? null : box(item.index, row)}
                    <div className="min-w-0 flex-1">{props.card?.(row)}</div>
                  </>
                )}
              </li>
            );
          })}
          {after > 0 ? <li aria-hidden style={{ height: after }} /> : null}
        </ul>
      </div>
    );

  // The first column takes what is left: room of the boxes, and of columns that a narrow page hides.
  const sum = columns.reduce((total, column) => total + (column.width ?? 0), 0);
  return (
    <div ref={top} aria-busy={list?.isPlaceholderData === true} className={frame}>
      <table
        className="w-full table-fixed border-separate border-spacing-0 text-sm"
        aria-label={label}
        aria-rowcount={more ? -1 : source.count + 1}
      >
        <thead>
          <tr>
            {chosen === undefined ? null : (
              <th className="sticky top-[var(--bar)] z-10 hidden h-9 w-10 sm:table-cell rounded-tl-xl border-b bg-panel pl-4 text-left">
                <input
                  type="checkbox"
                  aria-label="Choose all that are loaded"
                  className="size-4 accent-[var(--accent)] align-middle"
                  checked={everything === true || (source.count > 0 && chosen.size > 0 && chosen.size >= loaded(source).length)}
                  onChange={(event) => {
                    const all = event.target.checked ? loaded(source) : [];
                    onChoose?.(new Set(all.map(rowKey)), all);
                  }}
                />
              </th>
            )}
            {columns.map((column, place) => {
              const direction = sort === column.sort ? 'ascending' : sort === `-${column.sort ?? ''}` ? 'descending' : 'none';
              const first = column.sortDown === true ? `-${column.sort ?? ''}` : (column.sort ?? '');
              const second = column.sortDown === true ? (column.sort ?? '') : `-${column.sort ?? ''}`;
              return (
                <th
                  key={column.key}
                  scope="col"
                  aria-sort={column.sort === undefined ? undefined : direction}
                  style={column.width === undefined || place === 0 ? undefined : { width: `${(column.width / sum) * 100}%` }}
                  className={cn(
                    'group/head sticky top-[var(--bar)] z-10 h-9 truncate border-b bg-panel px-3 text-left text-xs font-medium text-ink-3 first:rounded-tl-xl first:pl-4 last:rounded-tr-xl last:pr-4',
                    column.className,
                    'text-ink-3',
                  )}
                >
                  {column.sort === undefined || onSort === undefined ? (
                    column.header
                  ) : (
                    <button
                      type="button"
                      className="inline-flex items-center gap-1 rounded-sm hover:text-ink"
                      onClick={() => onSort(sort === first ? second : first)}
                    >
                      {column.header}
                      {direction === 'ascending' ? (
                        <ArrowUp className="size-3" />
                      ) : direction === 'descending' ? (
                        <ArrowDown className="size-3" />
                      ) : null}
                    </button>
                  )}
                  {onResize === undefined ? null : <ResizeHandle onResize={(width) => onResize(column.key, width)} />}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {before > 0 ? <Gap key={`before ${before}`} height={before} /> : null}
          {items.map((item) => {
            const row = source.at(item.index);
            if (row === undefined)
              return <Waiting key={`at ${item.index}`} index={item.index} height={rowHeight} box={chosen !== undefined} />;
            return (
              <tr
                key={`${item.index} ${rowKey(row)}`}
                data-row={item.index}
                aria-rowindex={item.index + 2}
                aria-selected={item.index === cursor}
                tabIndex={-1}
                style={{ height: rowHeight }}
                className={cn('group outline-offset-[-2px]', tone(item.index, row))}
                onClick={(event) => click(item.index, row, event)}
              >
                {chosen === undefined ? null : (
                  <td className="hidden border-b pl-4 group-last:border-b-0 sm:table-cell">{box(item.index, row)}</td>
                )}
                {columns.map((column) => (
                  <td
                    key={column.key}
                    className={cn('truncate border-b px-3 first:pl-4 last:pr-4 group-last:border-b-0', column.className)}
                  >
                    {column.cell(row)}
                  </td>
                ))}
              </tr>
            );
          })}
          {after > 0 ? <Gap height={after} /> : null}
        </tbody>
      </table>
      {more ? (
        <div className="flex h-11 items-center gap-4 px-4" role="status" aria-label="Loading more">
          <Skeleton className="w-40" />
          <Skeleton className="w-56" />
        </div>
      ) : null}
    </div>
  );
}

function sourceOf<Row>(rows: readonly Row[]): RowSource<Row> {
  return {
    count: rows.length,
    at: (index) => rows[index],
    show: () => undefined,
    read: (first, last) => Promise.resolve(rows.slice(first, last + 1)),
  };
}

/** The first rows that are at hand, up to a page: what "all" on a list that is not whole can mean. */
function loaded<Row>(source: RowSource<Row>): Row[] {
  const rows: Row[] = [];
  for (let index = 0; index < source.count && rows.length < 1_000; index++) {
    const row = source.at(index);
    if (row === undefined) break;
    rows.push(row);
  }
  return rows;
}

/** The height of rows that are not drawn. One cell: a colSpan over hidden columns would make phantom ones. */
function Gap({ height }: { height: number }) {
  return (
    <tr aria-hidden style={{ height }}>
      <td />
    </tr>
  );
}

/** A row whose page is on its way. */
function Waiting({ index, height, box }: { index: number; height: number; box: boolean }) {
  return (
    <tr aria-rowindex={index + 2} style={{ height }}>
      {box ? <td className="hidden border-b sm:table-cell" /> : null}
      <td className="border-b px-3">
        <Skeleton className={index % 2 === 0 ? 'w-40' : 'w-28'} />
      </td>
    </tr>
  );
}
