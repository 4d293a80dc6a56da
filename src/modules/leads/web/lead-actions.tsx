import { useState } from 'react';
import type { Input } from '#web/kit/api.ts';
import { Dot } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { countOf } from '#web/kit/format.ts';
import { leadStatuses, leadStatusLabel, type LeadStatusName } from '#web/kit/lead-status.tsx';
import { useBulk } from '#web/kit/list/bulk.tsx';
import { ExportDialog } from '#web/kit/export-dialog.tsx';
import { EnrolChosen } from '#web/kit/list/enrol.tsx';
import { sayWhenCut } from '#web/kit/list/export-list.tsx';
import { useInlineSave } from '#web/kit/list/inline.tsx';
import { Menu, MenuItem, MenuLine } from '#web/kit/menu.tsx';
import { Picker } from '#web/kit/list/picker.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { useMay, useMe } from '#web/kit/session.ts';
import { nameOf, type Lead } from './lead-columns.tsx';
import type { LeadFilter } from './lead-search.ts';

type What = Input<'bulk.start'>;
export type Asked = 'status' | 'owner' | 'tag' | 'untag' | 'enrol' | 'list' | 'delete' | 'export';

/** Whom an action is about: one row, those chosen, or all that the filter finds. */
export type Target =
  | { kind: 'one'; lead: Lead }
  | { kind: 'some'; leads: readonly Lead[] }
  | { kind: 'all'; filter: LeadFilter; count: number; read: () => Promise<Lead[]> };

const rowsOf = (target: Target): Pick<What, 'lead_ids' | 'filter'> =>
  target.kind === 'all'
    ? { filter: target.filter }
    : { lead_ids: target.kind === 'one' ? [target.lead.id] : target.leads.map((lead) => lead.id) };
const sizeOf = (target: Target) => (target.kind === 'one' ? 1 : target.kind === 'some' ? target.leads.length : target.count);

/**
 * Everything one can do to leads of a list, however many: the pickers, the questions before, the undo after. `stale`: what else is
 * read anew when one row was changed; on a board that is the list, since the card goes to another lane.
 */
