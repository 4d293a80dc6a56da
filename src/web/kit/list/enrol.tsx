import { useState } from 'react';
import { toast } from '#web/kit/toast.ts';
import type { Input } from '../api.ts';
import { Button } from '../button.tsx';
import { Dialog } from '../dialog.tsx';
import { Checkbox } from '../field.tsx';
import { count as number, countOf } from '../format.ts';
import { useAct, useRead } from '../query.ts';
import { SkeletonLines } from '../skeleton.tsx';
import { Failure, Note } from '../states.tsx';
import { Picker } from './picker.tsx';

type Check = Input<'workflows.enrol_check'>;
type Warning = NonNullable<Check['leave_out']>[number];
type Who = Pick<Check, 'lead_ids' | 'person_ids'>;

/** Chosen rows into a sequence: which one, what speaks against whom, then go, with a way back. */
export function EnrolChosen({
  who,
  of,
  onClose,
  onDone,
}: {
  who: Who;
  /** How many were meant, when that is more than these. */
  of?: number | undefined;
  onClose: () => void;
  onDone: () => void;
}) {
  const sequences = useRead('workflows.list', { active: true, limit: 100 });
  const [workflow, setWorkflow] = useState<{ id: string; title: string } | null>(null);
  if (workflow === null)
    return (
      <Picker
        title="Enrol in a sequence"
        choices={(sequences.data?.items ?? []).map((one) => ({ value: one.id, label: one.title }))}
        empty={sequences.isPending ? 'Loading…' : 'No sequence is switched on. Switch one on under Sequences.'}
        onPick={(id) => setWorkflow(sequences.data?.items.find((one) => one.id === id) ?? null)}
        onClose={onClose}
      />
    );
  return <Findings workflow={workflow} who={who} of={of} onClose={onClose} onDone={onDone} />;
}

function Findings({
  workflow,
  who,
  of,
  onClose,
  onDone,
}: {
  workflow: { id: string; title: string };
  who: Who;
  of: number | undefined;
  onClose: () => void;
  onDone: () => void;
}) {
  const [leaveOut, setLeaveOut] = useState<readonly Warning[]>([]);
  const input = { workflow_id: workflow.id, ...who, leave_out: [...leaveOut] };
  const check = useRead('workflows.enrol_check', input, { keep: true });
  const back = useAct('workflows.remove', {
    refresh: ['workflows', 'runs', 'system'],
    done: ({ ended }) => `${countOf(ended, 'person', 'people')} taken out again.`,
  });
  const start = useAct('workflows.enrol', {
    refresh: ['workflows', 'runs', 'messages', 'system', 'leads'],
    onDone: ({ started, enrolment_id: enrolmentId }) => {
      onClose();
      onDone();
      toast.success(`${countOf(started, 'person', 'people')} enrolled in ${workflow.title}.`, {
        duration: 15_000,
        ...(started > 0
          ? { action: { label: 'Undo', onClick: () => back.mutate({ workflow_id: workflow.id, enrolment_id: enrolmentId }) } }
          : {}),
      });
    },
  });
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`Enrol in ${workflow.title}`}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            busy={start.isPending}
            disabled={check.data === undefined || check.data.enter === 0}
            onClick={() => start.mutate(input)}
          >
            Enrol {check.data === undefined ? '' : countOf(check.data.enter, 'person', 'people')}
          </Button>
        </>
      }
    >
      {check.error !== null && check.data === undefined ? (
        <Failure what="This could not be checked." error={check.error} retry={() => void check.refetch()} />
      ) : check.data === undefined ? (
        <SkeletonLines />
      ) : (
        <div className="space-y-3 text-sm">
          {of === undefined || of <= check.data.asked ? null : (
            <Note tone="warn">
              The first {number(check.data.asked)} of {number(of)} are taken: no more can be enrolled at once. Enrol again for the next
              ones; who is in the sequence already stays out.
            </Note>
          )}
          <p className="text-ink-2">
            {check.data.enter} of {countOf(check.data.asked, 'person', 'people')} will enter.
            {check.data.findings.length === 0 ? ' Nothing speaks against it.' : ''}
          </p>
          <ul className="space-y-2">
            {check.data.findings.map((finding) =>
              finding.barrier ? (
                <li key={finding.kind} className="text-ink-2">
                  {finding.says}: left out.
                </li>
              ) : (
                <li key={finding.kind}>
                  <Checkbox
                    label={`${finding.says}: leave out`}
                    hint={finding.people
                      .slice(0, 3)
                      .map((one) => `${one.name} (${one.detail})`)
                      .join(', ')}
                    // A finding that is no barrier is a warning.
                    checked={leaveOut.includes(finding.kind as Warning)}
                    onCheckedChange={(on) =>
                      // as above
                      setLeaveOut((old) => (on === true ? [...old, finding.kind as Warning] : old.filter((kind) => kind !== finding.kind)))
                    }
                  />
                </li>
              ),
            )}
          </ul>
        </div>
      )}
    </Dialog>
  );
}
