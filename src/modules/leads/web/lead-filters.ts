import { countOf, words } from '#web/kit/format.ts';
import { leadStatuses, leadStatusLabel } from '#web/kit/lead-status.tsx';
import type { FilterKind, FilterValues } from '#web/kit/list/filters.tsx';
import { usePersonFilters } from '#web/kit/list/person-filters.ts';
import { changeOf, customKinds, customValues, type CustomField } from '#web/kit/list/custom-filter.ts';
import type { LeadSearch } from './lead-search.ts';

const idle = (value: string) => `${countOf(Number(value), 'day')} or more`;

/** What the list can be narrowed by, and how that stands in the address. */
export function useLeadFilters(sources: readonly string[], fields: readonly CustomField[]) {
  const { owner, tag, rest } = usePersonFilters('name');
  const kinds: FilterKind[] = [
    { key: 'status', title: 'Status', choices: leadStatuses.map((status) => ({ value: status, label: leadStatusLabel(status) })) },
    { key: 'source', title: 'Source', choices: sources.map((source) => ({ value: source, label: words(source) })) },
    { ...owner, choices: [{ value: 'me', label: 'Me' }, { value: 'none', label: 'Nobody' }, ...owner.choices] },
    tag,
    { key: 'grade', title: 'Grade', choices: ['A', 'B', 'C', 'D'].map((grade) => ({ value: grade, label: grade })) },
    ...rest,
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
