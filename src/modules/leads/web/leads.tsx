import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { FileUp, Plus, Search, Users } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#web/kit/button.tsx';
import { count as number } from '#web/kit/format.ts';
import { useKeys } from '#web/kit/keyboard.ts';
import { isLeadStatus, leadStatuses, leadStatusLabel } from '#web/kit/lead-status.tsx';
import { BulkBar } from '#web/kit/list/bulk.tsx';
import { ColumnChooser, shownColumns } from '#web/kit/list/columns.tsx';
import { ExportList, MOST_IDS } from '#web/kit/list/export-list.tsx';
import { FilterChips } from '#web/kit/list/filters.tsx';
import { useColumnChoice } from '#web/kit/list/column-choice.ts';
import { useRows } from '#web/kit/list/rows.ts';
import { SavedViews } from '#web/kit/list/saved-views.tsx';
import { LayoutToggle } from '#web/kit/list/layout-toggle.tsx';
import { SearchBox } from '#web/kit/list/search-box.tsx';
import { Page } from '#web/kit/page.tsx';
import { useRead } from '#web/kit/query.ts';
import { useMe } from '#web/kit/session.ts';
import { SkeletonRows } from '#web/kit/skeleton.tsx';
import { Empty, Failure } from '#web/kit/states.tsx';
import { DataTable } from '#web/kit/table.tsx';
import { Tabs } from '#web/kit/tabs.tsx';
import { AddLead } from './add-lead.tsx';
import { ChosenActions, useLeadActions, type Asked, type Target } from './lead-actions.tsx';
import { LeadBoard } from './lead-board.tsx';
import { LeadCard, leadColumns, type Lead } from './lead-columns.tsx';
import { useLeadFilters } from './lead-filters.ts';
import { exportFilterOf, filterOf, keptOf, leadSorts, type LeadSearch } from './lead-search.ts';

const fieldOf: Readonly<Record<string, 'last_touch_at' | 'owner' | 'organisation' | 'tags' | 'score'>> = {
  last_touch: 'last_touch_at',
  owner: 'owner',
  organisation: 'organisation',
  tags: 'tags',
  score: 'score',
};

