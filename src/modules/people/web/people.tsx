import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Merge, Search, Users } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#web/kit/button.tsx';
import { count as number, countOf } from '#web/kit/format.ts';
import { useKeys } from '#web/kit/keyboard.ts';
import { BulkBar } from '#web/kit/list/bulk.tsx';
import { useColumnChoice } from '#web/kit/list/column-choice.ts';
import { ColumnChooser, shownColumns } from '#web/kit/list/columns.tsx';
import { changeOf, customValues } from '#web/kit/list/custom-filter.ts';
import { ExportList, MOST_IDS } from '#web/kit/list/export-list.tsx';
import { FilterChips } from '#web/kit/list/filters.tsx';
import { useInlineSave } from '#web/kit/list/inline.tsx';
import { useRows } from '#web/kit/list/rows.ts';
import { SavedViews } from '#web/kit/list/saved-views.tsx';
import { SearchBox } from '#web/kit/list/search-box.tsx';
import { Page } from '#web/kit/page.tsx';
import { useRead } from '#web/kit/query.ts';
import { SkeletonRows } from '#web/kit/skeleton.tsx';
import { Empty, Failure } from '#web/kit/states.tsx';
import { DataTable } from '#web/kit/table.tsx';
import { ChosenPeople, usePeopleActions, type Asked, type Target } from './people-actions.tsx';
import { changeOfCell, isTyped, nameOf, peopleColumns, type Person } from './people-columns.tsx';
import { exportFilterOf, filterOf, usePeopleFilters } from './people-filters.ts';

const sorts = ['-created_at', 'created_at', '-updated_at', 'updated_at', 'name', '-name'] as const;

/** Everybody the company knows, leads and others. */
export function PeoplePage() {
  const search = useSearch({ from: '/shell/people' });
  const navigate = useNavigate({ from: '/people' });
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [everything, setEverything] = useState(false);
  const [editing, setEditing] = useState<string | null>(null);
  const none = () => {
    setChosen(new Set());
    setEverything(false);
  };
  const set = (next: Partial<typeof search>) => {
    none();
    void navigate({ search: (old) => ({ ...old, ...next }), replace: true });
  };
  const filter = filterOf(search);
  const sort = sorts.find((one) => one === search.sort) ?? '-created_at';
  const total = useRead('people.count', filter, { keep: true });
  const rows = useRows('people.list', { ...filter, sort }, total.data?.count);
  const custom = useRead('custom_fields.list', {});
  const fields = (custom.data?.items ?? []).filter((field) => field.archived_at === null);
  const { kinds, ownerOf } = usePeopleFilters(fields);
  const save = useInlineSave<Person>('people.list', ['people.count', 'leads', 'organisations']);
  const edit = (person: Person, column: string) => setEditing(`${person.id} ${column}`);
  const columns = peopleColumns({ editing, edit, leave: () => setEditing(null), save: saveCell, ownerOf }, fields);
  const [choice, setChoice] = useColumnChoice('people');
  const shown = shownColumns(columns, choice);
  /** Saves what was typed; Tab goes on to the next cell of the row that can be typed into. */
  function saveCell(person: Person, column: string, value: string, onwards: boolean) {
    const typed = shown.map(({ key }) => key).filter(isTyped);
    const next = typed[typed.indexOf(column) + 1];
    setEditing(onwards && next !== undefined ? `${person.id} ${next}` : null);
    const change = changeOfCell(person, column, value);
    if (change !== null) void save('people.update', { person_id: person.id, ...change.input }, person, change.patch);
  }

  const actions = usePeopleActions(none);
  const apply = (query: Record<string, string>, view: string | undefined) => {
    none();
    void navigate({ search: { ...query, ...(view === undefined ? {} : { view }) }, replace: true });
  };
  const read = () => rows.read(0, Math.min(rows.count, MOST_IDS) - 1);
  const target = (person: Person | null): Target => {
    if (everything) return { filter, count: total.data?.count ?? 0, read };
    const ids = chosen.size > 0 ? [...chosen] : person === null ? [] : [person.id];
    return { ids, name: ids.length === 1 && person !== null ? nameOf(person) : countOf(ids.length, 'person', 'people') };
  };
  const askOf = (asked: Asked) => (person: Person) => actions.ask(asked, target(person));
  const { view, ...kept } = search;
  useKeys({ Escape: none });
  return (
    <Page
      title="People"
      lead={<Total count={total.data?.count} exact={total.data?.exact ?? true} filtered={Object.keys(filter).length > 0} />}
      width="full"
      actions={
        <>
          <Button asChild>
            <Link to="/people/duplicates">
              <Merge /> Duplicates
            </Link>
          </Button>
          <ExportList
            what="people"
            filter={exportFilterOf(filter)}
            count={total.data?.count}
            readIds={async () => (await read()).map((person) => person.id)}
          />
        </>
      }
    >
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
        <FilterChips
          kinds={kinds}
          values={{ ...search, ...customValues(search.custom) }}
          onChange={(key, value) => set(changeOf(search.custom, key, value))}
        />
        <span className="flex-1" />
        <ColumnChooser all={columns} chosen={choice} onChange={setChoice} />
      </div>
      {chosen.size > 0 ? (
        <BulkBar
          chosen={chosen.size}
          everything={everything}
          matching={total.data?.count}
          exact={total.data?.exact ?? true}
          one="person"
          many="people"
          onEverything={() => setEverything(true)}
          onNone={none}
        >
          <ChosenPeople onAsk={(asked) => actions.ask(asked, target(null))} />
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
          everything={everything}
          onChoose={(ids) => {
            setEverything(false);
            setChosen(ids);
          }}
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
          rowKeys={{ e: (person) => edit(person, 'name'), a: askOf('owner'), l: askOf('tag'), r: askOf('enrol') }}
          onResize={(key, width) =>
            setChoice(shown.map((column) => ({ key: column.key, width: column.key === key ? width : column.width })))
          }
          memory={`people ${JSON.stringify([filter, sort])}`}
        />
      )}
      {actions.dialogs}
    </Page>
  );
}

function Total({ count, exact, filtered }: { count: number | undefined; exact: boolean; filtered: boolean }) {
  if (count === undefined) return 'Counting…';
  return (
    <span aria-live="polite">
      {number(count)}
      {exact ? '' : '+'} {count === 1 ? 'person' : 'people'}
      {filtered ? ' that match' : ''}
    </span>
  );
}
