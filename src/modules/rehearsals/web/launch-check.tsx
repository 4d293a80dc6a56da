import { Link } from '@tanstack/react-router';
import { Rocket } from 'lucide-react';
import { toast } from '#web/kit/toast.ts';
import type { Output } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Confirm } from '#web/kit/confirm.tsx';
import { countOf } from '#web/kit/format.ts';
import { useAct, useRead } from '#web/kit/query.ts';
import { Note } from '#web/kit/states.tsx';

/** Is it still what would be launched? Then it can be, from here; else what has changed, and the way to rehearse again. */
export function LaunchCheck({ rehearsal, entered }: { rehearsal: Output<'rehearsals.get'>; entered: number }) {
  const check = useRead('rehearsals.check', { rehearsal_id: rehearsal.id }, { everyMs: 60_000 });
  const back = useAct('workflows.remove', {
    refresh: ['workflows', 'runs', 'rehearsals', 'system'],
    done: ({ ended }) => `${countOf(ended, 'person', 'people')} taken out again.`,
  });
  const launch = useAct('rehearsals.launch', {
    refresh: ['workflows', 'runs', 'messages', 'rehearsals', 'system'],
    onDone: ({ started, enrolment_id: enrolmentId }) =>
      toast.success(`${countOf(started, 'person', 'people')} enrolled in ${rehearsal.workflow_title}.`, {
        duration: 15_000,
        ...(started === 0
          ? {}
          : { action: { label: 'Undo', onClick: () => back.mutate({ workflow_id: rehearsal.workflow_id, enrolment_id: enrolmentId }) } }),
      }),
  });
  const workflow = useRead('workflows.get', { workflow_id: rehearsal.workflow_id });
  const subject = workflow.data?.subject;
  if (check.data === undefined || subject === undefined) return null;
  if (check.data.same && subject !== 'lead' && subject !== 'person')
    return <Note tone="ok">Nothing has changed since. It starts by its triggers, for each {subject} of its own.</Note>;
  const people = countOf(entered, 'person', 'people');
  if (check.data.same && entered > 0)
    return (
      <Note
        tone="ok"
        action={
          <Confirm
            title={`Enrol ${people} in ${rehearsal.workflow_title}?`}
            action="Enrol them"
            onConfirm={() => launch.mutate({ rehearsal_id: rehearsal.id })}
            trigger={(ask) => (
              <Button kind="primary" busy={launch.isPending} onClick={ask}>
                <Rocket /> Enrol {people}
              </Button>
            )}
          >
            From now on it is in earnest: each of them gets what you see here, when you see it here.
          </Confirm>
        }
      >
        Nothing has changed since: a launch now does what you see here.
      </Note>
    );
  const onlyDraft = rehearsal.version === null && check.data.changes.every((change) => change.part === 'definition');
  if (onlyDraft && !check.data.same)
    return (
      <Note
        action={
          <Button asChild>
            <Link to="/workflows/$workflowId" params={{ workflowId: rehearsal.workflow_id }}>
              Back to the draft
            </Link>
          </Button>
        }
      >
        This is a draft. Publish it as it is, and a launch does what you see here.
      </Note>
    );
  if (check.data.same) return <Note tone="ok">Nothing has changed since: a launch now does what you see here.</Note>;
  return (
    <Note
      tone="warn"
      action={
        <Button asChild>
          <Link
            to="/rehearsals"
            search={{
              workflow: rehearsal.workflow_id,
              start: '1',
              ...(rehearsal.segment_id === null ? {} : { segment: rehearsal.segment_id }),
            }}
          >
            Rehearse again
          </Link>
        </Button>
      }
    >
      A launch now would differ from this rehearsal. {check.data.changes.map((change) => `${change.says}.`).join(' ')}
    </Note>
  );
}
