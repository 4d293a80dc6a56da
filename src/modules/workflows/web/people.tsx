import { Link, useNavigate } from '@tanstack/react-router';
import { Search, UserMinus, Users, X } from 'lucide-react';
import { useState } from 'react';
import type { Item, Output } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Confirm } from '#web/kit/confirm.tsx';
import { countOf } from '#web/kit/format.ts';
import { useAct, useList } from '#web/kit/query.ts';
import { SkeletonRows } from '#web/kit/skeleton.tsx';
import { Empty, Failure } from '#web/kit/states.tsx';
import { DataTable, type Column } from '#web/kit/table.tsx';
import { Tabs } from '#web/kit/tabs.tsx';
import { When } from '#web/kit/time.tsx';
import { outcomeWords, reasonWords } from './results.tsx';
import { RunState, runStateLabel, runStates } from './run-state.tsx';
import { allSteps, stepsOf } from './step-words.ts';

type Row = Item<'workflows.people'>;

export interface PeopleFilter {
  state?: string | undefined;
  /** With `result`: the step it is about; without: where they stand now. */
  step?: string | undefined;
  result?: string | undefined;
  outcome?: string | undefined;
  q?: string | undefined;
}

const results = ['reached', 'sent', 'blocked', 'bounced', 'replied'] as const;

/** Who is where, and whom a number counts. */
export function SequencePeople({
  workflow,
  filter,
  onFilter,
  onEnrol,
}: {
  workflow: Output<'workflows.get'>;
  filter: PeopleFilter;
  onFilter: (next: PeopleFilter) => void;
  onEnrol: () => void;
}) {
  const navigate = useNavigate();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [text, setText] = useState(filter.q ?? '');
  const state = runStates.find((one) => one === filter.state);
  const result = results.find((one) => one === filter.result);
  const people = useList(
    'workflows.people',
    {
      workflow_id: workflow.id,
      limit: 100,
      ...(state === undefined ? {} : { state }),
      ...(filter.outcome === undefined ? {} : { outcome: filter.outcome }),
      ...(filter.step === undefined ? {} : result === undefined ? { at: filter.step } : { result, step_id: filter.step }),
      ...(filter.q === undefined ? {} : { q: filter.q }),
    },
    { everyMs: 15_000 },
  );
  const titles = new Map(allSteps(stepsOf(workflow.definition.steps)).map((one) => [one.id, one.title]));
  const change = (next: PeopleFilter) => {
    setChosen(new Set());
    onFilter(next);
  };
  const chips = [
    filter.step === undefined
      ? null
      : {
          key: 'step',
          says: `${result === undefined ? 'Now at' : words(result)} “${titles.get(filter.step) ?? filter.step}”`,
          without: { ...filter, step: undefined, result: undefined },
        },
    filter.outcome === undefined
      ? null
      : { key: 'outcome', says: outcomeWords(filter.outcome), without: { ...filter, outcome: undefined } },
  ].filter((chip) => chip !== null);
  const filtered = state !== undefined || chips.length > 0 || filter.q !== undefined;
  const columns: Column<Row>[] = [
    {
      key: 'who',
      header: 'Who',
      cell: (row) => (
        <>
          <Link to="/people/$personId" params={{ personId: row.person_id }} className="font-medium hover:underline">
            {row.name || row.email || 'Unnamed'}
          </Link>
          <span className="block truncate text-xs text-ink-3 sm:hidden">{whereWords(row, titles)}</span>
          {row.organisation === null ? null : <span className="hidden text-xs text-ink-3 sm:inline"> · {row.organisation}</span>}
        </>
      ),
    },
    { key: 'state', header: 'State', className: 'w-28 sm:w-32', cell: (row) => <RunState state={row.state} /> },
    { key: 'where', header: 'Where', className: 'hidden sm:table-cell w-[30%] text-ink-2', cell: (row) => whereWords(row, titles) },
    {
      key: 'next',
      header: 'Next',
      className: 'hidden md:table-cell w-32',
      cell: (row) => (row.due_at === null ? '–' : <When at={row.due_at} />),
    },
    { key: 'started', header: 'Came in', className: 'hidden lg:table-cell w-32', cell: (row) => <When at={row.started_at} /> },
  ];
  return (
    <>
      <Tabs
        label="State of the runs"
        value={state ?? 'all'}
        onChange={(value) => change({ ...filter, state: value === 'all' ? undefined : value })}
        items={[
          { value: 'all' as const, label: 'All' },
          ...runStates.map((one) => ({ value: one, label: runStateLabel(one), count: workflow.runs[one] })),
        ]}
      />
      <div className="my-3 flex min-h-8 flex-wrap items-center gap-2">
        <label className="relative min-w-0 flex-1 basis-48 sm:max-w-72">
          <Search aria-hidden className="pointer-events-none absolute top-2 left-2.5 size-4 text-ink-3" />
          <input
            type="search"
            aria-label="Search people of this sequence by name or email"
            placeholder="Name or email"
            value={text}
            onChange={(event) => {
              setText(event.target.value);
              change({ ...filter, q: event.target.value.trim() === '' ? undefined : event.target.value.trim() });
            }}
            className="h-8 w-full rounded-md border border-line-strong bg-panel pr-2 pl-8 text-sm shadow-raise"
          />
        </label>
        {chips.map((chip) => (
          <Button key={chip.key} size="sm" onClick={() => change(chip.without)}>
            {chip.says} <X />
          </Button>
        ))}
        {chosen.size === 0 ? null : (
          <RemoveChosen workflow={workflow} rows={people.rows.filter((row) => chosen.has(row.id))} onDone={() => setChosen(new Set())} />
        )}
      </div>
      {people.error !== null && people.rows.length === 0 ? (
        <Failure what="The people could not be loaded." error={people.error} retry={() => void people.refetch()} />
      ) : people.isPending ? (
        <div className="rounded-xl border bg-panel">
          <SkeletonRows />
        </div>
      ) : people.rows.length === 0 ? (
        <div className="rounded-xl border bg-panel">
          <Empty
            icon={<Users />}
            title={filtered ? 'Nobody fits these filters' : 'Nobody is in this sequence yet'}
            action={
              filtered ? (
                <Button
                  onClick={() => {
                    setText('');
                    change({});
                  }}
                >
                  Show everybody
                </Button>
              ) : (
                <Button kind="primary" onClick={onEnrol}>
                  Enrol people
                </Button>
              )
            }
          >
            {filtered ? undefined : 'New leads come in by themselves while it is on; others you enrol by hand.'}
          </Empty>
        </div>
      ) : (
        <DataTable
          label="People in this sequence"
          list={people}
          columns={columns}
          rowKey={(row) => row.id}
          onOpen={(row) => void navigate({ to: '/runs/$runId', params: { runId: row.id } })}
          chosen={chosen}
          onChoose={setChosen}
        />
      )}
    </>
  );
}

