import {
  MutationCache,
  QueryCache,
  QueryClient,
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
  type UseQueryResult,
} from '@tanstack/react-query';
import { useRef } from 'react';
import { toast } from './toast.ts';
import { ApiError, call, newKey, type Input, type Item, type OperationName, type Output } from './api.ts';

/** The session ended while the page was open: sign in again, then come back here. */
function signedOut(error: Error): void {
  if (!(error instanceof ApiError) || error.status !== 401 || /^\/(sign-in|setup|forgot|reset|invite)/.test(location.pathname)) return;
  location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
}

export const queries = new QueryClient({
  queryCache: new QueryCache({ onError: signedOut }),
  mutationCache: new MutationCache({ onError: signedOut }),
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (count, error) => count < 2 && error instanceof ApiError && (error.status === 0 || error.status >= 500),
      refetchOnWindowFocus: true,
    },
  },
});

interface ReadOptions {
  enabled?: boolean;
  /** Poll while the page is open, in milliseconds. */
  everyMs?: number | false;
  /** Show the old answer while the new one loads (paging, filters). */
  keep?: boolean;
  /** Ask anew, however young the known answer is: what is edited, or acted on, must not be a moment old. See `isFetchedAfterMount`. */
  fresh?: boolean;
}

/** `call`, whichever operation it is. */
const ask = call as unknown as (name: string, input: unknown, options: { readonly signal: AbortSignal }) => Promise<unknown>;

function useAnyRead(name: string, input: unknown, options: ReadOptions = {}): UseQueryResult<unknown, ApiError> {
  return useQuery<unknown, ApiError>({
    queryKey: [name, input],
    queryFn: ({ signal }) => ask(name, input, { signal }),
    enabled: options.enabled ?? true,
    refetchInterval: options.everyMs ?? false,
    ...(options.keep === true ? { placeholderData: keepPreviousData } : {}),
    ...(options.fresh === true ? { staleTime: 0, refetchOnMount: 'always' as const } : {}),
  });
}

/**
 * Reads one operation; the key is its name and input, so any write can refresh it by name. Typed from outside: within, the compiler would compare the
 * answers of all operations with each other, and find them too many (TS2590), on some days and in some orders of files.
 */
export const useRead = useAnyRead as unknown as <Name extends OperationName>(
  name: Name,
  input: Input<Name>,
  options?: ReadOptions,
) => UseQueryResult<Output<Name>, ApiError>;

interface Paged {
  items: unknown[];
  next_cursor: string | null;
}

function withCursor<In>(input: In, cursor: string): In {
  // By way of unknown, as in api.ts: else the compiler compares the inputs of all operations with each other.
  return { ...(input as unknown as object), cursor } as unknown as In;
}

/** Reads a list page by page; `rows` is all that is loaded so far. */
export function useList<Name extends OperationName>(name: Name, input: Input<Name>, options: ReadOptions = {}) {
  const query = useInfiniteQuery<Output<Name>, ApiError, { pages: Output<Name>[] }, readonly unknown[], string | null>({
    // Pages are another shape than one answer: the same input read by useRead must not meet them in the cache.
    queryKey: [name, input, 'pages'],
    queryFn: ({ signal, pageParam }) => call(name, pageParam === null ? input : withCursor(input, pageParam), { signal }),
    initialPageParam: null,
    // Every list answers {items, next_cursor} (interfaces.md); the generic type can't see it.
    getNextPageParam: (page) => (page as unknown as Paged).next_cursor,
    enabled: options.enabled ?? true,
    refetchInterval: options.everyMs ?? false,
    placeholderData: keepPreviousData,
  });
  const rows = (query.data?.pages ?? []).flatMap((page) => (page as unknown as { items: Item<Name>[] }).items); // the same
  return { ...query, rows };
}

interface ActOptions<Name extends OperationName> {
  /** Operations, or nouns (`leads`), to read again afterwards. */
  refresh?: readonly string[];
  /** Said when it worked. */
  done?: string | ((output: Output<Name>) => string);
  /** The form shows the error itself. */
  quiet?: boolean;
  /** It writes single fields: what this page itself wrote a moment ago is no conflict. */
  part?: boolean;
  onDone?: (output: Output<Name>, input: Input<Name>) => void;
}

/**
 * Calls a writing operation. Pressing again after a lost answer sends the same idempotency key, so that nothing is
 * done twice; a changed input or a clear answer gets a new one.
 */
export function useAct<Name extends OperationName>(name: Name, options: ActOptions<Name> = {}) {
  const client = useQueryClient();
  const last = useRef<{ input: string; key: string } | null>(null);
  return useMutation<Output<Name>, ApiError, Input<Name> & { if_match?: string }>({
    mutationFn: (given) => {
      // The input, and the version beside it; by way of unknown, as above.
      const { if_match: ifMatch, ...input } = given as unknown as { if_match?: string };
      const text = JSON.stringify(input);
      if (last.current?.input !== text) last.current = { input: text, key: newKey() };
      // The rest of the object is the input again; TypeScript can't subtract a key from a generic.
      return call(name, input as unknown as Input<Name>, {
        idempotencyKey: last.current.key,
        ...(ifMatch === undefined ? {} : { ifMatch }),
        part: options.part ?? false,
      });
    },
    onSuccess: (output, input) => {
      last.current = null;
      void refresh(client, options.refresh ?? []);
      if (options.done !== undefined) toast.success(typeof options.done === 'string' ? options.done : options.done(output));
      options.onDone?.(output, input);
    },
    onError: (error) => {
      if (error.status !== 0) last.current = null;
      if (options.quiet !== true && error.status !== 401) toast.error(error.message);
    },
  });
}

/** Reads again everything whose operation is one of these, or belongs to one of these nouns. */
export function refresh(client: QueryClient, names: readonly string[]): Promise<void> {
  return client.invalidateQueries({
    predicate: ({ queryKey: [key] }) => typeof key === 'string' && names.some((name) => key === name || key.startsWith(`${name}.`)),
  });
}
