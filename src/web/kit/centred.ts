import { useEffect, useRef, type RefObject } from 'react';

/** For a row that scrolls sideways: brings what fits the selector `current` to its middle, at first and whenever `key` changes. */
export function useCentred<Row extends HTMLElement>(current: string, key: unknown): RefObject<Row | null> {
  const ref = useRef<Row>(null);
  useEffect(() => {
    const row = ref.current;
    const one = row?.querySelector<HTMLElement>(current);
    if (!row || !one) return;
    const [outer, inner] = [row.getBoundingClientRect(), one.getBoundingClientRect()];
    row.scrollLeft += inner.left + inner.width / 2 - (outer.left + outer.width / 2);
  }, [current, key]);
  return ref;
}
