import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Search, Users } from 'lucide-react';
import { useState } from 'react';
import type { Input, Item } from '#web/kit/api.ts';
import { Avatar } from '#web/kit/avatar.tsx';
import { Badge } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { countOf } from '#web/kit/format.ts';
import { useKeys } from '#web/kit/keyboard.ts';
import { BulkBar, useBulk } from '#web/kit/list/bulk.tsx';
import { useColumnChoice } from '#web/kit/list/column-choice.ts';
import { ColumnChooser, shownColumns, type ChoosableColumn } from '#web/kit/list/columns.tsx';
import { EnrolChosen } from '#web/kit/list/enrol.tsx';
import { FilterChips, type FilterKind } from '#web/kit/list/filters.tsx';
import { Picker } from '#web/kit/list/picker.tsx';
import { useRows } from '#web/kit/list/rows.ts';
import { SavedViews } from '#web/kit/list/saved-views.tsx';
import { SearchBox } from '#web/kit/list/search-box.tsx';
import { Page } from '#web/kit/page.tsx';
import { useRead } from '#web/kit/query.ts';
import { SkeletonRows } from '#web/kit/skeleton.tsx';
import { Empty, Failure } from '#web/kit/states.tsx';
import { DataTable } from '#web/kit/table.tsx';
import { When } from '#web/kit/time.tsx';

type Person = Item<'people.list'>;
type Filter = Omit<Input<'people.list'>, 'limit' | 'cursor' | 'skip' | 'fields'>;

const sorts = ['-created_at', 'created_at', '-updated_at', 'updated_at', 'name', '-name'] as const;
const dash = <span className="text-ink-3">–</span>;
const nameOf = (person: Person) => person.full_name || person.email || person.phone || 'Unnamed';

