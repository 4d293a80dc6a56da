import type { ReactNode } from 'react';
import type { ApiError } from '../api.ts';
import { SkeletonRows } from '../skeleton.tsx';
import { Failure } from '../states.tsx';

/** Of a list that `useList` reads. */
interface Read {
  readonly rows: readonly unknown[];
  readonly error: ApiError | null;
  readonly isPending: boolean;
  refetch(): Promise<unknown>;
}

/**
 * The rows of a list, and what stands in their place: a skeleton while it is first read, what failed with a way on, `none` where it is empty. A list that
 * could not be read again goes on showing what it has.
 */
export function Listed({
  list,
  failed,
  skeleton,
  none,
  children,
}: {
  list: Read;
  /** A sentence: The clients could not be loaded. */
  failed: string;
  /** Rows that are shown while nothing is known. */
  skeleton?: number;
  none: ReactNode;
  children: ReactNode;
}) {
  if (list.rows.length > 0) return children;
  if (list.error !== null) return <Failure what={failed} error={list.error} retry={() => void list.refetch()} />;
  return list.isPending ? <SkeletonRows {...(skeleton === undefined ? {} : { rows: skeleton })} /> : none;
}
