import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { toast } from '#web/kit/toast.ts';
import { Button } from '#web/kit/button.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Field, Select } from '#web/kit/field.tsx';
import { countOf } from '#web/kit/format.ts';
import { useAct, useList, useRead } from '#web/kit/query.ts';
import { Skeleton } from '#web/kit/skeleton.tsx';
import { Failure, Note } from '#web/kit/states.tsx';

/** The members of a segment enter a sequence: first who can and what speaks against it, then the start, with a way back. */
export function EnrolSegment({ segmentId, open, onClose }: { segmentId: string; open: boolean; onClose: () => void }) {
  const [workflowId, setWorkflowId] = useState('');
  const workflows = useList('workflows.list', { limit: 100 }, { enabled: open });
  const members = useRead('segments.person_ids', { segment_id: segmentId }, { enabled: open });
  const ids = members.data?.person_ids ?? [];
  const check = useRead(
    'workflows.enrol_check',
    { workflow_id: workflowId, person_ids: ids },
    { enabled: open && workflowId !== '' && ids.length > 0, keep: true },
  );
  const back = useAct('workflows.remove', {
    refresh: ['workflows', 'runs'],
    done: ({ ended }) => `${countOf(ended, 'person', 'people')} taken out again.`,
  });
  const start = useAct('workflows.enrol', {
    refresh: ['workflows', 'runs', 'messages'],
    onDone: ({ started, enrolment_id: enrolmentId }) => {
      onClose();
      toast.success(`${countOf(started, 'person', 'people')} enrolled.`, {
        duration: 15_000,
        action: { label: 'Undo', onClick: () => back.mutate({ workflow_id: workflowId, enrolment_id: enrolmentId }) },
      });
    },
  });
  const choices = workflows.rows.filter((workflow) => workflow.active && (workflow.subject === 'lead' || workflow.subject === 'person'));
  const enter = check.data?.enter ?? 0;
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
      title="Enrol in a sequence"
      description="Those who are members now. To enrol whoever enters later, too, let the sequence start with this segment."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            disabled={enter === 0}
            busy={start.isPending}
            onClick={() => start.mutate({ workflow_id: workflowId, person_ids: ids })}
          >
            {enter === 0 ? 'Enrol' : `Enrol ${countOf(enter, 'person', 'people')}`}
          </Button>
        </>
      }
    >
      <div className="space-y-4">
        {workflows.error === null ? (
          <Field label="Sequence">
            {(control) => (
              <Select {...control} value={workflowId} onChange={(event) => setWorkflowId(event.target.value)}>
                <option value="" disabled>
                  {workflows.isPending ? 'Loading…' : choices.length === 0 ? 'No sequence is switched on' : 'Choose…'}
                </option>
                {choices.map((workflow) => (
                  <option key={workflow.id} value={workflow.id}>
                    {workflow.title}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        ) : (
          <Failure what="The sequences could not be loaded." error={workflows.error} />
        )}
        {!workflows.isPending && choices.length === 0 ? (
          <Note>
            Switch a sequence on first: <Link to="/sequences">Sequences</Link>.
          </Note>
        ) : null}
        {members.data !== undefined && members.data.total > ids.length ? (
          <Note tone="warn">Only the latest {countOf(ids.length, 'member')} can be enrolled at once.</Note>
        ) : null}
        {workflowId === '' ? null : check.error !== null ? (
          <Note tone="bad">{check.error.message}</Note>
        ) : check.data === undefined ? (
          <Skeleton className="h-5 w-60" />
        ) : (
          <ul className="space-y-1 text-sm">
            <li>
              {countOf(check.data.enter, 'person', 'people')} would enter, {countOf(check.data.left_out, 'person', 'people')} would not.
            </li>
            {check.data.findings.map((finding) => (
              <li key={finding.kind} className="text-ink-2">
                {finding.says}
              </li>
            ))}
          </ul>
        )}
      </div>
    </Dialog>
  );
}