export function useLeadActions(onDone: () => void, stale: readonly string[]) {
  const me = useMe();
  const mayExport = useMay('manager');
  const [open, setOpen] = useState<{ asked: Asked; target: Target; of?: number } | null>(null);
  const bulk = useBulk(
    ['leads', 'people', 'system'],
    (change) => `${countOf(change.changed, 'lead')} changed${change.skipped === 0 ? '' : `, ${change.skipped} left as they are`}.`,
  );
  const save = useInlineSave<Lead>('leads.list', ['leads.counts', 'leads.count', 'people', 'system', ...stale]);
  const users = useRead('users.list', { limit: 200 }, { enabled: open?.asked === 'owner' });
  const tags = useRead('tags.list', {}, { enabled: open?.asked === 'tag' || open?.asked === 'untag' });
  const lists = useRead('segments.list', { limit: 200 }, { enabled: open?.asked === 'list' });
  const add = useAct('segments.add', {
    refresh: ['segments'],
    done: ({ added }) => `${countOf(added, 'person', 'people')} added.`,
    onDone,
  });
  const [exporting, setExporting] = useState<readonly string[] | null>(null);

  const many = (target: Target, what: Omit<What, 'lead_ids' | 'filter'>, title: string, warning?: string) => {
    setOpen(null);
    const ask = target.kind === 'all' || what.action === 'delete' || warning !== undefined;
    void bulk.start({ ...what, ...rowsOf(target) }, title, { ask, ...(warning === undefined ? {} : { warning }) });
    if (target.kind !== 'one') onDone();
  };
  const setStatus = (target: Target, status: LeadStatusName) => {
    const label = leadStatusLabel(status);
    const warning = status === 'unsubscribed' ? 'This withdraws their consent to marketing. An undo does not give that back.' : undefined;
    if (target.kind !== 'one' || warning !== undefined)
      return many(target, { action: 'set_status', status }, `Set ${countOf(sizeOf(target), 'lead')} to ${label}`, warning);
    setOpen(null);
    const { lead } = target;
    if (lead.status === status) return;
    void save(
      'leads.update',
      { lead_id: lead.id, status },
      lead,
      { status },
      {
        said: `${nameOf(lead)} is ${label.toLowerCase()}.`,
        undo: () => void save('leads.update', { lead_id: lead.id, status: lead.status }, lead, { status: lead.status }, { version: null }),
      },
    );
  };
  const assign = (target: Target, value: string) => {
    const owner = users.data?.items.find((user) => user.id === value);
    const ownerId = owner?.id ?? null;
    if (target.kind !== 'one')
      return many(
        target,
        { action: 'assign', owner_id: ownerId },
        `Give ${countOf(sizeOf(target), 'lead')} to ${owner?.full_name ?? 'nobody'}`,
      );
    setOpen(null);
    const shown = owner === undefined ? null : { id: owner.id, name: owner.full_name || owner.email };
    void save('leads.update', { lead_id: target.lead.id, owner_id: ownerId }, target.lead, { owner_id: ownerId, owner: shown });
  };
  /** Whose rows; of very many the first ones, and then it is said. */
  const idsOf = async (target: Target, done: string): Promise<string[]> => {
    if (target.kind !== 'all') return (target.kind === 'one' ? [target.lead] : target.leads).map((lead) => lead.person_id);
    const leads = await target.read();
    sayWhenCut(leads.length, target.count, done);
    return leads.map((lead) => lead.person_id);
  };

  const ask = (asked: Asked, target: Target) => {
    if (asked === 'delete')
      return many(target, { action: 'delete' }, `Delete ${countOf(sizeOf(target), 'lead')}`, 'The people and their timelines stay.');
    if (asked === 'export') return void idsOf(target, 'exported').then((ids) => setExporting([...new Set(ids)]));
    if (asked === 'enrol' && target.kind === 'all')
      return void target.read().then((leads) => setOpen({ asked, target: { kind: 'some', leads }, of: target.count }));
    setOpen({ asked, target });
  };

  const target = open?.target;
  const close = () => setOpen(null);
  const about = target === undefined ? '' : target.kind === 'one' ? nameOf(target.lead) : countOf(sizeOf(target), 'lead');
  const held = target?.kind === 'one' ? (target.lead.tags ?? []) : [];
  const dialogs = (
    <>
      {bulk.dialogs}
      {exporting === null ? null : (
        <ExportDialog
          open
          what="leads"
          filter={{ person_ids: [...exporting] }}
          rows={exporting.length}
          onClose={() => setExporting(null)}
        />
      )}
      {target === undefined ? null : open?.asked === 'status' ? (
        <Picker
          title={`Status of ${about}`}
          choices={leadStatuses.map((status) => ({
            value: status,
            label: leadStatusLabel(status),
            chosen: target.kind === 'one' && target.lead.status === status,
          }))}
          // The choices are the statuses.
          onPick={(value) => setStatus(target, value as LeadStatusName)}
          onClose={close}
        />
      ) : open?.asked === 'owner' ? (
        <Picker
          title={`Owner of ${about}`}
          choices={[
            { value: me.id, label: 'Me', hint: me.full_name },
            ...(users.data?.items ?? [])
              .filter((user) => user.id !== me.id)
              .map((user) => ({ value: user.id, label: user.full_name || user.email })),
            { value: 'none', label: 'Nobody' },
          ]}
          onPick={(value) => assign(target, value)}
          onClose={close}
        />
      ) : open?.asked === 'tag' || open?.asked === 'untag' ? (
        <Picker
          title={open.asked === 'tag' ? `Tag ${about}` : `Take a tag from ${about}`}
          choices={(tags.data?.items ?? []).map((tag) => ({
            value: tag.name,
            label: tag.name,
            icon: <Dot tone="accent" />,
            chosen: held.includes(tag.name),
          }))}
          empty="No tag yet. Type a name to make one."
          onPick={(name) => {
            const remove = open.asked === 'untag' || held.includes(name);
            many(
              target,
              { action: remove ? 'remove_tags' : 'add_tags', tags: [name] },
              `${remove ? 'Take' : 'Put'} “${name}” ${remove ? 'from' : 'on'} ${about}`,
            );
          }}
          {...(open.asked === 'tag'
            ? { onCreate: (name: string) => many(target, { action: 'add_tags', tags: [name] }, `Put “${name}” on ${about}`) }
            : {})}
          onClose={close}
        />
      ) : open?.asked === 'list' ? (
        <Picker
          title={`Add ${about} to a list`}
          choices={(lists.data?.items ?? []).filter((list) => list.kind === 'static').map((list) => ({ value: list.id, label: list.name }))}
          empty="There is no list kept by hand yet. Make one under Segments."
          onPick={(segmentId) => {
            close();
            void idsOf(target, 'added').then((person_ids) => add.mutate({ segment_id: segmentId, person_ids }));
          }}
          onClose={close}
        />
      ) : open?.asked === 'enrol' && target.kind !== 'all' ? (
        <EnrolChosen who={{ lead_ids: rowsOf(target).lead_ids ?? [] }} of={open.of} onClose={close} onDone={onDone} />
      ) : null}
    </>
  );
  return { ask, setStatus, save, dialogs, mayExport, busy: bulk.busy };
}

/** The buttons over chosen leads; what does not fit a thumb goes into the menu. */
export function ChosenActions({ onAsk, mayExport }: { onAsk: (asked: Asked) => void; mayExport: boolean }) {
  const more: [Asked, string][] = [
    ['untag', 'Take a tag off…'],
    ['list', 'Add to a list…'],
    ...(mayExport ? [['export', 'Export…'] satisfies [Asked, string]] : []),
  ];
  return (
    <>
      {(
        [
          ['status', 'Status'],
          ['owner', 'Owner'],
          ['tag', 'Tag'],
          ['enrol', 'Enrol'],
        ] as const
      ).map(([asked, label]) => (
        <Button key={asked} size="sm" onClick={() => onAsk(asked)}>
          {label}
        </Button>
      ))}
      <Menu trigger={<Button size="sm">More</Button>}>
        {more.map(([asked, label]) => (
          <MenuItem key={asked} onSelect={() => onAsk(asked)}>
            {label}
          </MenuItem>
        ))}
        <MenuLine />
        <MenuItem danger onSelect={() => onAsk('delete')}>
          Delete…
        </MenuItem>
      </Menu>
    </>
  );
}
