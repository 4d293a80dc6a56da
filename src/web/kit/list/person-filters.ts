import { useRead } from '../query.ts';
import type { FilterKind } from './filters.tsx';

/** What lists of people, and of leads, can be narrowed by alike. A tag stands in the address by its id, or by its name. */
export function usePersonFilters(tagBy: 'id' | 'name') {
  const users = useRead('users.list', { limit: 200 }).data?.items ?? [];
  const tags = useRead('tags.list', {}).data?.items ?? [];
  const segments = useRead('segments.list', { limit: 200 }).data?.items ?? [];
  const organisations = useRead('organisations.list', { limit: 200 }).data?.items ?? [];
  const called = (user: (typeof users)[number]) => user.full_name || user.email;
  return {
    owner: { key: 'owner', title: 'Owner', choices: users.map((user) => ({ value: user.id, label: called(user) })) },
    tag: { key: 'tag', title: 'Tag', choices: tags.map((tag) => ({ value: tag[tagBy], label: tag.name })) },
    rest: [
      { key: 'segment', title: 'Segment', choices: segments.map((segment) => ({ value: segment.id, label: segment.name })) },
      { key: 'organisation', title: 'Organisation', choices: organisations.map((one) => ({ value: one.id, label: one.name })) },
      {
        key: 'opted',
        title: 'Opted out',
        choices: [
          { value: 'yes', label: 'Yes' },
          { value: 'no', label: 'No' },
        ],
      },
    ] satisfies FilterKind[],
    ownerOf(id: string | null): string | undefined {
      const owner = users.find((user) => user.id === id);
      return owner === undefined ? undefined : called(owner);
    },
  };
}
