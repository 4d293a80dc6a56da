import { X } from 'lucide-react';
import { cn } from '#web/kit/cn.ts';

/** Readable in both themes; never the only sign: the name stands beside it. */
const dots = {
  gray: 'bg-[oklch(0.65_0.01_264)]',
  red: 'bg-[oklch(0.63_0.2_25)]',
  orange: 'bg-[oklch(0.7_0.17_50)]',
  amber: 'bg-[oklch(0.78_0.15_80)]',
  green: 'bg-[oklch(0.66_0.15_150)]',
  teal: 'bg-[oklch(0.68_0.11_195)]',
  blue: 'bg-[oklch(0.62_0.17_255)]',
  violet: 'bg-[oklch(0.58_0.19_295)]',
  pink: 'bg-[oklch(0.66_0.19_350)]',
} as const;
export type TagColor = keyof typeof dots;
export const tagColors = Object.keys(dots);
export const isTagColor = (name: string): name is TagColor => name in dots;

export function TagDot({ color, className }: { color: string; className?: string }) {
  return <span aria-hidden className={cn('size-2 shrink-0 rounded-full', isTagColor(color) ? dots[color] : dots.gray, className)} />;
}

export function TagChip({ name, color, onRemove }: { name: string; color: string; onRemove?: () => void }) {
  return (
    <span className="inline-flex h-6 max-w-full items-center gap-1.5 rounded-full border bg-panel pr-2 pl-2 text-xs">
      <TagDot color={color} />
      <span className="truncate">{name}</span>
      {onRemove === undefined ? null : (
        <button
          type="button"
          aria-label={`Remove tag ${name}`}
          onClick={onRemove}
          className="-mr-1 rounded-full p-0.5 text-ink-3 hover:bg-hover hover:text-ink"
        >
          <X className="size-3" />
        </button>
      )}
    </span>
  );
}
