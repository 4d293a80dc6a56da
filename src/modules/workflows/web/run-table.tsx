import { useNavigate } from '@tanstack/react-router';
import type { ComponentProps, ReactNode } from 'react';
import type { Item } from '#web/kit/api.ts';
import type { useList } from '#web/kit/query.ts';
import { SkeletonRows } from '#web/kit/skeleton.tsx';
import { Failure } from '#web/kit/states.tsx';
import { DataTable, type Column } from '#web/kit/table.tsx';
import { When } from '#web/kit/time.tsx';
import { RunState } from './run-state.tsx';

export type Run = Item<'runs.list'>;

/** A list of runs, each a link to its page; `empty` is shown where there is none. */
export function RunTable({
  runs,
  empty,
  ...table
}: {
  runs: ReturnType<typeof useList<'runs.list'>>;
  empty: ReactNode;
} & Pick<ComponentProps<typeof DataTable<Run>>, 'columns' | 'memory' | 'chosen' | 'onChoose'>) {
  const navigate = useNavigate();
  if (runs.error !== null && runs.rows.length === 0)
    return <Failure what="The runs could not be loaded." error={runs.error} retry={() => void runs.refetch()} />;
  if (runs.isPending || runs.rows.length === 0)
    return <div className="rounded-xl border bg-panel">{runs.isPending ? <SkeletonRows /> : empty}</div>;
  return (
    <DataTable
      label="Runs"
      list={runs}
      rowKey={(run) => run.id}
      onOpen={(run) => void navigate({ to: '/runs/$runId', params: { runId: run.id } })}
      {...table}
    />
  );
}

export const stateColumn: Column<Run> = {
  key: 'state',
  header: 'State',
  className: 'w-28 sm:w-32',
  cell: (run) => <RunState state={run.state} />,
};

/** When something happens to it next; `className` says from which width on there is room. */
export const nextColumn = (className: string): Column<Run> => ({
  key: 'next',
  header: 'Next',
  className: `${className} w-32`,
  cell: (run) => (run.due_at === null ? '–' : <When at={run.due_at} />),
});

export const startedColumn = (className: string): Column<Run> => ({
  key: 'started',
  header: 'Started',
  className: `${className} w-32`,
  cell: (run) => <When at={run.started_at} />,
});
