import { useNavigate, useSearch } from '@tanstack/react-router';
import { Pause, Play, RotateCw, Search, Square, Workflow } from 'lucide-react';
import { useState } from 'react';
import { toast } from '#web/kit/toast.ts';
import type { Input } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Confirm } from '#web/kit/confirm.tsx';
import { countOf, words } from '#web/kit/format.ts';
import { BulkBar } from '#web/kit/list/bulk.tsx';
import { FilterChips, type FilterKind } from '#web/kit/list/filters.tsx';
import { SavedViews } from '#web/kit/list/saved-views.tsx';
import { SearchBox } from '#web/kit/list/search-box.tsx';
import { Page } from '#web/kit/page.tsx';
import { useAct, useList, useRead } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { Empty } from '#web/kit/states.tsx';
import type { Column } from '#web/kit/table.tsx';
import { Tabs } from '#web/kit/tabs.tsx';
import { useLiveRuns } from './live-runs.ts';
import { runStateLabel, runStates } from './run-state.tsx';
import { nextColumn, RunTable, startedColumn, stateColumn, type Run } from './run-table.tsx';

type Action = Input<'runs.bulk'>['action'];

const POLL_MS = 15_000;
const RARELY_MS = 120_000;

/** Every run of every workflow: looked for by whom it is about, where it stands and what went wrong. */
export function RunsPage() {
  const search = useSearch({ from: '/shell/runs' });
  const navigate = useNavigate({ from: '/runs' });
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const manages = useMay('manager');
  const workflows = useRead('workflows.list', { limit: 500 });
  const live = useLiveRuns({ workflowId: search.workflow_id }, ['runs.list']);
  const { view, ...kept } = search;
  const state = runStates.find((one) => one === search.state);
  const filter = {
    ...(search.q === undefined ? {} : { q: search.q }),
    ...(state === undefined ? {} : { state }),
    ...(search.live === undefined ? {} : { live: search.live === 'true' }),
    ...(search.workflow_id === undefined ? {} : { workflow_id: search.workflow_id }),
    ...(search.step_id === undefined ? {} : { step_id: search.step_id }),
    ...(search.version === undefined ? {} : { version: Number(search.version) }),
    ...(search.error === undefined ? {} : { error: search.error }),
    ...(search.since === undefined ? {} : { since: search.since }),
    ...(search.until === undefined ? {} : { until: search.until }),
  };
  const runs = useList('runs.list', { ...filter, limit: 100 }, { everyMs: live ? RARELY_MS : POLL_MS });
  const none = () => setChosen(new Set());
  const set = (next: Partial<typeof search>) => {
    none();
    void navigate({ search: (old) => ({ ...old, ...next }), replace: true });
  };
  const kinds: FilterKind[] = [
    {
      key: 'workflow_id',
      title: 'Workflow',
      choices: (workflows.data?.items ?? []).map((one) => ({ value: one.id, label: one.title })),
    },
    { key: 'error', title: 'Error has', type: 'text' },
    { key: 'step_id', title: 'Step', type: 'text' },
    { key: 'version', title: 'Version', type: 'number' },
    { key: 'since', title: 'Began since', type: 'date' },
    { key: 'until', title: 'Began before', type: 'date' },
    {
      key: 'live',
      title: 'Under way',
      choices: [
        { value: 'true', label: 'yes' },
        { value: 'false', label: 'no' },
      ],
    },
  ];
  const narrowed = Object.keys(kept).length > 0;
  return (
    <Page
      title="Runs"
      lead="What your workflows do and did, one line a run."
      actions={
        <SavedViews
          list="runs"
          all="All runs"
          viewId={view}
          query={Object.fromEntries(Object.entries(kept).filter((entry): entry is [string, string] => entry[1] !== undefined))}
          columns={[]}
          onApply={(next) => {
            none();
            void navigate({ search: next === null ? {} : { ...next.query, view: next.id }, replace: true });
          }}
        />
      }
    >
      <Tabs
        label="State of the runs"
        value={state ?? 'all'}
        onChange={(value) => set({ state: value === 'all' ? undefined : value })}
        items={[{ value: 'all' as const, label: 'All' }, ...runStates.map((one) => ({ value: one, label: runStateLabel(one) }))]}
      />
      <div className="mt-3 mb-3 flex flex-wrap items-center gap-2">
        <SearchBox label="Find runs" placeholder="Name or email" value={search.q ?? ''} onChange={(q) => set({ q })} />
        <FilterChips kinds={kinds} values={search} onChange={(key, value) => set({ [key]: value })} />
      </div>
      {chosen.size > 0 ? <Chosen runs={chosen} onDone={none} /> : null}
      <RunTable
        runs={runs}
        columns={columns}
        memory="runs"
        empty={
          <Empty icon={narrowed ? <Search /> : <Workflow />} title={narrowed ? 'No run fits' : 'Nothing has run yet'}>
            {narrowed
              ? 'Take a filter away, or look for other words.'
              : 'Switch a workflow on, or start one by hand: its runs are listed here.'}
          </Empty>
        }
        {...(manages ? { chosen, onChoose: (next: ReadonlySet<string>) => setChosen(next) } : {})}
      />
    </Page>
  );
}

