import { useRef } from 'react';
import { call, type Output } from '#web/kit/api.ts';
import { Select } from '#web/kit/field.tsx';
import { words } from '#web/kit/format.ts';
import { useKeys } from '#web/kit/keyboard.ts';
import { leadStatuses, leadStatusLabel, type LeadStatusName } from '#web/kit/lead-status.tsx';
import { Facts, Panel } from '#web/kit/panel.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { saveFields, useSavedChoice } from '#web/kit/saving.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { When } from '#web/kit/time.tsx';

/** What this person is to the company right now. */
export function LeadPanel({ leadId }: { leadId: string }) {
  const lead = useRead('leads.get', { lead_id: leadId });
  if (lead.isPending) {
    return (
      <Panel title="Lead">
        <SkeletonLines lines={2} />
      </Panel>
    );
  }
  return lead.data === undefined ? null : <Known lead={lead.data} />;
}

function Known({ lead }: { lead: Output<'leads.get'> }) {
  const select = useRef<HTMLSelectElement>(null);
  useKeys({ s: () => select.current?.focus() });
  const change = useAct('leads.update', {
    refresh: ['leads', 'people', 'runs', 'messages', 'interactions'],
    quiet: true,
    done: (saved) => `Status is now ${leadStatusLabel(saved.status).toLowerCase()}.`,
  });
  const [shown, choose] = useSavedChoice(lead, lead.status, (status, before) =>
    saveFields(
      before.updated_at,
      (version) => change.mutateAsync({ lead_id: lead.id, status, if_match: version }),
      () => call('leads.get', { lead_id: lead.id }),
      (now) => now.status === before.value,
    ),
  );
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
