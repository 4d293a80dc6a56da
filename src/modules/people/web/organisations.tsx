import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Building2 } from 'lucide-react';
import type { Item } from '#web/kit/api.ts';
import { Avatar } from '#web/kit/avatar.tsx';
import { countOf } from '#web/kit/format.ts';
import { SearchBox } from '#web/kit/list/search-box.tsx';
import { Page } from '#web/kit/page.tsx';
import { useList, useRead } from '#web/kit/query.ts';
import { SkeletonRows } from '#web/kit/skeleton.tsx';
import { Empty, Failure } from '#web/kit/states.tsx';
import { DataTable, type Column } from '#web/kit/table.tsx';
import { When } from '#web/kit/time.tsx';

type Organisation = Item<'organisations.list'>;
type Person = Item<'people.list'>;

const columns: Column<Organisation>[] = [
  {
    key: 'name',
    header: 'Name',
    cell: (one) => (
      <Link to="/organisations/$organisationId" params={{ organisationId: one.id }} className="font-medium hover:underline">
        {one.name}
      </Link>
    ),
  },
  { key: 'domain', header: 'Domain', className: 'hidden sm:table-cell text-ink-2', cell: (one) => one.domain ?? '–' },
  { key: 'people', header: 'People', className: 'w-24 num', cell: (one) => one.people },
  { key: 'created', header: 'Added', className: 'hidden sm:table-cell w-28', cell: (one) => <When at={one.created_at} /> },
];

/** The firms that people work for. */
export function OrganisationsPage() {
  const { q } = useSearch({ from: '/shell/organisations' });
  const navigate = useNavigate({ from: '/organisations' });
  const list = useList('organisations.list', { limit: 100, ...(q === undefined ? {} : { q }) });
  return (
    <Page title="Organisations" lead="The firms that your people work for.">
      <div className="mb-3 flex">
        <SearchBox
          label="Search organisations"
          value={q ?? ''}
          onChange={(next) => void navigate({ search: { q: next }, replace: true })}
        />
      </div>
      {list.error !== null && list.rows.length === 0 ? (
        <Failure what="The organisations could not be loaded." error={list.error} retry={() => void list.refetch()} />
      ) : list.isPending ? (
        <SkeletonRows />
      ) : list.rows.length === 0 ? (
        <div className="rounded-xl border bg-panel">
          <Empty icon={<Building2 />} title={q === undefined ? 'No organisation yet' : 'No organisation by that name.'}>
            An organisation comes with an import that has a column for it, or is set on a person's page.
          </Empty>
        </div>
      ) : (
        <DataTable
          label="Organisations"
          rows={list.rows}
          columns={columns}
          rowKey={(one) => one.id}
          onOpen={(one) => void navigate({ to: '/organisations/$organisationId', params: { organisationId: one.id } })}
          more={list.hasNextPage}
          onMore={() => {
            if (!list.isFetchingNextPage) void list.fetchNextPage();
          }}
        />
      )}
    </Page>
  );
}

const staff: Column<Person>[] = [
  {
    key: 'name',
    header: 'Name',
    cell: (person) => (
      <span className="flex items-center gap-3">
        <Avatar name={person.full_name || (person.email ?? '')} size="sm" />
        <Link to="/people/$personId" params={{ personId: person.id }} className="truncate font-medium hover:underline">
          {person.full_name || (person.email ?? 'Unnamed')}
        </Link>
      </span>
    ),
  },
  { key: 'email', header: 'Email', className: 'hidden sm:table-cell text-ink-2', cell: (person) => person.email ?? '–' },
  { key: 'created', header: 'Added', className: 'w-28', cell: (person) => <When at={person.created_at} /> },
];

/** One firm and who of it is known. */
export function OrganisationPage() {
  const { organisationId } = useParams({ from: '/shell/organisations/$organisationId' });
  const navigate = useNavigate();
  const one = useRead('organisations.get', { organisation_id: organisationId });
  const people = useList('people.list', { organisation_id: organisationId, sort: 'name', limit: 100 });
  if (one.error !== null && one.data === undefined)
    return <Failure what="The organisation could not be loaded." error={one.error} retry={() => void one.refetch()} />;
  return (
    <Page
      title={one.data?.name ?? 'Organisation'}
      back={{ to: '/organisations', label: 'Organisations' }}
      lead={
        one.data === undefined ? 'Loading…' : [one.data.domain, countOf(one.data.people, 'person', 'people')].filter(Boolean).join(' · ')
      }
    >
      {people.isPending ? (
        <SkeletonRows />
      ) : people.error !== null && people.rows.length === 0 ? (
        <Failure what="Its people could not be loaded." error={people.error} retry={() => void people.refetch()} />
      ) : people.rows.length === 0 ? (
        <Empty icon={<Building2 />} title="Nobody belongs to it.">
          Set it on a person's page.
        </Empty>
      ) : (
        <DataTable
          label="People of the organisation"
          rows={people.rows}
          columns={staff}
          rowKey={(person) => person.id}
          onOpen={(person) => void navigate({ to: '/people/$personId', params: { personId: person.id } })}
          more={people.hasNextPage}
          onMore={() => {
            if (!people.isFetchingNextPage) void people.fetchNextPage();
          }}
        />
      )}
    </Page>
  );
}
