import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Button } from '#web/kit/button.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Field, Input, Select } from '#web/kit/field.tsx';
import { countOf } from '#web/kit/format.ts';
import { useAct, useList } from '#web/kit/query.ts';
import { Note } from '#web/kit/states.tsx';

/** What, whom, how far, and what they do. */
export function StartRehearsal({ workflowId, open, onClose }: { workflowId: string | undefined; open: boolean; onClose: () => void }) {
  const navigate = useNavigate();
  const [chosen, setChosen] = useState('');
  const [segment, setSegment] = useState('');
  const [days, setDays] = useState('30');
  const [replies, setReplies] = useState<'none' | 'history'>('none');
  const workflows = useList('workflows.list', { limit: 100 }, { enabled: open });
  const segments = useList('segments.list', { limit: 200 }, { enabled: open });
  const start = useAct('rehearsals.start', {
    refresh: ['rehearsals'],
    quiet: true,
    onDone: ({ id }) => void navigate({ to: '/rehearsals/$rehearsalId', params: { rehearsalId: id } }),
  });
  const choices = workflows.rows.filter((row) => row.subject === 'lead' || row.subject === 'person');
  const workflow = chosen === '' ? (workflowId ?? choices[0]?.id ?? '') : chosen;
  const who = segment === '' ? (segments.rows[0]?.id ?? '') : segment;
  const length = Number(days);
  const good = workflow !== '' && who !== '' && Number.isInteger(length) && length >= 1 && length <= 180;
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
      title="Rehearse"
      description="The sequence runs to its end on these people, on a clock of its own. Nothing leaves and nothing of theirs changes."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            disabled={!good}
            busy={start.isPending}
            onClick={() => start.mutate({ workflow_id: workflow, segment_id: who, days: length, replies })}
          >
            Rehearse
          </Button>
        </>
      }
    >
      <div className="space-y-4">
        <Field label="Sequence">
          {(control) => (
            <Select {...control} value={workflow} onChange={(event) => setChosen(event.target.value)}>
              {choices.map((row) => (
                <option key={row.id} value={row.id}>
                  {row.title}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="People" hint="Whoever is in this segment now.">
          {(control) => (
            <Select {...control} value={who} onChange={(event) => setSegment(event.target.value)}>
              {segments.rows.map((row) => (
                <option key={row.id} value={row.id}>
                  {row.name} ({countOf(row.member_count, 'person', 'people')})
                </option>
              ))}
            </Select>
          )}
        </Field>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Days to look ahead" hint="1 to 180">
            {(control) => (
              <Input {...control} type="number" min={1} max={180} value={days} onChange={(event) => setDays(event.target.value)} />
            )}
          </Field>
          <Field
            label="Replies"
            hint={replies === 'none' ? 'The most mail there can be.' : 'As many and as late as in the last half year.'}
          >
            {(control) => (
              <Select {...control} value={replies} onChange={(event) => setReplies(event.target.value === 'history' ? 'history' : 'none')}>
                <option value="none">Nobody replies</option>
                <option value="history">As people did so far</option>
              </Select>
            )}
          </Field>
        </div>
        {segments.isSuccess && segments.rows.length === 0 ? (
          <Note tone="warn">There is no segment yet. Make one under Segments: it says whom to rehearse with.</Note>
        ) : null}
        {start.error === null ? null : <Note tone="bad">{start.error.message}</Note>}
      </div>
    </Dialog>
  );
}
