import { countOf, words } from '#web/kit/format.ts';
import { leadStatuses, leadStatusLabel } from '#web/kit/lead-status.tsx';
import type { FilterKind, FilterValues } from '#web/kit/list/filters.tsx';
import { useRead } from '#web/kit/query.ts';
import { changeOf, customKinds, customValues, type CustomField } from '#web/kit/list/custom-filter.ts';
import type { LeadSearch } from './lead-search.ts';

const idle = (value: string) => `${countOf(Number(value), 'day')} or more`;

/** What the list can be narrowed by, and how that stands in the address. */
export function useLeadFilters(sources: readonly string[], fields: readonly CustomField[]) {
  const users = useRead('users.list', { limit: 200 });
  const tags = useRead('tags.list', {});
  const segments = useRead('segments.list', { limit: 200 });
  const organisations = useRead('organisations.list', { limit: 200 });
  const kinds: FilterKind[] = [
    { key: 'status', title: 'Status', choices: leadStatuses.map((status) => ({ value: status, label: leadStatusLabel(status) })) },
    { key: 'source', title: 'Source', choices: sources.map((source) => ({ value: source, label: words(source) })) },
    {
      key: 'owner',
      title: 'Owner',
      choices: [
        { value: 'me', label: 'Me' },
        { value: 'none', label: 'Nobody' },
        ...(users.data?.items ?? []).map((user) => ({ value: user.id, label: user.full_name || user.email })),
      ],
    },
    { key: 'tag', title: 'Tag', choices: (tags.data?.items ?? []).map((tag) => ({ value: tag.name, label: tag.name })) },
    { key: 'grade', title: 'Grade', choices: ['A', 'B', 'C', 'D'].map((grade) => ({ value: grade, label: grade })) },
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
    { key: 'idle', title: 'No word for', type: 'number', says: idle },
    { key: 'from', title: 'Added since', type: 'date' },
    { key: 'to', title: 'Added until', type: 'date' },
    ...customKinds(fields),
  ];
  return {
    kinds,
    valuesOf: (search: LeadSearch): FilterValues => ({ ...search, ...customValues(search.custom) }),
    change: (search: LeadSearch, key: string, value: string | undefined): LeadSearch => changeOf(search.custom, key, value),
  };
}
