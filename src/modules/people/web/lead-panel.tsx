import { useRef, useState } from 'react';
import { toast } from 'sonner';
import { ApiError, call } from '#web/kit/api.ts';
import { Select } from '#web/kit/field.tsx';
import { words } from '#web/kit/format.ts';
import { useKeys } from '#web/kit/keyboard.ts';
import { leadStatuses, leadStatusLabel, type LeadStatusName } from '#web/kit/lead-status.tsx';
import { Facts, Panel } from '#web/kit/panel.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { When } from '#web/kit/time.tsx';

/** Other changes of the same lead that one choice outlives. */
const MOST_REFUSED = 5;

/** What this person is to the company right now. */
export function LeadPanel({ leadId }: { leadId: string }) {
  const current = useRead('leads.get', { lead_id: leadId });
  const select = useRef<HTMLSelectElement>(null);
  const change = useAct('leads.update', {
    refresh: ['leads', 'people', 'runs', 'messages', 'interactions'],
    quiet: true,
    done: (lead) => `Status is now ${leadStatusLabel(lead.status).toLowerCase()}.`,
  });
  /** Chosen and not yet saved; the last choice only. */
  const next = useRef<LeadStatusName | null>(null);
  // Known at once: a second choice may come before the first one is drawn.
  const saving = useRef(false);
  const [chosen, setChosen] = useState<LeadStatusName | null>(null);
  useKeys({ s: () => select.current?.focus() });
  if (current.isPending) {
    return (
      <Panel title="Lead">
        <SkeletonLines lines={2} />
      </Panel>
    );
  }
  const lead = current.data;
  if (lead === undefined) return null;
  /**
   * Saves what was chosen, and what is chosen meanwhile. Something else of the lead may change at the same time (a note, its
   * score): the choice still stands then, as long as the status is the one that was on the screen.
   */
  const save = async () => {
    saving.current = true;
    // The answer of the last save may be newer than what was read.
    let known = change.data?.id === lead.id && change.data.updated_at > lead.updated_at ? change.data : lead;
    let refused = 0;
    try {
      while (next.current !== null) {
        const status = next.current;
        next.current = null;
        try {
          if (status !== known.status) known = await change.mutateAsync({ lead_id: lead.id, status, if_match: known.updated_at });
        } catch (error) {
          if (!(error instanceof ApiError) || error.status !== 412 || ++refused > MOST_REFUSED) throw error;
          // From the server itself: what the page last read may be older than the version that was refused.
          const now = await call('leads.get', { lead_id: lead.id });
          if (now.status !== known.status) throw error;
          known = now;
          next.current ??= status;
        }
      }
    } catch (error) {
      next.current = null;
      toast.error(error instanceof Error ? error.message : String(error));
    } finally {
      saving.current = false;
      setChosen(null);
    }
  };
  const choose = (status: LeadStatusName) => {
    next.current = status;
    setChosen(status);
    if (!saving.current) void save();
  };
  const shown = chosen ?? (change.isSuccess && current.isFetching ? change.data.status : lead.status);
  return (
    <Panel title="Lead" aside={null}>
      <Select
        ref={select}
        aria-label="Status of the lead"
        // Not disabled meanwhile: the focus would go, and the rest of a typed word would be taken for shortcuts.
        value={shown}
        // The options are the statuses.
        onChange={(event) => choose(event.target.value as LeadStatusName)}
      >
        {leadStatuses.map((status) => (
          <option key={status} value={status}>
            {leadStatusLabel(status)}
          </option>
        ))}
      </Select>
      <Facts
        className="mt-3"
        rows={[
          ['Source', lead.source === null ? '–' : words(lead.source)],
          ['Added', <When key="w" at={lead.created_at} exact />],
          ...(lead.notes === null || lead.notes === ''
            ? []
            : ([
                [
                  'Notes',
                  <span key="n" className="whitespace-pre-wrap">
                    {lead.notes}
                  </span>,
                ],
              ] as const)),
        ]}
      />
    </Panel>
  );
}
