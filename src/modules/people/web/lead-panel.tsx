import { useRef, useState } from 'react';
import { toast } from 'sonner';
import { Select } from '#web/kit/field.tsx';
import { words } from '#web/kit/format.ts';
import { useKeys } from '#web/kit/keyboard.ts';
import { leadStatuses, leadStatusLabel, type LeadStatusName } from '#web/kit/lead-status.tsx';
import { Facts, Panel } from '#web/kit/panel.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { When } from '#web/kit/time.tsx';

/** What this person is to the company right now. */
export function LeadPanel({ leadId }: { leadId: string }) {
  const current = useRead('leads.get', { lead_id: leadId });
  const select = useRef<HTMLSelectElement>(null);
  const change = useAct('leads.update', {
    refresh: ['leads', 'people', 'runs', 'messages', 'interactions'],
    quiet: true,
    done: (lead) => `Status is now ${leadStatusLabel(lead.status).toLowerCase()}.`,
  });
  // Chosen while the one before is being saved: goes with the version that one gets, the last choice only.
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
  /** `before` is the status that this version has. */
  const save = (status: LeadStatusName, version: string, before: LeadStatusName, again = false) => {
    saving.current = true;
    change.mutate(
      { lead_id: lead.id, status, if_match: version },
      {
        onSuccess: (saved) => {
          saving.current = false;
          const wanted = next.current;
          next.current = null;
          setChosen(null);
          if (wanted !== null && wanted !== saved.status) save(wanted, saved.updated_at, saved.status);
        },
        onError: async (error) => {
          const wanted = next.current ?? status;
          // Something else of the lead changed meanwhile (a note, its score): the choice still stands, unless the status itself is another.
          const now = error.status === 412 && !again ? (await current.refetch()).data : undefined;
          if (now !== undefined && now.status === before) return save(wanted, now.updated_at, before, true);
          saving.current = false;
          next.current = null;
          setChosen(null);
          toast.error(error.message);
        },
      },
    );
  };
  const choose = (status: LeadStatusName) => {
    if (saving.current) {
      next.current = status;
      setChosen(status);
    } else {
      // The answer of the last save may be newer than what was read.
      const saved = change.data?.id === lead.id && change.data.updated_at > lead.updated_at ? change.data : lead;
      save(status, saved.updated_at, saved.status);
    }
  };
  const shown =
    chosen ?? (change.isPending || (change.isSuccess && current.isFetching) ? (change.variables.status ?? lead.status) : lead.status);
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