export function LeadsPage() {
  const search = useSearch({ from: '/shell/leads' });
  const navigate = useNavigate({ from: '/leads' });
  const me = useMe();
  const [chosen, setChosen] = useState<ReadonlyMap<string, Lead>>(new Map());
  const [everything, setEverything] = useState(false);
  const [editing, setEditing] = useState<string | null>(null);
  const none = () => {
    setChosen(new Map());
    setEverything(false);
  };
  const set = (next: LeadSearch) => {
    none();
    void navigate({ search: (old) => ({ ...old, ...next }), replace: true });
  };
  const filter = filterOf(search, me.id);
  const sort = leadSorts.find((one) => one === search.sort) ?? '-created_at';
  const board = search.layout === 'board';

  const custom = useRead('custom_fields.list', {});
  const fields = (custom.data?.items ?? []).filter((field) => field.archived_at === null);
  const actions = useLeadActions(none, board ? ['leads.list'] : []);
  const columns = leadColumns(
    { editing, edit, leave: () => setEditing(null), save: saveCell, pick: (what, lead) => actions.ask(what, { kind: 'one', lead }) },
    fields,
  );
  const [choice, setChoice] = useColumnChoice('leads');
  const shown = shownColumns(columns, choice);
  const wanted = [
    ...new Set([
      'tags' as const,
      'last_touch_at' as const,
      ...shown.flatMap(({ key }) => (key.startsWith('custom.') ? ['custom' as const] : (fieldOf[key] ?? []))),
    ]),
  ];

  const counts = useRead('leads.counts', withoutStatus(filter), { keep: true });
  const total = useRead('leads.count', filter, { keep: true });
  const rows = useRows('leads.list', { ...filter, sort, fields: wanted }, total.data?.count);
  const kinds = useLeadFilters(counts.data?.sources ?? [], fields);
  const filtered = Object.keys(filter).length > 0;

  function edit(lead: Lead, column: string) {
    setEditing(`${lead.id} ${column}`);
  }
  /** Saves what was typed; Tab goes on to the next cell of the row that can be typed into. */
  function saveCell(lead: Lead, column: string, value: string, onwards: boolean) {
    const typed = shown.map(({ key }) => key).filter((key) => key === 'name' || key === 'source' || key.startsWith('custom.'));
    const next = typed[typed.indexOf(column) + 1];
    setEditing(onwards && next !== undefined ? `${lead.id} ${next}` : null);
    if (column === 'name' && value !== '' && value !== lead.name)
      void actions.save('leads.update', { lead_id: lead.id, name: value }, lead, { name: value });
    if (column === 'source' && value !== (lead.source ?? '')) {
      const source = value === '' ? null : value;
      void actions.save('leads.update', { lead_id: lead.id, source }, lead, { source });
    }
    if (!column.startsWith('custom.')) return;
    const key = column.slice('custom.'.length);
    const old = lead.custom?.[key];
    if (value === (old === undefined || old === null ? '' : String(old))) return;
    const now = value === '' ? null : value;
    void actions.save(
      'people.update',
      { person_id: lead.person_id, custom: { [key]: now } },
      lead,
      { custom: { ...lead.custom, [key]: now } },
      { version: null },
    );
  }

  const target = (lead: Lead): Target => {
    if (everything)
      return { kind: 'all', filter, count: total.data?.count ?? 0, read: () => rows.read(0, Math.min(rows.count, MOST_IDS) - 1) };
    return chosen.size > 0 ? { kind: 'some', leads: [...chosen.values()] } : { kind: 'one', lead };
  };
  const askOf = (asked: Asked) => (lead: Lead) => actions.ask(asked, target(lead));
  const open = (lead: Lead) => void navigate({ to: '/people/$personId', params: { personId: lead.person_id } });
  const apply = (query: Record<string, string>, view: string | undefined) => {
    none();
    void navigate({ search: { ...query, ...(view === undefined ? {} : { view }) }, replace: true });
  };
  useKeys({
    c: () => set({ add: '1' }),
    v: () => set({ layout: undefined }),
    b: () => set({ layout: 'board' }),
    Escape: none,
  });
  const by = counts.data?.by_status;
  return (
    <Page
      title="Leads"
      lead={<Total count={total.data?.count} exact={total.data?.exact ?? true} filtered={filtered} />}
      width="full"
      actions={
        <>
          <ExportList
            what="leads"
            filter={exportFilterOf(filter)}
            count={total.data?.count}
            readIds={async () => (await rows.read(0, Math.min(rows.count, MOST_IDS) - 1)).map((lead) => lead.person_id)}
          />
          <Button asChild>
            <Link to="/leads/import">
              <FileUp /> Import
            </Link>
          </Button>
          <Button kind="primary" onClick={() => set({ add: '1' })}>
            <Plus /> Add a lead
          </Button>
        </>
      }
    >
      {board ? null : (
        <Tabs
          label="Status"
          value={isLeadStatus(search.status) ? search.status : 'all'}
          onChange={(value) => set({ status: value === 'all' ? undefined : value })}
          items={[
            { value: 'all' as const, label: 'All', count: counts.data?.total },
            ...leadStatuses.map((one) => ({ value: one, label: leadStatusLabel(one), count: by?.[one] })),
          ]}
        />
      )}
      <div className="my-3 flex flex-wrap items-center gap-2">
        <SavedViews
          list="leads"
          all="All leads"
          viewId={search.view}
          query={keptOf(search)}
          columns={choice}
          onApply={(view) => {
            setChoice(view?.columns ?? []);
            apply(view?.query ?? {}, view?.id);
          }}
        />
        <SearchBox label="Search leads by name, email or phone" value={search.q ?? ''} onChange={(q) => set({ q })} />
        <FilterChips kinds={kinds.kinds} values={kinds.valuesOf(search)} onChange={(key, value) => set(kinds.change(search, key, value))} />
        <span className="flex-1" />
        {board ? null : <ColumnChooser all={columns} chosen={choice} onChange={setChoice} />}
        <LayoutToggle board={board} onChange={(to) => set({ layout: to ? 'board' : undefined })} />
      </div>
      {chosen.size > 0 ? (
        <BulkBar
          chosen={chosen.size}
          everything={everything}
          matching={total.data?.count}
          exact={total.data?.exact ?? true}
          one="lead"
          onEverything={() => setEverything(true)}
          onNone={none}
        >
          <ChosenActions
            mayExport={actions.mayExport}
            onAsk={(asked) => {
              const [first] = chosen.values();
              if (first !== undefined) askOf(asked)(first);
            }}
          />
        </BulkBar>
      ) : null}
      {board ? (
        <LeadBoard
          filter={filter}
          by={by}
          onOpen={open}
          onMove={(lead, to) => actions.setStatus({ kind: 'one', lead }, to)}
          onAsk={(asked, lead) => actions.ask(asked, { kind: 'one', lead })}
        />
      ) : rows.error !== null ? (
        <Failure what="The leads could not be loaded." error={rows.error} retry={rows.refetch} />
      ) : rows.isPending ? (
        <div className="rounded-xl border bg-panel">
          <SkeletonRows rows={10} />
        </div>
      ) : rows.count === 0 ? (
        <Nothing filtered={filtered} onAll={() => apply({}, undefined)} onAdd={() => set({ add: '1' })} />
      ) : (
        <DataTable
          label="Leads"
          source={rows}
          columns={shown}
          rowKey={(lead) => lead.id}
          onOpen={open}
          chosen={new Set(chosen.keys())}
          everything={everything}
          onChoose={(ids, added) => {
            setEverything(false);
            const known = new Map([...chosen, ...added.map((lead) => [lead.id, lead] as const)]);
            setChosen(new Map([...known].filter(([id]) => ids.has(id))));
          }}
          sort={sort}
          onSort={(next) => set({ sort: next === '-created_at' ? undefined : next })}
          card={(lead) => <LeadCard lead={lead} />}
          cardHeight={84}
          rowKeys={{
            e: (lead) => edit(lead, 'name'),
            s: askOf('status'),
            a: askOf('owner'),
            l: askOf('tag'),
            r: askOf('enrol'),
          }}
          onResize={(key, width) =>
            setChoice(shown.map((column) => ({ key: column.key, width: column.key === key ? width : column.width })))
          }
          memory={`leads ${JSON.stringify([filter, sort])}`}
        />
      )}
      {actions.dialogs}
      <AddLead open={search.add !== undefined} onClose={() => set({ add: undefined })} />
    </Page>
  );
}

