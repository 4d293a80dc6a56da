import type { Input } from '#web/kit/api.ts';
import type { ExportFilter } from '#web/kit/export-dialog.tsx';
import { customEntries, customKinds, type CustomField } from '#web/kit/list/custom-filter.ts';
import type { FilterKind } from '#web/kit/list/filters.tsx';
import { useRead } from '#web/kit/query.ts';

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
  const users = useRead('users.list', { limit: 200 });
  const tags = useRead('tags.list', {});
  const segments = useRead('segments.list', { limit: 200 });
  const organisations = useRead('organisations.list', { limit: 200 });
  const kinds: FilterKind[] = [
    {
      key: 'owner',
      title: 'Owner',
      choices: (users.data?.items ?? []).map((user) => ({ value: user.id, label: user.full_name || user.email })),
    },
    { key: 'tag', title: 'Tag', choices: (tags.data?.items ?? []).map((tag) => ({ value: tag.id, label: tag.name })) },
    {
      key: 'segment',
      title: 'Segment',
      choices: (segments.data?.items ?? []).map((segment) => ({ value: segment.id, label: segment.name })),
    },
    {
      key: 'organisation',
      title: 'Organisation',
      choices: (organisations.data?.items ?? []).map((one) => ({ value: one.id, label: one.name })),
    },
    {
      key: 'opted',
      title: 'Opted out',
      choices: [
        { value: 'yes', label: 'Yes' },
        { value: 'no', label: 'No' },
      ],
    },
    ...customKinds(fields),
  ];
  const ownerOf = (id: string | null): string | undefined => {
    const owner = users.data?.items.find((user) => user.id === id);
    return owner === undefined ? undefined : owner.full_name || owner.email;
  };
  return { kinds, ownerOf };
}
