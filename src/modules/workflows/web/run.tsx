import { Link, useParams } from '@tanstack/react-router';
import { CircleAlert, CircleCheck, Pause, Play, RotateCw, Square } from 'lucide-react';
import type { Output } from '#web/kit/api.ts';
import type { Tone } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { Confirm } from '#web/kit/confirm.tsx';
import { countOf, words } from '#web/kit/format.ts';
import { Json } from '#web/kit/json.tsx';
import { Page } from '#web/kit/page.tsx';
import { Facts, Panel } from '#web/kit/panel.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Empty, Failure, Note } from '#web/kit/states.tsx';
import { lengthOf, momentOf, When } from '#web/kit/time.tsx';
import { Timeline, TimelineItem } from '#web/kit/timeline.tsx';
import { stepIcon } from './flow.tsx';
import { RunState } from './run-state.tsx';

type Run = Output<'runs.get'>;
type Entry = Run['journal'][number];

export function RunPage() {
  const { runId } = useParams({ from: '/shell/runs/$runId' });
  const run = useRead('runs.get', { run_id: runId }, { everyMs: 5_000 });
  if (run.data === undefined) {
    return (
      <Page title="Run" back={{ to: '/sequences', label: 'Sequences' }}>
        {run.error === null ? (
          <SkeletonLines lines={6} />
        ) : (
          <Failure what="The run could not be loaded." error={run.error} retry={() => void run.refetch()} />
        )}
      </Page>
    );
  }
  const data = run.data;
  return (
    <Page
      title={`${data.subject.name || 'Run'} · ${data.workflow_title}`}
      back={{ to: `/sequences/${data.workflow_id}`, label: data.workflow_title }}
      heading={
        <h1 className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xl font-semibold">
          {data.person_id === null ? (
            data.subject.name || 'Run'
          ) : (
            <Link to="/people/$personId" params={{ personId: data.person_id }} className="hover:underline">
              {data.subject.name || 'Unnamed person'}
            </Link>
          )}
          <span className="text-sm font-normal tracking-normal">
            <RunState state={data.state} />
          </span>
        </h1>
      }
      actions={<Actions run={data} />}
    >
      {data.error === null ? null : (
        <Note tone="bad" className="mb-5">
          {data.error}
        </Note>
      )}
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_18rem]">
        <Panel title="Steps">
          {data.journal.length === 0 ? (
            <Empty title="Not started yet">The first step runs in a moment.</Empty>
          ) : (
            <Timeline label="Steps of the run">
              {data.journal.map((entry) => (
                <StepEntry key={entry.id} run={data} entry={entry} />
              ))}
            </Timeline>
          )}
        </Panel>
        <Panel title="About">
          <Facts
            rows={[
              ['Sequence', data.workflow_title],
              ['Version', String(data.version)],
              ['Started', momentOf(data.started_at)],
              ['By', words(data.trigger_type)],
              ['Ended', data.completed_at === null ? '–' : momentOf(data.completed_at)],
              ['Next', data.due_at === null ? '–' : <When key="n" at={data.due_at} exact className="num" />],
              ['Outcome', data.outcome === null ? '–' : words(data.outcome)],
            ]}
          />
        </Panel>
      </div>
    </Page>
  );
}

const marks: Record<string, Tone> = { done: 'ok', failed: 'bad', waiting: 'accent', running: 'accent' };

function StepEntry({ run, entry }: { run: Run; entry: Entry }) {
  const retry = useAct('runs.retry', { refresh: ['runs', 'workflows'], done: 'The run starts again from this step.' });
  const ended = run.state === 'failed' || run.state === 'done' || run.state === 'cancelled';
  return (
    <TimelineItem
      icon={entry.state === 'failed' ? <CircleAlert /> : entry.state === 'done' ? <CircleCheck /> : stepIcon(entry.step_type)}
      tone={marks[entry.state] ?? 'neutral'}
      title={
        <>
          <span className="font-medium">{entry.title}</span>
          <span className="text-ink-3"> · {words(entry.step_type).toLowerCase()}</span>
          {entry.attempt > 1 ? <span className="text-ink-3"> · {countOf(entry.attempt, 'attempt')}</span> : null}
        </>
      }
      at={entry.started_at}
      exact
    >
      <div className="space-y-2 text-sm text-ink-2">
        {entry.error === null ? null : <p className="text-bad">{entry.error}</p>}
        {entry.reason === null ? null : <p>{entry.reason}</p>}
        <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
          {entry.ended_at === null ? null : (
            <span className="num text-xs text-ink-3">
              took {lengthOf(new Date(entry.ended_at).getTime() - new Date(entry.started_at).getTime())}
            </span>
          )}
          {ended ? (
            <Confirm
              title={`Run again from “${entry.title}”?`}
              action="Run again from here"
              onConfirm={() => retry.mutate({ run_id: run.id, step_id: entry.step_id })}
              trigger={(ask) => (
                <button
                  type="button"
                  onClick={ask}
                  disabled={retry.isPending}
                  className="rounded-sm text-xs font-medium text-accent-ink hover:underline"
                >
                  Retry from here
                </button>
              )}
            >
              <p>The steps from here on run again with today’s facts. A message that was sent already is not sent twice.</p>
            </Confirm>
          ) : null}
        </div>
        {isEmpty(entry.input) ? null : <Json label="Input" value={entry.input} />}
        {isEmpty(entry.output) ? null : <Json label="Output" value={entry.output} />}
      </div>
    </TimelineItem>
  );
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || (typeof value === 'object' && Object.keys(value).length === 0);
}

function Actions({ run }: { run: Run }) {
  const refresh = ['runs', 'workflows', 'people'];
  const pause = useAct('runs.pause', { refresh, done: 'Paused. Nothing happens until you resume it.' });
  const resume = useAct('runs.resume', { refresh, done: 'Resumed.' });
  const cancel = useAct('runs.cancel', { refresh, done: 'Cancelled.' });
  const retry = useAct('runs.retry', { refresh, done: 'The run goes on.' });
  const input = { run_id: run.id };
  const live = run.state === 'running' || run.state === 'waiting' || run.state === 'paused';
  return (
    <>
      {run.state === 'failed' ? (
        <Button kind="primary" busy={retry.isPending} onClick={() => retry.mutate(input)}>
          <RotateCw /> Retry
        </Button>
      ) : null}
      {run.state === 'paused' ? (
        <Button kind="primary" busy={resume.isPending} onClick={() => resume.mutate(input)}>
          <Play /> Resume
        </Button>
      ) : live ? (
        <Button busy={pause.isPending} onClick={() => pause.mutate(input)}>
          <Pause /> Pause
        </Button>
      ) : null}
      {live ? (
        <Confirm
          title="Cancel this run?"
          action="Cancel the run"
          danger
          onConfirm={() => cancel.mutate(input)}
          trigger={(ask) => (
            <Button busy={cancel.isPending} onClick={ask}>
              <Square /> Cancel
            </Button>
          )}
        >
          <p>Nothing more of it happens. What was sent stays sent. You can retry from any step later.</p>
        </Confirm>
      ) : null}
    </>
  );
}