const words = (result: (typeof results)[number]) =>
  ({ reached: 'Came to', sent: 'Got', blocked: 'Blocked at', bounced: 'Bounced at', replied: 'Replied to' })[result];

function whereWords(row: Row, titles: ReadonlyMap<string, string>): string {
  if (row.state === 'failed') return row.error ?? 'failed';
  if (row.state === 'cancelled') return row.reason === null ? 'taken out' : reasonWords(row.reason);
  if (row.outcome !== null) return outcomeWords(row.outcome);
  return titles.get(row.step_id ?? '') ?? '–';
}

function RemoveChosen({ workflow, rows, onDone }: { workflow: Output<'workflows.get'>; rows: readonly Row[]; onDone: () => void }) {
  const live = rows.filter((row) => ['running', 'waiting', 'paused'].includes(row.state));
  const remove = useAct('workflows.remove', {
    refresh: ['workflows', 'runs', 'system'],
    done: ({ ended }) => `${countOf(ended, 'person', 'people')} taken out.`,
    onDone,
  });
  return (
    <div className="flex items-center gap-2 rounded-md bg-accent-soft py-0.5 pr-1 pl-3 text-sm text-accent-ink">
      {countOf(rows.length, 'person', 'people')} chosen
      <Confirm
        title={`Take ${countOf(live.length, 'person', 'people')} out of ${workflow.title}?`}
        action="Take out"
        onConfirm={() => remove.mutate({ workflow_id: workflow.id, run_ids: live.map((row) => row.id) })}
        trigger={(ask) => (
          <Button size="sm" disabled={live.length === 0} busy={remove.isPending} onClick={ask}>
            <UserMinus /> Take out
          </Button>
        )}
      >
        Their runs end at once: what is not sent yet will not be. You can enrol them again.
        {live.length < rows.length ? ` ${rows.length - live.length} of the chosen are through already.` : ''}
      </Confirm>
      <Button kind="quiet" size="icon" aria-label="Choose none" onClick={onDone}>
        <X />
      </Button>
    </div>
  );
}
