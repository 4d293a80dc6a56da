import { Plus } from 'lucide-react';
import { cn } from '#web/kit/cn.ts';
import { useBuilder } from './context.tsx';
import { laneKey, type Place } from './definition.ts';

/** Room for the first step of a way. */
export function SlotCard({ spotKey, place, wanted }: { spotKey: string; place: Place; wanted?: boolean }) {
  const { spot, focus, ask, may } = useBuilder();
  return (
    <button
      type="button"
      tabIndex={spot === spotKey ? 0 : -1}
      data-spot={spotKey}
      aria-label={`Empty: add a step (${laneKey(place.lane)})`}
      onFocus={() => focus(spotKey)}
      onClick={() => {
        if (may) ask(place);
      }}
      className={cn(
        'flex h-10 w-full cursor-pointer items-center justify-center gap-1.5 rounded-xl border border-dashed border-line-strong bg-canvas text-xs text-ink-3 outline-none hover:border-accent hover:text-accent-ink focus-visible:border-accent focus-visible:text-accent-ink',
        wanted === true && 'border-accent bg-accent-soft text-accent-ink',
      )}
    >
      <Plus className="size-3.5" /> Add a step
    </button>
  );
}