const withoutStatus = ({ status: _status, ...filter }: ReturnType<typeof filterOf>) => filter;

function Total({ count, exact, filtered }: { count: number | undefined; exact: boolean; filtered: boolean }) {
  if (count === undefined) return 'Counting…';
  return (
    <span aria-live="polite">
      {number(count)}
      {exact ? '' : '+'} {count === 1 ? 'lead' : 'leads'}
      {filtered ? ' that match' : ''}
    </span>
  );
}

function Nothing({ filtered, onAll, onAdd }: { filtered: boolean; onAll: () => void; onAdd: () => void }) {
  return (
    <div className="rounded-xl border bg-panel">
      {filtered ? (
        <Empty icon={<Search />} title="No lead fits these filters." action={<Button onClick={onAll}>Show all leads</Button>} />
      ) : (
        <Empty
          icon={<Users />}
          title="No leads yet"
          action={
            <>
              <Button asChild kind="primary">
                <Link to="/leads/import">
                  <FileUp /> Import a CSV file
                </Link>
              </Button>
              <Button onClick={onAdd}>Add one by hand</Button>
            </>
          }
        >
          Drop a CSV file, add one by hand, or put a form on your site. Nothing is sent to anyone until you launch sending.
        </Empty>
      )}
    </div>
  );
}
