import type { Input } from '#web/kit/api.ts';
import type { ExportFilter } from '#web/kit/export-dialog.tsx';
import { customEntries, customKinds, type CustomField } from '#web/kit/list/custom-filter.ts';
import type { FilterKind } from '#web/kit/list/filters.tsx';
import { usePersonFilters } from '#web/kit/list/person-filters.ts';

export type PeopleFilter = Input<'people.count'>;
/** What of the page stands in its address; see the router. */
type PeopleSearch = { [Key in 'q' | 'owner' | 'organisation' | 'segment' | 'tag' | 'opted' | 'custom']?: string | undefined };

/** The filters of the address as the server takes them. */
export function filterOf({ q, owner, organisation, segment, tag, opted, custom }: PeopleSearch): PeopleFilter {
  return {
    ...(q === undefined ? {} : { q }),
    ...(owner === undefined ? {} : { owner_id: owner }),
    ...(organisation === undefined ? {} : { organisation_id: organisation }),
    ...(segment === undefined ? {} : { segment_id: segment }),
    ...(tag === undefined ? {} : { tag_ids: [tag] }),
    ...(opted === 'yes' || opted === 'no' ? { opted_out: opted === 'yes' } : {}),
    ...(custom === undefined ? {} : { custom: customEntries(custom).map(([key, value]) => `${key}:${value}`) }),
  };
}

/** The same for an export; null where that knows less than the list. */
export function exportFilterOf({ q, segment_id: segment, ...others }: PeopleFilter): ExportFilter | null {
  if (Object.keys(others).length > 0) return null;
  return { ...(q === undefined ? {} : { q }), ...(segment === undefined ? {} : { segment_id: segment }) };
}

/** What the list can be narrowed by. */
export function usePeopleFilters(fields: readonly CustomField[]) {
  const { owner, tag, rest, ownerOf } = usePersonFilters('id');
  const kinds: FilterKind[] = [owner, tag, ...rest, ...customKinds(fields)];
  return { kinds, ownerOf };
}