/** Everybody the company knows, leads and others. */
export function PeoplePage() {
  const search = useSearch({ from: '/shell/people' });
  const navigate = useNavigate({ from: '/people' });
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [asked, setAsked] = useState<{ what: 'owner' | 'tag' | 'enrol'; ids: readonly string[]; name: string } | null>(null);
  const none = () => setChosen(new Set());
  const set = (next: Partial<typeof search>) => {
    none();
    void navigate({ search: (old) => ({ ...old, ...next }), replace: true });
  };
  const filter: Filter = {
    ...(search.q === undefined ? {} : { q: search.q }),
    ...(search.owner === undefined ? {} : { owner_id: search.owner }),
    ...(search.organisation === undefined ? {} : { organisation_id: search.organisation }),
    ...(search.tag === undefined ? {} : { tag_ids: [search.tag] }),
    ...(search.opted === 'yes' || search.opted === 'no' ? { opted_out: search.opted === 'yes' } : {}),
  };
  const sort = sorts.find((one) => one === search.sort) ?? '-created_at';
  const rows = useRows('people.list', { ...filter, sort }, undefined);
  const users = useRead('users.list', { limit: 200 });
  const tags = useRead('tags.list', {});
  const organisations = useRead('organisations.list', { limit: 200 });
  const ownerOf = (id: string | null) => {
    const owner = users.data?.items.find((user) => user.id === id);
    return owner === undefined ? dash : owner.full_name || owner.email;
  };
  const columns: ChoosableColumn<Person>[] = [
    {
      key: 'name',
      title: 'Name',
      header: 'Name',
      width: 250,
      always: true,
      sort: 'name',
      cell: (person) => (
        <span className="flex items-center gap-3">
          <Avatar name={nameOf(person)} size="sm" />
          <Link
            to="/people/$personId"
            params={{ personId: person.id }}
            tabIndex={-1}
            className="min-w-0 truncate font-medium hover:underline"
          >
            {nameOf(person)}
          </Link>
        </span>
      ),
    },
    {
      key: 'email',
      title: 'Email',
      header: 'Email',
      width: 240,
      shown: true,
      className: 'text-ink-2',
      cell: (person) => person.email ?? dash,
    },
    {
      key: 'phone',
      title: 'Phone',
      header: 'Phone',
      width: 140,
      shown: true,
      className: 'hidden xl:table-cell text-ink-2',
      cell: (person) => person.phone ?? dash,
    },
    {
      key: 'organisation',
      title: 'Organisation',
      header: 'Organisation',
      width: 160,
      shown: true,
      className: 'hidden md:table-cell',
      cell: (person) =>
        person.organisation === null ? (
          dash
        ) : (
          <Link
            to="/organisations/$organisationId"
            params={{ organisationId: person.organisation.id }}
            tabIndex={-1}
            className="hover:underline"
          >
            {person.organisation.name}
          </Link>
        ),
    },
    {
      key: 'owner',
      title: 'Owner',
      header: 'Owner',
      width: 130,
      shown: true,
      className: 'hidden lg:table-cell',
      cell: (person) => ownerOf(person.owner_id),
    },
    {
      key: 'tags',
      title: 'Tags',
      header: 'Tags',
      width: 150,
      shown: true,
      className: 'hidden lg:table-cell',
      cell: (person) =>
        person.tags.length === 0 ? (
          dash
        ) : (
          <span className="flex gap-1">
            {person.tags.slice(0, 3).map((tag) => (
              <Badge key={tag.id}>{tag.name}</Badge>
            ))}
          </span>
        ),
    },
    {
      key: 'opted',
      title: 'Opted out',
      header: 'Opted out',
      width: 100,
      cell: (person) => (person.opted_out_at === null ? dash : <When at={person.opted_out_at} />),
    },
    {
      key: 'created',
      title: 'Added',
      header: 'Added',
      width: 100,
      shown: true,
      sort: 'created_at',
      sortDown: true,
      className: 'hidden lg:table-cell',
      cell: (person) => <When at={person.created_at} />,
    },
    {
      key: 'updated',
      title: 'Changed',
      header: 'Changed',
      width: 100,
      sort: 'updated_at',
      sortDown: true,
      cell: (person) => <When at={person.updated_at} />,
    },
  ];
  const [choice, setChoice] = useColumnChoice('people');
  const shown = shownColumns(columns, choice);
  const kinds: FilterKind[] = [
    {
      key: 'owner',
      title: 'Owner',
      choices: (users.data?.items ?? []).map((user) => ({ value: user.id, label: user.full_name || user.email })),
    },
    { key: 'tag', title: 'Tag', choices: (tags.data?.items ?? []).map((tag) => ({ value: tag.id, label: tag.name })) },
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
  ];
  const bulk = useBulk(
    ['people', 'leads'],
    (change) =>
      `${countOf(change.changed, 'person', 'people')} changed${change.skipped === 0 ? '' : `, ${change.skipped} left as they are`}.`,
  );
  const ask = (what: 'owner' | 'tag' | 'enrol') => (person: Person | null) => {
    const ids = chosen.size > 0 ? [...chosen] : person === null ? [] : [person.id];
    if (ids.length > 0)
      setAsked({ what, ids, name: ids.length === 1 && person !== null ? nameOf(person) : countOf(ids.length, 'person', 'people') });
  };
  const change = (what: Omit<Input<'bulk.start'>, 'person_ids' | 'noun'>, title: string) => {
    if (asked !== null) void bulk.start({ ...what, noun: 'people', person_ids: [...asked.ids] }, title);
    setAsked(null);
    none();
  };
  const apply = (query: Record<string, string>, view: string | undefined) => {
    none();
    void navigate({ search: { ...query, ...(view === undefined ? {} : { view }) }, replace: true });
  };
  const { view, ...kept } = search;
  useKeys({ Escape: none });
  return (
    <Page title="People" lead="Everybody you know, leads and others. One person, one timeline." width="full">
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <SavedViews
          list="people"
          all="All people"
          viewId={view}
          query={Object.fromEntries(Object.entries(kept).filter((entry): entry is [string, string] => entry[1] !== undefined))}
          columns={choice}
          onApply={(saved) => {
            setChoice(saved?.columns ?? []);
            apply(saved?.query ?? {}, saved?.id);
          }}
        />
        <SearchBox label="Search people by name, email or phone" value={search.q ?? ''} onChange={(q) => set({ q })} />
        <FilterChips kinds={kinds} values={search} onChange={(key, value) => set({ [key]: value })} />
        <span className="flex-1" />
        <ColumnChooser all={columns} chosen={choice} onChange={setChoice} />
      </div>
      {chosen.size > 0 ? (
        <BulkBar
          chosen={chosen.size}
          everything={false}
          matching={undefined}
          exact
          one="person"
          onEverything={() => undefined}
          onNone={none}
        >
          {(
            [
              ['owner', 'Owner'],
              ['tag', 'Tag'],
              ['enrol', 'Enrol'],
            ] as const
          ).map(([what, label]) => (
            <Button key={what} size="sm" onClick={() => ask(what)(null)}>
              {label}
            </Button>
          ))}
        </BulkBar>
      ) : null}
      {rows.error !== null ? (
        <Failure what="The people could not be loaded." error={rows.error} retry={rows.refetch} />
      ) : rows.isPending ? (
        <div className="rounded-xl border bg-panel">
          <SkeletonRows rows={10} />
        </div>
      ) : rows.count === 0 ? (
        <div className="rounded-xl border bg-panel">
          {Object.keys(filter).length > 0 ? (
            <Empty
              icon={<Search />}
              title="Nobody fits these filters."
              action={<Button onClick={() => apply({}, undefined)}>Show all people</Button>}
            />
          ) : (
            <Empty
              icon={<Users />}
              title="Nobody here yet"
              action={
                <Button asChild kind="primary">
                  <Link to="/leads/import">Import people</Link>
                </Button>
              }
            >
              People come with leads, imports, forms and mail that arrives.
            </Empty>
          )}
        </div>
      ) : (
        <DataTable
          label="People"
          source={rows}
          columns={shown}
          rowKey={(person) => person.id}
          onOpen={(person) => void navigate({ to: '/people/$personId', params: { personId: person.id } })}
          chosen={chosen}
          onChoose={setChosen}
          sort={sort}
          onSort={(next) => set({ sort: next === '-created_at' ? undefined : next })}
          card={(person) => (
            <div className="space-y-0.5">
              <Link to="/people/$personId" params={{ personId: person.id }} className="block truncate font-medium">
                {nameOf(person)}
              </Link>
              <div className="truncate text-xs text-ink-3">
                {[person.email ?? person.phone, person.organisation?.name].filter(Boolean).join(' · ')}
              </div>
            </div>
          )}
          cardHeight={64}
          rowKeys={{ a: ask('owner'), l: ask('tag'), r: ask('enrol') }}
          onResize={(key, width) =>
            setChoice(shown.map((column) => ({ key: column.key, width: column.key === key ? width : column.width })))
          }
          memory={`people ${JSON.stringify([filter, sort])}`}
        />
      )}
      {bulk.dialogs}
      {asked === null ? null : asked.what === 'owner' ? (
        <Picker
          title={`Owner of ${asked.name}`}
          choices={[
            ...(users.data?.items ?? []).map((user) => ({ value: user.id, label: user.full_name || user.email })),
            { value: 'none', label: 'Nobody' },
          ]}
          onPick={(value) => change({ action: 'assign', owner_id: value === 'none' ? null : value }, 'Set the owner')}
          onClose={() => setAsked(null)}
        />
      ) : asked.what === 'tag' ? (
        <Picker
          title={`Tag ${asked.name}`}
          choices={(tags.data?.items ?? []).map((tag) => ({ value: tag.name, label: tag.name }))}
          onPick={(name) => change({ action: 'add_tags', tags: [name] }, `Tag with ${name}`)}
          onCreate={(name) => change({ action: 'add_tags', tags: [name] }, `Tag with ${name}`)}
          onClose={() => setAsked(null)}
        />
      ) : (
        <EnrolChosen who={{ person_ids: [...asked.ids] }} onClose={() => setAsked(null)} onDone={none} />
      )}
    </Page>
  );
}
