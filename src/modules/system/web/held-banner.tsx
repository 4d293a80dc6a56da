import { Link } from '@tanstack/react-router';
import { Hand } from 'lucide-react';
import { useRead } from '#web/kit/query.ts';

/** On every page while nothing may leave. */
export function HeldBanner() {
  const hold = useRead('system.hold.get', {}, { everyMs: 60_000 });
  if (hold.data?.held !== true) return null;
  return (
    <div role="status" className="flex flex-wrap items-center justify-center gap-x-3 gap-y-1 bg-warn-soft px-4 py-1.5 text-xs text-warn">
      <span className="flex items-center gap-2 font-medium">
        <Hand aria-hidden className="size-3.5 shrink-0" /> Held: nothing leaves and nothing fires.
      </span>
      <Link to="/settings/held" className="font-medium underline underline-offset-2">
        See why, and what would fire
      </Link>
    </div>
  );
}
