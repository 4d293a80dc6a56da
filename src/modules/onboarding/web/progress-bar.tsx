/** Done of all, as a bar and in figures. */
export function ProgressBar({ done, total }: { done: number; total: number }) {
  return (
    <span className="flex items-center gap-2">
      <span aria-hidden className="h-1.5 min-w-8 flex-1 overflow-hidden rounded-full bg-line">
        <span className="block h-full rounded-full bg-accent" style={{ width: `${total === 0 ? 0 : (done / total) * 100}%` }} />
      </span>
      <span className="num text-xs text-ink-2">
        {done} / {total}
      </span>
    </span>
  );
}
