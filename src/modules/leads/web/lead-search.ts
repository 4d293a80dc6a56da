import type { Input } from '#web/kit/api.ts';
import type { ExportFilter } from '#web/kit/export-dialog.tsx';
import { isLeadStatus } from '#web/kit/lead-status.tsx';

/** What of the page stands in its address. */
export const leadSearchKeys = [
  'status',
  'source',
  'owner',
  'tag',
  'segment',
  'grade',
  'organisation',
  'opted',
  'from',
  'to',
  'idle',
  'custom',
  'q',
  'sort',
  'layout',
  'view',
  'add',
] as const;
export type LeadSearch = { [Key in (typeof leadSearchKeys)[number]]?: string | undefined };

/** Without what is of the moment: what a saved view keeps. */
export function keptOf({ view: _view, add: _add, ...search }: LeadSearch): Record<string, string> {
  return Object.fromEntries(Object.entries(search).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

export const leadSorts = [
  '-created_at',
  'created_at',
  '-updated_at',
  'updated_at',
  'name',
  '-name',
  'status',
  '-status',
  '-last_touch_at',
  'last_touch_at',
  '-score',
  'score',
] as const;

export type LeadFilter = Input<'leads.counts'>;

/** The filters of the address as the server takes them. Days are the reader's own, midnight to midnight. */
export function filterOf(search: LeadSearch, me: string): LeadFilter {
  const { status, source, owner, tag, segment, grade, organisation, opted, from, to, idle, custom, q } = search;
  const owned = owner === 'none' ? { unowned: true } : owner === undefined ? {} : { owner_id: owner === 'me' ? me : owner };
  return {
    ...(isLeadStatus(status) ? { status } : {}),
    ...(source === undefined ? {} : { source }),
    ...owned,
    ...(tag === undefined ? {} : { tag }),
    ...(segment === undefined ? {} : { segment_id: segment }),
    ...(grade === 'A' || grade === 'B' || grade === 'C' || grade === 'D' ? { grade } : {}),
    ...(organisation === undefined ? {} : { organisation_id: organisation }),
    ...(opted === 'yes' || opted === 'no' ? { opted_out: opted === 'yes' } : {}),
    ...(from === undefined ? {} : { created_from: dayOf(from, 0) }),
    ...(to === undefined ? {} : { created_to: dayOf(to, 1) }),
    ...(idle === undefined || !/^\d{1,5}$/.test(idle) ? {} : { idle_days: Number(idle) }),
    ...(custom === undefined ? {} : { custom: JSON.stringify(Object.fromEntries(new URLSearchParams(custom))) }),
    ...(q === undefined || q.trim() === '' ? {} : { q: q.trim() }),
  };
}

/** The same for an export; null where that knows less than the list. */
export function exportFilterOf({ status, source, q, segment_id: segment, ...others }: LeadFilter): ExportFilter | null {
  if (Object.keys(others).length > 0) return null;
  return {
    ...(status === undefined ? {} : { status }),
    ...(source === undefined ? {} : { source }),
    ...(q === undefined ? {} : { q }),
    ...(segment === undefined ? {} : { segment_id: segment }),
  };
}

function dayOf(day: string, later: number): string {
  const date = new Date(`${day}T00:00:00`);
  if (Number.isNaN(date.getTime())) return new Date(0).toISOString();
  date.setDate(date.getDate() + later);
  return date.toISOString();
}