const columns: Column<Run>[] = [
  {
    key: 'who',
    header: 'Who',
    cell: (run) => (
      <>
        <span className="font-medium">{nameOf(run)}</span>
        <span className="block truncate text-xs text-ink-3 sm:hidden">{run.step_title ?? run.workflow_title}</span>
      </>
    ),
  },
  { key: 'workflow', header: 'Workflow', className: 'hidden lg:table-cell w-[17%] text-ink-2', cell: (run) => run.workflow_title },
  stateColumn,
  {
    key: 'step',
    header: 'Where, or why',
    className: 'hidden sm:table-cell w-[27%] text-ink-2',
    cell: (run) => <span title={run.error ?? undefined}>{whereOf(run)}</span>,
  },
  nextColumn('hidden 2xl:table-cell'),
  startedColumn('hidden md:table-cell'),
];

function nameOf(run: Run): string {
  return run.subject.name ?? (run.subject.type === 'company' ? run.workflow_title : 'Unnamed');
}

function whereOf(run: Run): string {
  if (run.state === 'failed') return run.cause?.title ?? 'Failed';
  if (run.state === 'done' || run.state === 'cancelled') return run.outcome === null ? '–' : words(run.outcome);
  return run.step_title ?? '–';
}

/** What is chosen, and what can be done with all of it at once; taken back where that is possible. */
function Chosen({ runs, onDone }: { runs: ReadonlySet<string>; onDone: () => void }) {
  const undo = useAct('runs.bulk_undo', {
    refresh: ['runs', 'workflows'],
    done: ({ undone, refused }) => `Taken back for ${countOf(undone, 'run')}${refused === 0 ? '' : `; ${refused} moved on meanwhile`}.`,
  });
  const bulk = useAct('runs.bulk', {
    refresh: ['runs', 'workflows'],
    onDone(change) {
      onDone();
      const [reason] = change.reasons;
      const says = `${countOf(change.changed, 'run')} ${done[change.action]}.${change.skipped === 0 ? '' : ` ${change.skipped} left out: ${reason?.reason ?? ''}.`}`;
      toast.success(
        says,
        change.undoable ? { action: { label: 'Undo', onClick: () => undo.mutate({ change_id: change.id }) }, duration: 10_000 } : {},
      );
    },
  });
  const act = (action: Action, newest = false) => bulk.mutate({ action, run_ids: [...runs], newest });
  return (
    <BulkBar chosen={runs.size} everything={false} matching={undefined} exact one="run" onEverything={() => undefined} onNone={onDone}>
      <Button kind="quiet" size="sm" disabled={bulk.isPending} onClick={() => act('retry')}>
        <RotateCw /> Retry
      </Button>
      <Button kind="quiet" size="sm" disabled={bulk.isPending} onClick={() => act('retry', true)}>
        <RotateCw /> Retry by the newest version
      </Button>
      <Button kind="quiet" size="sm" disabled={bulk.isPending} onClick={() => act('pause')}>
        <Pause /> Pause
      </Button>
      <Button kind="quiet" size="sm" disabled={bulk.isPending} onClick={() => act('resume')}>
        <Play /> Resume
      </Button>
      <Confirm
        title={`Cancel ${countOf(runs.size, 'run')}?`}
        action="Cancel them"
        danger
        onConfirm={() => act('cancel')}
        trigger={(ask) => (
          <Button kind="quiet" size="sm" disabled={bulk.isPending} onClick={ask}>
            <Square /> Cancel
          </Button>
        )}
      >
        <p>Nothing more of them happens. You can take it back for a day, while nobody else has begun for the same people.</p>
      </Confirm>
    </BulkBar>
  );
}

const done: Record<Action, string> = { cancel: 'cancelled', pause: 'paused', resume: 'resumed', retry: 'on their way again' };
