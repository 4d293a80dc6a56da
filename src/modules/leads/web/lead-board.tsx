import { Avatar } from '#web/kit/avatar.tsx';
import { isLeadStatus, leadStatuses, leadStatusLabel, type LeadStatusName } from '#web/kit/lead-status.tsx';
import { Board, type BoardColumn } from '#web/kit/list/board.tsx';
import { useRows } from '#web/kit/list/rows.ts';
import { When } from '#web/kit/time.tsx';
import type { Asked } from './lead-actions.tsx';
import { nameOf, Tags, type Lead } from './lead-columns.tsx';
import type { LeadFilter } from './lead-search.ts';

/** Leads by status, latest change on top; a lane reads only what is in view. */
export function LeadBoard({
  filter,
  by,
  onOpen,
  onMove,
  onAsk,
}: {
  filter: LeadFilter;
  by: Readonly<Record<string, number>> | undefined;
  onOpen: (lead: Lead) => void;
  onMove: (lead: Lead, to: LeadStatusName) => void;
  onAsk: (asked: Asked, lead: Lead) => void;
}) {
  const lanes: BoardColumn<Lead>[] = leadStatuses.map((status) => {
    const count = by?.[status];
    // oxlint-disable-next-line react-hooks/rules-of-hooks -- one hook a status, and their number never changes
    const source = useRows('leads.list', { ...filter, status, sort: '-updated_at', fields: ['tags', 'last_touch_at'] }, count);
    return { key: status, title: leadStatusLabel(status), count, source };
  });
  const wanted = filter.status;
  return (
    <Board
      label="Leads by status"
      columns={wanted === undefined ? lanes : lanes.filter((lane) => lane.key === wanted)}
      rowKey={(lead) => lead.id}
      nameOf={nameOf}
      onOpen={onOpen}
      onMove={(lead, to) => {
        if (isLeadStatus(to)) onMove(lead, to);
      }}
      cardKeys={{ s: (lead) => onAsk('status', lead), a: (lead) => onAsk('owner', lead), l: (lead) => onAsk('tag', lead) }}
      cardHeight={88}
      card={(lead) => (
        <div className="space-y-1">
          <div className="flex items-center gap-2">
            <Avatar name={nameOf(lead)} size="sm" />
            <span className="min-w-0 flex-1 truncate text-sm font-medium">{nameOf(lead)}</span>
          </div>
          <div className="flex justify-between gap-2 text-xs text-ink-3">
            <span className="truncate">{lead.email ?? lead.phone}</span>
            <When at={lead.last_touch_at ?? lead.created_at} />
          </div>
          {(lead.tags ?? []).length === 0 ? null : (
            <div className="flex gap-1 overflow-hidden text-xs">
              <Tags names={lead.tags} />
            </div>
          )}
        </div>
      )}
    />
  );
}
