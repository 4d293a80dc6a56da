import { Timer } from 'lucide-react';
import { Badge } from '#web/kit/badge.tsx';
import { momentOf } from '#web/kit/time.tsx';
import { Tooltip } from '#web/kit/tooltip.tsx';
import { dueOf, untilOf, type Line } from './words.ts';

/** Which clock runs out next, and when. */
export function Due({ ticket }: { ticket: Line }) {
  const due = dueOf(ticket);
  if (due === null) return null;
  return (
    <Tooltip text={`${due.what} due ${momentOf(due.at)}. Only business hours count`}>
      <span>
        <Badge tone={due.tone}>
          <Timer aria-hidden className="size-3" /> {due.what} {untilOf(due.at)}
        </Badge>
      </span>
    </Tooltip>
  );
}
