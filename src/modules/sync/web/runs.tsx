import type { Item } from '#web/kit/api.ts';
import { Status } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { count, countOf } from '#web/kit/format.ts';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useList } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { ShowMore } from '#web/kit/show-more.tsx';
import { SkeletonRows } from '#web/kit/skeleton.tsx';
import { Figure } from '#web/kit/stat.tsx';
import { Empty, Failure } from '#web/kit/states.tsx';
import { lengthOf, When } from '#web/kit/time.tsx';
import { runStates, triggers } from './words.ts';

type Run = Item<'sources.runs'>;

const phases: Record<string, string> = { everything: 'Reading everything', changes: 'Reading what changed', writing: 'Writing back' };

/** The run under way: counts that move. */
export function Progress({ run, sourceId }: { run: Run; sourceId: string }) {
  const may = useMay('manager');
  const stop = useAct('sources.stop', { refresh: ['sources'] });
  const part = run.total === null || run.total === 0 ? null : Math.min(1, run.read / run.total);
  return (
    <Panel
      title={run.trigger === 'archive' ? 'Doing what came in once more' : (phases[run.phase] ?? 'Running')}
      aside={
        may ? (
          <Button size="sm" busy={stop.isPending} onClick={() => stop.mutate({ source_id: sourceId })}>
            Stop
          </Button>
        ) : undefined
      }
    >
      <div
        role="progressbar"
        aria-label="Rows read"
        aria-valuetext={`${count(run.read)} rows`}
        {...(part === null ? {} : { 'aria-valuemin': 0, 'aria-valuemax': 100, 'aria-valuenow': Math.round(part * 100) })}
        className="h-1.5 overflow-hidden rounded-full bg-sunken"
      >
        <div
          className={`h-full rounded-full bg-accent transition-[width] ${part === null ? 'w-1/4 motion-safe:animate-pulse' : ''}`}
          style={part === null ? {} : { width: `${part * 100}%` }}
        />
      </div>
      <div className="mt-4 grid grid-cols-2 gap-4 sm:grid-cols-5">
        <Figure label="read" value={count(run.read)} />
        <Figure label="new" value={count(run.created)} />
        <Figure label="changed" value={count(run.changed)} />
        <Figure label="refused" value={count(run.refused)} />
        <Figure label="opt-outs kept" value={count(run.opt_outs_kept)} />
      </div>
      <p className="mt-3 text-xs text-ink-3">
        {run.waits_until === null ? (
          'You may leave this page; it goes on.'
        ) : (
          <>
            The service asked for quiet. It goes on <When at={run.waits_until} />.
          </>
        )}
      </p>
    </Panel>
  );
}

export function Runs({ sourceId, running }: { sourceId: string; running: boolean }) {
  const runs = useList('sources.runs', { source_id: sourceId, limit: 20 }, { everyMs: running ? 2_000 : false });
  if (runs.error !== null) return <Failure what="The runs could not be loaded." error={runs.error} retry={() => void runs.refetch()} />;
  if (runs.isPending) return <SkeletonRows rows={4} />;
  if (runs.rows.length === 0)
    return <Empty title="It was never read">Press Read everything. You may stop at any moment; what came in stays.</Empty>;
  return (
    <Panel flush>
      <ul className="divide-y text-sm">
        {runs.rows.map((run) => (
          <Line key={run.id} run={run} />
        ))}
      </ul>
      <ShowMore list={runs} />
    </Panel>
  );
}

function Line({ run }: { run: Run }) {
  const [words, tone] = runStates[run.state] ?? [run.state, 'neutral' as const];
  const took = run.finished_at === null ? null : Date.parse(run.finished_at) - Date.parse(run.started_at);
  return (
    <li className="flex flex-wrap items-baseline gap-x-5 gap-y-1 px-4 py-2.5">
      <Status tone={tone} className="w-24">
        {words}
      </Status>
      <div className="min-w-0 flex-1 basis-64">
        <span className="num">{said(run)}</span>
        {run.error === null ? null : <p className="mt-0.5 text-bad">{run.error}</p>}
      </div>
      <span className="text-xs text-ink-3">
        {triggers[run.trigger]} · <When at={run.started_at} />
        {took === null ? null : `, ${lengthOf(took)}`}
      </span>
    </li>
  );
}

/** Only what happened. */
function said(run: Run): string {
  const parts = [
    [run.created, 'new'],
    [run.changed, 'changed'],
    [run.refused, 'refused'],
    [run.conflicts, 'in conflict'],
    [run.written, 'written back'],
    [run.gone, 'gone there'],
    [run.opt_outs_kept, 'opt-outs kept'],
  ] as const;
  const happened = parts.filter(([n]) => n > 0).map(([n, words]) => `${count(n)} ${words}`);
  return `${countOf(run.read, 'row')} read: ${happened.length === 0 ? 'nothing new' : happened.join(', ')}`;
}
