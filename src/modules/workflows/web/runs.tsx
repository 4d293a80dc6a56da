import { Play, X } from 'lucide-react';
import type { Output } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { useList } from '#web/kit/query.ts';
import { Empty } from '#web/kit/states.tsx';
import type { Column } from '#web/kit/table.tsx';
import { Tabs } from '#web/kit/tabs.tsx';
import { runStateLabel, runStates } from './run-state.tsx';
import { nextColumn, RunTable, startedColumn, stateColumn, type Run } from './run-table.tsx';
import { allSteps, stepsOf } from './step-words.ts';

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
    stateColumn,
    {
      key: 'step',
      header: 'Step',
      className: 'hidden sm:table-cell w-[26%] text-ink-2',
      cell: (run) => titles.get(run.step_id ?? '') ?? run.outcome ?? '–',
    },
    nextColumn('hidden md:table-cell'),
    startedColumn('hidden lg:table-cell'),
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
        <RunTable
          runs={runs}
          columns={columns}
          empty={
            <Empty
              icon={<Play />}
              title={known === undefined && step === undefined ? 'Nobody is in this sequence yet' : 'No run is in this state'}
            >
              {known === undefined && step === undefined ? 'Switch the sequence on, then add a lead: its run starts at once.' : undefined}
            </Empty>
          }
        />
      </div>
    </>
  );
}
