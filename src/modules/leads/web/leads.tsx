import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { FileUp, Plus, Search, Users, X } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import type { Item } from '#web/kit/api.ts';
import { Avatar } from '#web/kit/avatar.tsx';
import { Button } from '#web/kit/button.tsx';
import { Select } from '#web/kit/field.tsx';
import { countOf, words } from '#web/kit/format.ts';
import { useKeys } from '#web/kit/keyboard.ts';
import { isLeadStatus, leadStatuses, leadStatusLabel, LeadStatus, type LeadStatusName } from '#web/kit/lead-status.tsx';
import { Page } from '#web/kit/page.tsx';
import { useAct, useList, useRead } from '#web/kit/query.ts';
import { SkeletonRows } from '#web/kit/skeleton.tsx';
import { Empty, Failure } from '#web/kit/states.tsx';
import { DataTable, type Column } from '#web/kit/table.tsx';
import { Tabs } from '#web/kit/tabs.tsx';
import { When } from '#web/kit/time.tsx';
import { AddLead } from './add-lead.tsx';

type Lead = Item<'leads.list'>;

const columns: Column<Lead>[] = [
  {
    key: 'name',
    header: 'Name',
    className: 'w-auto',
    cell: (lead) => (
      <span className="flex items-center gap-3">
        <Avatar name={nameOf(lead)} size="sm" />
        <span className="min-w-0">
          <Link to="/people/$personId" params={{ personId: lead.person_id }} className="block truncate font-medium hover:underline">
            {nameOf(lead)}
          </Link>
          <span className="block truncate text-xs text-ink-3 sm:hidden">{lead.email ?? lead.phone}</span>
        </span>
      </span>
    ),
  },
  { key: 'email', header: 'Email', className: 'hidden sm:table-cell w-[27%] text-ink-2', cell: (lead) => lead.email ?? lead.phone ?? '–' },
  { key: 'status', header: 'Status', className: 'w-32 sm:w-36', cell: (lead) => <LeadStatus status={lead.status} /> },
  {
    key: 'source',
    header: 'Source',
    className: 'hidden md:table-cell w-28 text-ink-2',
    cell: (lead) => (lead.source === null ? '–' : words(lead.source)),
  },
  {
    key: 'created',
    header: 'Added',
    sort: 'created_at',
    className: 'hidden lg:table-cell w-28',
    cell: (lead) => <When at={lead.created_at} />,
  },
  {
    key: 'updated',
    header: 'Changed',
    sort: 'updated_at',
    className: 'hidden 2xl:table-cell w-28',
    cell: (lead) => <When at={lead.updated_at} />,
  },
];

function nameOf(lead: Lead): string {
  return lead.name || lead.email || 'Unnamed';
}

const sorts = ['-created_at', 'created_at', '-updated_at', 'updated_at'] as const;

