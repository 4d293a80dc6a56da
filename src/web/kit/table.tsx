import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { useEffect, useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import { cn } from './cn.ts';
import { useKeys } from './keyboard.ts';
import { Skeleton } from './skeleton.tsx';

export interface Column<Row> {
  key: string;
  header: ReactNode;
  cell: (row: Row) => ReactNode;
  /** Width and where it hides (`hidden sm:table-cell`). */
  className?: string;
  /** What the server calls this order; the header becomes a button. */
  sort?: string;
}

export interface DataTableProps<Row> {
  label: string;
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  rowKey: (row: Row) => string;
  /** Enter, `o` or a click anywhere on the row. */
  onOpen?: (row: Row) => void;
  /** `x` and the boxes choose rows; absent: none. */
  chosen?: ReadonlySet<string>;
  onChoose?: (chosen: ReadonlySet<string>) => void;
  /** `name` or `-name`. */
  sort?: string;
  onSort?: (sort: string) => void;
  more?: boolean;
  onMore?: () => void;
  /** Old rows are shown while new ones load. */
  stale?: boolean;
  /** Row height in pixels from 640 px up; below it rows have two lines. */
  height?: number;
}

/** Rows of any number: only those in view are in the page, the next ones are fetched before they come into view. */
export function DataTable<Row>({
  label,
  rows,
  columns,
  rowKey,
  onOpen,
  chosen,
  onChoose,
  sort,
  onSort,
  more,
  onMore,
  stale,
  height = 44,
}: DataTableProps<Row>) {
  const top = useRef<HTMLDivElement>(null);
  const [margin, setMargin] = useState(0);
  const [cursor, setCursor] = useState(-1);
  const wide = useWide();
  const rowHeight = wide ? height : Math.max(height, 60);
  // Whatever stands above may grow, and the page with it: then it is measured anew where the table begins.
  useLayoutEffect(() => {
    const measure = () => setMargin(Math.round((top.current?.getBoundingClientRect().top ?? 0) + window.scrollY));
    const watch = new ResizeObserver(measure);
    watch.observe(document.body);
    measure();
    return () => watch.disconnect();
  }, []);
  const virtual = useWindowVirtualizer({ count: rows.length, estimateSize: () => rowHeight, overscan: 12, scrollMargin: margin + 36 });
  useEffect(() => virtual.measure(), [rowHeight, virtual]);
  const items = virtual.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more === true && lastShown >= rows.length - 20) onMore?.();
  }, [more, lastShown, rows.length, onMore]);

  const move = (to: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, to));
    setCursor(next);
    virtual.scrollToIndex(next, { align: 'auto' });
  };
  const toggle = (row: Row) => {
    if (chosen === undefined) return;
    const next = new Set(chosen);
    if (!next.delete(rowKey(row))) next.add(rowKey(row));
    onChoose?.(next);
  };
  const withCursor = (act: ((row: Row) => void) | undefined) => () => {
    const row = rows[cursor];
    if (row !== undefined) act?.(row);
  };
  useKeys({
    j: () => move(cursor + 1),
    k: () => move(cursor - 1),
    ArrowDown: () => move(cursor + 1),
    ArrowUp: () => move(cursor - 1),
    o: withCursor(onOpen),
    Enter: withCursor(onOpen),
    x: withCursor(toggle),
  });

  const offset = margin + 36;
  const before = items[0] === undefined ? 0 : items[0].start - offset;
  const after = items.at(-1) === undefined ? 0 : virtual.getTotalSize() - ((items.at(-1)?.end ?? 0) - offset);
  return (
    <div ref={top} className={cn('rounded-xl border bg-panel shadow-raise', stale === true && 'opacity-60 transition-opacity')}>
      <table
        className="w-full table-fixed border-separate border-spacing-0 text-sm"
        aria-label={label}
        aria-rowcount={more === true ? -1 : rows.length + 1}
      >
        <thead>
          <tr>
            {chosen === undefined ? null : (
              <th className="sticky top-[var(--bar)] z-10 hidden h-9 w-10 sm:table-cell rounded-tl-xl border-b bg-panel pl-4 text-left">
                <input
                  type="checkbox"
                  aria-label="Choose all that are loaded"
                  className="size-4 accent-[var(--accent)] align-middle"
                  checked={rows.length > 0 && chosen.size >= rows.length}
                  onChange={(event) => onChoose?.(event.target.checked ? new Set(rows.map(rowKey)) : new Set())}
                />
              </th>
            )}
            {columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                aria-sort={
                  column.sort === undefined
                    ? undefined
                    : sort === column.sort
                      ? 'ascending'
                      : sort === `-${column.sort}`
                        ? 'descending'
                        : 'none'
                }
                className={cn(
                  'sticky top-[var(--bar)] z-10 h-9 truncate border-b bg-panel px-3 text-left text-xs font-medium text-ink-3 first:rounded-tl-xl first:pl-4 last:rounded-tr-xl last:pr-4',
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
                    onClick={() => onSort(sort === column.sort ? `-${column.sort}` : (column.sort ?? ''))}
                  >
                    {column.header}
                    {sort === column.sort ? (
                      <ArrowUp className="size-3" />
                    ) : sort === `-${column.sort}` ? (
                      <ArrowDown className="size-3" />
                    ) : null}
                  </button>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {before > 0 ? <Gap height={before} /> : null}
          {items.map((item) => {
            const row = rows[item.index];
            if (row === undefined) return null;
            const here = item.index === cursor;
            return (
              <tr
                key={rowKey(row)}
                aria-rowindex={item.index + 2}
                aria-selected={here}
                style={{ height: rowHeight }}
                className={cn(
                  'group',
                  onOpen !== undefined && 'cursor-pointer',
                  here ? 'bg-accent-soft' : chosen?.has(rowKey(row)) === true ? 'bg-sunken' : 'hover:bg-hover',
                )}
                onClick={(event) => {
                  if (event.target instanceof Element && event.target.closest('a,button,input,select,label') !== null) return;
                  setCursor(item.index);
                  onOpen?.(row);
                }}
              >
                {chosen === undefined ? null : (
                  <td className="hidden border-b pl-4 group-last:border-b-0 sm:table-cell">
                    <input
                      type="checkbox"
                      aria-label="Choose this row"
                      className="size-4 accent-[var(--accent)] align-middle"
                      checked={chosen.has(rowKey(row))}
                      onChange={() => toggle(row)}
                    />
                  </td>
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
      {more === true ? (
        <div className="flex h-11 items-center gap-4 px-4" role="status" aria-label="Loading more">
          <Skeleton className="w-40" />
          <Skeleton className="w-56" />
        </div>
      ) : null}
    </div>
  );
}

/** The height of rows that are not drawn. One cell: a colSpan over hidden columns would make phantom ones. */
function Gap({ height }: { height: number }) {
  return (
    <tr aria-hidden style={{ height }}>
      <td />
    </tr>
  );
}

function useWide(): boolean {
  const [wide, setWide] = useState(() => matchMedia('(min-width: 640px)').matches);
  useEffect(() => {
    const query = matchMedia('(min-width: 640px)');
    const listen = () => setWide(query.matches);
    query.addEventListener('change', listen);
    return () => query.removeEventListener('change', listen);
  }, []);
  return wide;
}
