import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Item } from '#web/kit/api.ts';
import { Badge } from '#web/kit/badge.tsx';
import { words } from '#web/kit/format.ts';
import { Grade } from '#web/kit/grade.tsx';
import { LeadStatus } from '#web/kit/lead-status.tsx';
import type { ChoosableColumn } from '#web/kit/list/columns.tsx';
import type { CustomField } from '#web/kit/list/custom-filter.ts';
import { PersonCell, TypedCell, type TypedCells } from '#web/kit/list/person-cells.tsx';
import { When } from '#web/kit/time.tsx';

export type Lead = Item<'leads.list'>;
export type Pick = 'status' | 'owner' | 'tag';

export function nameOf(lead: Lead): string {
  return lead.name || lead.email || 'Unnamed';
}

export interface CellActions extends TypedCells<Lead> {
  pick: (what: Pick, lead: Lead) => void;
}

/** A cell whose value is picked, not typed. */
function Pickable({ label, onPick, children }: { label: string; onPick: () => void; children: ReactNode }) {
  return (
    <button
      type="button"
      aria-label={label}
      tabIndex={-1}
      onClick={onPick}
      className="-mx-1.5 flex h-7 max-w-full min-w-0 items-center gap-1 truncate rounded-sm px-1.5 text-left hover:bg-hover"
    >
      {children}
    </button>
  );
}

export function Tags({ names }: { names: readonly string[] | undefined }) {
  if (names === undefined || names.length === 0) return <span className="text-ink-3">–</span>;
  return (
    // Where there is no room for all of them the last one fades, instead of being cut.
    <span
      title={names.join(', ')}
      className="flex min-w-0 flex-1 gap-1 overflow-hidden [mask-image:linear-gradient(to_right,black_calc(100%-1rem),transparent)]"
    >
      {names.slice(0, 3).map((name) => (
        <Badge key={name}>{name}</Badge>
      ))}
      {names.length > 3 ? <span className="text-xs text-ink-3">+{names.length - 3}</span> : null}
    </span>
  );
}

const dash = <span className="text-ink-3">–</span>;