export function LeadsPage() {
  const search = useSearch({ from: '/shell/leads' });
  const navigate = useNavigate({ from: '/leads' });
  const [text, setText] = useState(search.q ?? '');
  const q = useDeferredValue(text.trim());
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const status = isLeadStatus(search.status) ? search.status : undefined;
  const sort = q === '' ? (sorts.find((one) => one === search.sort) ?? '-created_at') : '-created_at';
  const filter = { ...(search.source === undefined ? {} : { source: search.source }), ...(q === '' ? {} : { q }) };
  const leads = useList('leads.list', { limit: 100, sort, ...(status === undefined ? {} : { status }), ...filter });
  const counts = useRead('leads.counts', {}, { keep: true });
  const set = (next: Partial<typeof search>) => {
    setChosen(new Set());
    void navigate({ search: (old) => ({ ...old, ...next }), replace: true });
  };
  useKeys({ c: () => set({ add: '1' }) });
  const by = counts.data?.by_status;
  const filtered = status !== undefined || search.source !== undefined || q !== '';
  return (
    <Page
      title="Leads"
      lead="Everyone who asked, or might. Open one to see every touch on a single timeline."
      width="full"
      actions={
        <>
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
      <Tabs
        label="Status"
        value={status ?? 'all'}
        onChange={(value) => set({ status: value === 'all' ? undefined : value })}
        items={[
          {
            value: 'all' as const,
            label: 'All',
            count: by === undefined ? undefined : Object.values(by).reduce((sum, one) => sum + one, 0),
          },
          ...leadStatuses.map((one) => ({
            value: one,
            label: leadStatusLabel(one),
            count: by?.[one] ?? (by === undefined ? undefined : 0),
          })),
        ]}
      />
      <div className="my-3 flex flex-wrap items-center gap-2">
        <label className="relative min-w-0 flex-1 basis-56 sm:max-w-80">
          <Search aria-hidden className="pointer-events-none absolute top-2 left-2.5 size-4 text-ink-3" />
          <input
            type="search"
            aria-label="Search leads by name, email or phone"
            placeholder="Name, email or phone"
            value={text}
            onChange={(event) => {
              setText(event.target.value);
              set({ q: event.target.value.trim() === '' ? undefined : event.target.value.trim() });
            }}
            className="h-8 w-full rounded-md border border-line-strong bg-panel pr-2 pl-8 text-sm shadow-raise"
          />
        </label>
        <Select
          aria-label="Source"
          className="w-40"
          value={search.source ?? ''}
          onChange={(event) => set({ source: event.target.value === '' ? undefined : event.target.value })}
        >
          <option value="">Every source</option>
          {(counts.data?.sources ?? []).map((source) => (
            <option key={source} value={source}>
              {words(source)}
            </option>
          ))}
        </Select>
        {chosen.size > 0 ? <ChosenBar chosen={chosen} onDone={() => setChosen(new Set())} /> : null}
      </div>
      {leads.error !== null && leads.rows.length === 0 ? (
        <Failure what="The leads could not be loaded." error={leads.error} retry={() => void leads.refetch()} />
      ) : leads.isPending ? (
        <div className="rounded-xl border bg-panel">
          <SkeletonRows rows={10} />
        </div>
      ) : leads.rows.length === 0 ? (
        <div className="rounded-xl border bg-panel">
          {filtered ? (
            <Empty
              icon={<Search />}
              title="No lead fits these filters."
              action={
                <Button
                  onClick={() => {
                    setText('');
                    set({ status: undefined, source: undefined, q: undefined });
                  }}
                >
                  Show all leads
                </Button>
              }
            />
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
                  <Button onClick={() => set({ add: '1' })}>Add one by hand</Button>
                </>
              }
            >
              Drop a CSV file, add one by hand, or put a form on your site. Nothing is sent to anyone until you launch sending.
            </Empty>
          )}
        </div>
      ) : (
        <DataTable
          label="Leads"
          rows={leads.rows}
          columns={columns}
          rowKey={(lead) => lead.id}
          onOpen={(lead) => void navigate({ to: '/people/$personId', params: { personId: lead.person_id } })}
          chosen={chosen}
          onChoose={setChosen}
          sort={sort}
          {...(q === '' ? { onSort: (next: string) => set({ sort: next }) } : {})}
          more={leads.hasNextPage}
          onMore={() => {
            if (!leads.isFetchingNextPage) void leads.fetchNextPage();
          }}
          stale={leads.isPlaceholderData}
        />
      )}
      <AddLead open={search.add !== undefined} onClose={() => set({ add: undefined })} />
    </Page>
  );
}

function ChosenBar({ chosen, onDone }: { chosen: ReadonlySet<string>; onDone: () => void }) {
  const change = useAct('leads.set_status', {
    refresh: ['leads', 'people'],
    done: ({ changed, skipped }) => `${countOf(changed, 'lead')} changed${skipped === 0 ? '' : `, ${skipped} left as they are`}.`,
    onDone,
  });
  const enrol = useAct('nurturing.enrol', {
    refresh: ['runs', 'workflows', 'messages'],
    done: ({ enrolled, left_out: leftOut }) =>
      `${countOf(enrolled.length, 'lead')} enrolled${leftOut.length === 0 ? '' : `, ${leftOut.length} left out: ${leftOut[0]?.reason ?? ''}`}.`,
    onDone,
  });
  return (
    <div className="flex flex-wrap items-center gap-2 rounded-md bg-accent-soft py-0.5 pr-1 pl-3 text-sm text-accent-ink">
      {countOf(chosen.size, 'lead')} chosen
      <Select
        aria-label="Set the status of the chosen leads"
        className="w-36 text-ink"
        value=""
        disabled={change.isPending}
        onChange={(event) => {
          // The options below are the statuses.
          change.mutate({ lead_ids: [...chosen], status: event.target.value as LeadStatusName });
        }}
      >
        <option value="" disabled>
          Set status…
        </option>
        {leadStatuses.map((status) => (
          <option key={status} value={status}>
            {leadStatusLabel(status)}
          </option>
        ))}
      </Select>
      <Button size="sm" busy={enrol.isPending} onClick={() => enrol.mutate({ lead_ids: [...chosen] })}>
        Enrol in nurturing
      </Button>
      <Button kind="quiet" size="icon" aria-label="Choose none" onClick={onDone}>
        <X />
      </Button>
    </div>
  );
}
