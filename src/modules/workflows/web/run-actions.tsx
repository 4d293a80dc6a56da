import { useNavigate } from '@tanstack/react-router';
import { Copy, FastForward, Pause, Play, RotateCw, Square } from 'lucide-react';
import { Button } from '#web/kit/button.tsx';
import { Confirm } from '#web/kit/confirm.tsx';
import { useAct } from '#web/kit/query.ts';
import type { Run } from './run.tsx';

/** What can be done with a run where it stands. */
export function RunActions({ run, onForward }: { run: Run; onForward: () => void }) {
  const navigate = useNavigate();
  const refresh = ['runs', 'workflows', 'people'];
  const pause = useAct('runs.pause', { refresh, done: 'Paused. Nothing happens until you resume it.' });
  const resume = useAct('runs.resume', { refresh, done: 'Resumed.' });
  const cancel = useAct('runs.cancel', { refresh, done: 'Cancelled.' });
  const retry = useAct('runs.retry', { refresh, done: 'The run goes on.' });
  const replay = useAct('runs.replay', {
    refresh,
    done: 'A copy has begun.',
    onDone: (copy) => void navigate({ to: '/runs/$runId', params: { runId: copy.id } }),
  });
  const input = { run_id: run.id };
  const live = run.state === 'running' || run.state === 'waiting' || run.state === 'paused';
  return (
    <>
      {run.state === 'failed' ? (
        <Button kind="primary" busy={retry.isPending} onClick={() => retry.mutate(input)}>
          <RotateCw /> Retry
        </Button>
      ) : null}
      {live ? null : (
        <Button onClick={onForward}>
          <FastForward /> Go on from a step
        </Button>
      )}
      {live || run.branch !== null ? null : (
        <Confirm
          title="Start a copy of this run?"
          action="Start the copy"
          onConfirm={() => replay.mutate(input)}
          trigger={(ask) => (
            <Button busy={replay.isPending} onClick={ask}>
              <Copy /> Copy
            </Button>
          )}
        >
          <p>A new run begins with the same subject and the same trigger, by version {run.newest_version}.</p>
          <p>Its messages are real: they pass the gate as usual. To see what would happen first, rehearse the workflow.</p>
        </Confirm>
      )}
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
          <p>Nothing more of it happens. What was sent stays sent. You can go on from any step later.</p>
        </Confirm>
      ) : null}
    </>
  );
}
