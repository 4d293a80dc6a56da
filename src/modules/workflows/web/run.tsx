import { Link, useParams } from '@tanstack/react-router';
import { Radio } from 'lucide-react';
import { useState } from 'react';
import type { Output } from '#web/kit/api.ts';
import { words } from '#web/kit/format.ts';
import { Page } from '#web/kit/page.tsx';
import { Facts, Panel } from '#web/kit/panel.tsx';
import { useRead } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Failure } from '#web/kit/states.tsx';
import { lengthOf, momentOf, When } from '#web/kit/time.tsx';
import { useLiveRuns } from './live-runs.ts';
import { RunActions } from './run-actions.tsx';
import { RunAside } from './run-aside.tsx';
import { reasonWords } from './results.tsx';
import { RunCause } from './run-cause.tsx';
import { ForwardDialog } from './run-forward.tsx';
import { RunState } from './run-state.tsx';
import { RunTimeline } from './run-timeline.tsx';

export type Run = Output<'runs.get'>;

const POLL_MS = 5_000;
/** With a stream, looked at again now and then all the same. */
const RARELY_MS = 60_000;

/** One run: what happened step by step, why it stands still, and the buttons that help. */
export function RunPage() {
  const { runId } = useParams({ from: '/shell/runs/$runId' });
  const live = useLiveRuns({ runId }, ['runs.get', 'runs.forward']);
  const run = useRead('runs.get', { run_id: runId }, { everyMs: live ? RARELY_MS : POLL_MS });
  const [from, setFrom] = useState<string | null>(null);
  const back = { to: '/runs', label: 'Runs' } as const;
  if (run.data === undefined) {
    return (
      <Page title="Run" back={back}>
        {run.error === null ? (
          <SkeletonLines lines={6} />
        ) : (
          <Failure what="The run could not be loaded." error={run.error} retry={() => void run.refetch()} />
        )}
      </Page>
    );
  }
  const data = run.data;
  const name = data.subject.name ?? (data.subject.type === 'company' ? data.workflow_title : 'Unnamed');
  return (
    <Page
      title={`${name} · ${data.workflow_title}`}
      back={back}
      heading={
        <h1 className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xl font-semibold">
          {data.person_id === null ? (
            name
          ) : (
            <Link to="/people/$personId" params={{ personId: data.person_id }} className="hover:underline">
              {name}
            </Link>
          )}
          <span className="text-sm font-normal tracking-normal">
            <RunState state={data.state} />
          </span>
          {live ? (
            <span className="inline-flex items-center gap-1.5 text-xs font-normal tracking-normal text-ink-3">
              <Radio aria-hidden className="size-3.5" /> Live
            </span>
          ) : null}
        </h1>
      }
      lead={leadOf(data)}
      actions={<RunActions run={data} onForward={() => setFrom(data.step_id ?? '')} />}
    >
      <RunCause run={data} onForward={() => setFrom(data.step_id ?? '')} />
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_19rem]">
        <Panel title="Steps">
          <RunTimeline run={data} onFrom={setFrom} />
        </Panel>
        <div className="space-y-6">
          <Panel title="About">
            <Facts
              rows={[
                [
                  'Workflow',
                  <Link key="w" to="/workflows/$workflowId" params={{ workflowId: data.workflow_id }} className="text-accent-ink underline">
                    {data.workflow_title}
                  </Link>,
                ],
                [
                  'Version',
                  data.version === data.newest_version ? `${data.version}, the newest` : `${data.version} of ${data.newest_version}`,
                ],
                ['Started', momentOf(data.started_at)],
                ['By', triggerOf(data)],
                ['Ended', data.completed_at === null ? '–' : momentOf(data.completed_at)],
                ['Took', lengthOf(new Date(data.completed_at ?? data.updated_at).getTime() - new Date(data.started_at).getTime())],
                ['Next', data.due_at === null ? '–' : <When key="n" at={data.due_at} exact className="num" />],
                ['Outcome', data.outcome === null ? '–' : words(data.outcome)],
              ]}
            />
          </Panel>
          <RunAside run={data} />
        </div>
      </div>
      {from === null ? null : <ForwardDialog run={data} from={from} onClose={() => setFrom(null)} />}
    </Page>
  );
}

/** Where it stands, in a line. */
function leadOf(run: Run): string {
  const at = run.step_title === null ? '' : ` at “${run.step_title}”`;
  switch (run.state) {
    case 'waiting':
      return `Waits${at}${run.reason === null ? '' : `: ${run.reason}`}`;
    case 'running':
      return `Works${at}`;
    case 'paused':
      return `Stands still${at}${run.reason === null ? '' : `: ${run.reason}`}`;
    case 'failed':
      return `Stopped${at}`;
    case 'cancelled':
      return `Ended${at}${run.reason === null ? '' : `: ${reasonWords(run.reason)}`}`;
    default:
      return run.outcome === null ? 'Through' : `Through: ${words(run.outcome)}`;
  }
}

function triggerOf(run: Run): string {
  return run.trigger_id.startsWith('replay:') ? 'Copy of another run' : words(run.trigger_type);
}
