import { useQueries, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { ApiError, call, type Input, type Item, type OperationName } from '../api.ts';

/** Rows a request; small enough to come at once, large enough that scrolling rarely waits. */
const SIZE = 100;
/** Pages kept on either side of those in view; the others are forgotten and read again when needed. */
const KEPT = 4;

interface Page<Row> {
  items: Row[];
  next_cursor: string | null;
}

/** Rows by position, of which only those around the window are at hand. */
export interface RowSource<Row> {
  /** How many there are; may be corrected while scrolling. */
  count: number;
  /** Undefined: not loaded (yet). */
  at: (index: number) => Row | undefined;
  /** Which ones are in view, so that they are read. */
  show: (first: number, last: number) => void;
  /** Reads a stretch, wherever it is: for a selection from here to there. */
  read: (first: number, last: number) => Promise<Row[]>;
}

export interface Rows<Row> extends RowSource<Row> {
  isPending: boolean;
  error: ApiError | null;
  refetch: () => void;
}

/** Lists that can leap: they take `skip` beside `cursor`. */
type Leaping = { [Name in OperationName]: Input<Name> extends { skip?: unknown } ? Name : never }[OperationName];

/**
 * A list of any length, page by page around what is in view. The page after a fresh one is read by its cursor; one that was leapt
 * to, or whose neighbour may have changed, by its position. Memory holds a handful of pages, however far one scrolls.
 */
export function useRows<Name extends Leaping>(name: Name, input: Input<Name>, total: number | undefined): Rows<Item<Name>> {
  type Row = Item<Name>;
  const client = useQueryClient();
  const key = JSON.stringify(input);
  const [view, setView] = useState({ key, from: 0, to: 0 });
  const { from, to } = view.key === key ? view : { from: 0, to: 0 };
  const query = useCallback(
    (page: number) => ({
      queryKey: [name, input, 'page', page] as const,
      queryFn: async ({ signal }: { signal: AbortSignal }) => {
        const cursor = page === 0 ? undefined : freshCursor(client, [name, input, 'page', page - 1]);
        const place = page === 0 ? {} : cursor === undefined ? { skip: page * SIZE } : { cursor };
        // Every list answers {items, next_cursor}; `limit`, `skip` and `cursor` are fields of each that leaps.
        const whole = Object.assign({}, input, { limit: SIZE }, place) as Input<Name>; // every list that leaps takes them
        // Every list answers {items, next_cursor}.
        return (await call(name, whole, { signal })) as unknown as Page<Row>;
      },
      staleTime: 10_000,
    }),
    // `key` stands for the input, which is a new object each time.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [client, name, key],
  );
  const pages = useMemo(() => Array.from({ length: to - from + 1 }, (_, index) => from + index), [from, to]);
  const results = useQueries({ queries: pages.map((page) => query(page)) });

  useEffect(() => {
    for (const { queryKey } of client.getQueryCache().findAll({ queryKey: [name, input, 'page'] })) {
      const page = Number(queryKey[3]);
      if (page < from - KEPT || page > to + KEPT) client.removeQueries({ queryKey, exact: true });
    }
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [client, name, key, from, to]);

  const dataOf = (page: number): Page<Row> | undefined =>
    results[page - from]?.data ?? client.getQueryData<Page<Row>>([name, input, 'page', page]);
  const end = ends(pages, dataOf);
  const count = end ?? Math.max(total ?? 0, ...pages.map((page) => reach(page, dataOf(page))));
  const failed = results.find((result) => result.error !== null && result.data === undefined);
  return {
    count,
    at: (index) => dataOf(Math.floor(index / SIZE))?.items[index % SIZE],
    show: (first, last) => {
      const next = { key, from: Math.max(0, Math.floor(first / SIZE)), to: Math.max(0, Math.floor(last / SIZE)) };
      if (next.from !== from || next.to !== to || view.key !== key) setView(next);
    },
    read: async (first, last) => {
      const rows: Row[] = [];
      for (let page = Math.floor(first / SIZE); page <= Math.floor(last / SIZE); page++) {
        const { items } = await client.fetchQuery(query(page));
        rows.push(...items.filter((_, index) => page * SIZE + index >= first && page * SIZE + index <= last));
      }
      return rows;
    },
    isPending: results[0]?.isPending === true && count === 0,
    error: failed?.error instanceof ApiError ? failed.error : null,
    refetch: () => void Promise.all(results.map((result) => result.refetch())),
  };
}

/** The number of rows when a page in view is the last one. */
function ends(pages: readonly number[], dataOf: (page: number) => Page<unknown> | undefined): number | undefined {
  for (const page of pages) {
    const data = dataOf(page);
    if (data !== undefined && data.next_cursor === null && (data.items.length > 0 || page === 0)) return page * SIZE + data.items.length;
  }
  return undefined;
}

/** How far the list goes for sure: one row beyond a page that is not the last, so that scrolling goes on. */
function reach(page: number, data: Page<unknown> | undefined): number {
  return data === undefined ? 0 : page * SIZE + data.items.length + (data.next_cursor === null ? 0 : 1);
}

/** The cursor behind a page, while that page is surely as the server has it. */
function freshCursor(client: QueryClient, queryKey: readonly unknown[]): string | undefined {
  const state = client.getQueryState<Page<unknown>>(queryKey);
  if (state?.data === undefined || state.isInvalidated || Date.now() - state.dataUpdatedAt > 30_000) return undefined;
  return state.data.next_cursor ?? undefined;
}

/** Shows a change of one row at once, wherever the list holds it. Answers what takes it back. */
export function patchRow(client: QueryClient, name: OperationName, id: string, patch: Readonly<Record<string, unknown>>): () => void {
  const filters = { predicate: ({ queryKey }: { queryKey: readonly unknown[] }) => queryKey[0] === name && queryKey[2] === 'page' };
  const before = client.getQueriesData<Page<{ id: string }>>(filters);
  client.setQueriesData<Page<{ id: string }>>(filters, (page) => {
    if (page === undefined || !page.items.some((row) => row.id === id)) return page;
    return { ...page, items: page.items.map((row) => (row.id === id ? { ...row, ...patch } : row)) };
  });
  return () => {
    for (const [queryKey, data] of before) client.setQueryData(queryKey, data);
  };
}
