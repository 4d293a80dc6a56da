import { useNavigate } from '@tanstack/react-router';
import { Play, X } from 'lucide-react';
import type { Item, Output } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { useList } from '#web/kit/query.ts';
import { SkeletonRows } from '#web/kit/skeleton.tsx';
import { Empty, Failure } from '#web/kit/states.tsx';
import { DataTable, type Column } from '#web/kit/table.tsx';
import { Tabs } from '#web/kit/tabs.tsx';
import { When } from '#web/kit/time.tsx';
import { RunState, runStateLabel, runStates } from './run-state.tsx';
import { allSteps, stepsOf } from './step-words.ts';

type Run = Item<'runs.list'>;

export function Runs({
  workflow,
  state,
  step,
  onFilter,
}: {
  workflow: Output<'workflows.get'>;
  state: string | undefined;
  step: string | undefined;
  onFilter: (next: { state?: string; step?: string }) => void;
}) {
  const navigate = useNavigate();
  const known = runStates.find((one) => one === state);
  const runs = useList(
    'runs.list',
    {
      workflow_id: workflow.id,
      limit: 100,
      ...(known === undefined ? {} : { state: known }),
      ...(step === undefined ? {} : { step_id: step }),
    },
    { everyMs: 15_000 },
  );
  const titles = new Map(allSteps(stepsOf(workflow.definition.steps)).map((one) => [one.id, one.title]));
  const columns: Column<Run>[] = [
    { key: 'who', header: 'Who', cell: (run) => <span className="font-medium">{run.subject.name ?? 'Unnamed'}</span> },
    { key: 'state', header: 'State', className: 'w-28 sm:w-32', cell: (run) => <RunState state={run.state} /> },
    {
      key: 'step',
      header: 'Step',
      className: 'hidden sm:table-cell w-[26%] text-ink-2',
      cell: (run) => titles.get(run.step_id ?? '') ?? run.outcome ?? '–',
    },
    {
      key: 'next',
      header: 'Next',
      className: 'hidden md:table-cell w-32',
      cell: (run) => (run.due_at === null ? '–' : <When at={run.due_at} />),
    },
    { key: 'started', header: 'Started', className: 'hidden lg:table-cell w-32', cell: (run) => <When at={run.started_at} /> },
  ];
  return (
    <>
      <Tabs
        label="State of the runs"
        value={known ?? 'all'}
        onChange={(value) =>
          onFilter(value === 'all' ? (step === undefined ? {} : { step }) : { state: value, ...(step === undefined ? {} : { step }) })
        }
        items={[
          { value: 'all' as const, label: 'All' },
          ...runStates.map((one) => ({ value: one, label: runStateLabel(one), count: workflow.runs[one] })),
        ]}
        aside={
          step === undefined ? null : (
            <Button size="sm" onClick={() => onFilter(known === undefined ? {} : { state: known })}>
              At “{titles.get(step) ?? step}” <X />
            </Button>
          )
        }
      />
      <div className="mt-3">
        {runs.error !== null && runs.rows.length === 0 ? (
          <Failure what="The runs could not be loaded." error={runs.error} retry={() => void runs.refetch()} />
        ) : runs.isPending ? (
          <div className="rounded-xl border bg-panel">
            <SkeletonRows />
          </div>
        ) : runs.rows.length === 0 ? (
          <div className="rounded-xl border bg-panel">
            <Empty
              icon={<Play />}
              title={known === undefined && step === undefined ? 'Nobody is in this sequence yet' : 'No run is in this state'}
            >
              {known === undefined && step === undefined ? 'Switch the sequence on, then add a lead: its run starts at once.' : undefined}
            </Empty>
          </div>
        ) : (
          <DataTable
            label="Runs"
            rows={runs.rows}
            columns={columns}
            rowKey={(run) => run.id}
            onOpen={(run) => void navigate({ to: '/runs/$runId', params: { runId: run.id } })}
            more={runs.hasNextPage}
            onMore={() => {
              if (!runs.isFetchingNextPage) void runs.fetchNextPage();
            }}
            stale={runs.isPlaceholderData}
          />
        )}
      </div>
    </>
  );
}
