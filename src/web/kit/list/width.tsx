import { useEffect, useState, type PointerEvent } from 'react';

/** From 640 px up a list has columns; below, cards. */
export function useWide(): boolean {
  const [wide, setWide] = useState(() => matchMedia('(min-width: 640px)').matches);
  useEffect(() => {
    const query = matchMedia('(min-width: 640px)');
    const listen = () => setWide(query.matches);
    query.addEventListener('change', listen);
    return () => query.removeEventListener('change', listen);
  }, []);
  return wide;
}

const NARROWEST = 60;

/** The right edge of a header, to be pulled. By keyboard the width is set where the columns are chosen. */
export function ResizeHandle({ onResize }: { onResize: (width: number) => void }) {
  const start = (event: PointerEvent<HTMLSpanElement>) => {
    const head = event.currentTarget.closest('th');
    if (head === null) return;
    event.preventDefault();
    const [x, width] = [event.clientX, head.getBoundingClientRect().width];
    const move = (moved: globalThis.PointerEvent) => onResize(Math.round(Math.max(NARROWEST, width + moved.clientX - x)));
    const end = () => {
      window.removeEventListener('pointermove', move);
      window.removeEventListener('pointerup', end);
    };
    window.addEventListener('pointermove', move);
    window.addEventListener('pointerup', end);
  };
  return (
    <span
      aria-hidden
      onPointerDown={start}
      className="absolute inset-y-1.5 right-0 w-1.5 cursor-col-resize touch-none rounded-full opacity-0 transition-opacity group-hover/head:bg-line-strong group-hover/head:opacity-100"
    />
  );
}