/** All that the list can show; `e` goes through the cells that are typed into, in this order. */
export function leadColumns(actions: CellActions, custom: readonly CustomField[]): ChoosableColumn<Lead>[] {
  const text = (lead: Lead, column: string, label: string, value: string, shown: ReactNode, type?: 'text' | 'number' | 'date' | 'url') => (
    <TypedCell
      cells={actions}
      row={lead}
      of={nameOf(lead)}
      {...{ column, label, value, shown }}
      {...(type === undefined ? {} : { type })}
    />
  );
  return [
    {
      key: 'name',
      title: 'Name',
      header: 'Name',
      width: 230,
      always: true,
      sort: 'name',
      cell: (lead) => text(lead, 'name', 'Name', lead.name, <PersonCell personId={lead.person_id} name={nameOf(lead)} />),
    },
    {
      key: 'email',
      title: 'Email',
      header: 'Email',
      width: 225,
      shown: true,
      className: 'text-ink-2',
      cell: (lead) => lead.email ?? lead.phone ?? dash,
    },
    { key: 'phone', title: 'Phone', header: 'Phone', width: 140, className: 'text-ink-2', cell: (lead) => lead.phone ?? dash },
    {
      key: 'status',
      title: 'Status',
      header: 'Status',
      width: 130,
      shown: true,
      sort: 'status',
      cell: (lead) => (
        <Pickable label={`Status of ${nameOf(lead)}: ${lead.status}`} onPick={() => actions.pick('status', lead)}>
          <LeadStatus status={lead.status} />
        </Pickable>
      ),
    },
    {
      key: 'score',
      title: 'Score',
      header: 'Score',
      width: 90,
      shown: true,
      sort: 'score',
      sortDown: true,
      className: 'hidden lg:table-cell',
      cell: (lead) =>
        lead.score === null || lead.score === undefined ? dash : <Grade grade={lead.score.grade} score={lead.score.score} />,
    },
    {
      key: 'owner',
      title: 'Owner',
      header: 'Owner',
      width: 155,
      shown: true,
      className: 'hidden lg:table-cell',
      cell: (lead) => (
        <Pickable label={`Owner of ${nameOf(lead)}`} onPick={() => actions.pick('owner', lead)}>
          <span className="truncate">{lead.owner?.name ?? dash}</span>
        </Pickable>
      ),
    },
    {
      key: 'tags',
      title: 'Tags',
      header: 'Tags',
      width: 130,
      shown: true,
      className: 'hidden lg:table-cell',
      cell: (lead) => (
        <Pickable label={`Tags of ${nameOf(lead)}`} onPick={() => actions.pick('tag', lead)}>
          <Tags names={lead.tags} />
        </Pickable>
      ),
    },
    {
      key: 'organisation',
      title: 'Organisation',
      header: 'Organisation',
      width: 150,
      className: 'text-ink-2',
      cell: (lead) => lead.organisation?.name ?? dash,
    },
    {
      key: 'source',
      title: 'Source',
      header: 'Source',
      width: 120,
      shown: true,
      className: 'hidden md:table-cell text-ink-2',
      cell: (lead) => text(lead, 'source', 'Source', lead.source ?? '', lead.source === null ? dash : words(lead.source)),
    },
    {
      key: 'last_touch',
      title: 'Last touch',
      header: 'Last touch',
      width: 110,
      sort: 'last_touch_at',
      sortDown: true,
      cell: (lead) => (lead.last_touch_at === null || lead.last_touch_at === undefined ? dash : <When at={lead.last_touch_at} />),
    },
    {
      key: 'created',
      title: 'Added',
      header: 'Added',
      width: 105,
      shown: true,
      sort: 'created_at',
      sortDown: true,
      className: 'hidden lg:table-cell',
      cell: (lead) => <When at={lead.created_at} />,
    },
    {
      key: 'updated',
      title: 'Changed',
      header: 'Changed',
      width: 100,
      sort: 'updated_at',
      sortDown: true,
      cell: (lead) => <When at={lead.updated_at} />,
    },
    {
      key: 'opted',
      title: 'Opted out',
      header: 'Opted out',
      width: 90,
      cell: (lead) => (lead.opted_out ? <Badge tone="bad">Opted out</Badge> : dash),
    },
    ...custom.map((field): ChoosableColumn<Lead> => {
      const type = field.type === 'number' || field.type === 'date' || field.type === 'url' ? field.type : 'text';
      return {
        key: `custom.${field.key}`,
        title: field.label,
        header: field.label,
        width: 130,
        className: 'text-ink-2',
        cell: (lead) => {
          const value = lead.custom?.[field.key];
          const shown = value === undefined || value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
          return text(lead, `custom.${field.key}`, field.label, shown, shown === '' ? dash : shown, type);
        },
      };
    }),
  ];
}

/** A lead below 640 px. */
export function LeadCard({ lead }: { lead: Lead }) {
  return (
    <div className="space-y-0.5">
      <div className="flex items-center justify-between gap-3">
        <Link to="/people/$personId" params={{ personId: lead.person_id }} className="min-w-0 truncate font-medium">
          {nameOf(lead)}
        </Link>
        <span className="text-xs text-ink-2">
          <LeadStatus status={lead.status} />
        </span>
      </div>
      <div className="flex items-center justify-between gap-3 text-xs text-ink-3">
        <span className="truncate">{lead.email ?? lead.phone ?? 'No address'}</span>
        <When at={lead.last_touch_at ?? lead.created_at} />
      </div>
      <div className="flex items-center gap-1 overflow-hidden text-xs text-ink-3">
        {(lead.tags ?? []).length > 0 ? <Tags names={lead.tags} /> : lead.source === null ? null : words(lead.source)}
      </div>
    </div>
  );
}
