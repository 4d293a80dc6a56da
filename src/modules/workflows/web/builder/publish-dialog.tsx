import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Input as In, Output } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Checkbox, Field, Input, Select } from '#web/kit/field.tsx';
import { countOf } from '#web/kit/format.ts';
import { useAct, useRead } from '#web/kit/query.ts';
import { SkeletonRows } from '#web/kit/skeleton.tsx';
import { Failure, Note } from '#web/kit/states.tsx';
import { Rehearsed } from '../rehearsed.tsx';
import type { Definition } from './definition.ts';
import { wire } from './use-draft.ts';

type Cohort = Output<'workflows.cohorts'>['items'][number];
type Choice = In<'workflows.publish'>['cohorts'] extends (infer One)[] | undefined ? One : never;

interface Picked {
  choice: 'stay' | 'move' | 'finish';
  to: string;
}

/** A new version, and for everybody who is under way: stay on the old one, move to a step of the new one, or finish. */
export function PublishDialog({
  workflowId,
  definition,
  version,
  active,
  onDone,
  onClose,
}: {
  workflowId: string;
  definition: Definition;
  /** The draft that was looked at. */
  version: string | null;
  /** Its triggers start runs already. */
  active: boolean;
  onDone: (answer: Output<'workflows.publish'>) => void;
  onClose: () => void;
}) {
  const cohorts = useRead('workflows.cohorts', { workflow_id: workflowId, definition: wire(definition) });
  const [picked, setPicked] = useState<Readonly<Record<string, Picked>>>({});
  const [note, setNote] = useState('');
  const [on, setOn] = useState(!active);
  const switchOn = useAct('workflows.update', { refresh: ['workflows'], onDone: () => onClose() });
  const publish = useAct('workflows.publish', {
    quiet: true,
    refresh: ['workflows', 'runs', 'schedules', 'system'],
    done: ({ published, moved, finished }) =>
      `Version ${published} is published.${moved > 0 ? ` ${countOf(moved, 'run')} moved.` : ''}${finished > 0 ? ` ${countOf(finished, 'run')} finished.` : ''}`,
    onDone: (answer) => {
      if (on && !active) switchOn.mutate({ workflow_id: workflowId, active: true });
      onDone(answer);
    },
  });
  const items = cohorts.data?.items ?? [];
  const keyOf = (one: Cohort) => `${one.version}/${one.step_id}`;
  const of = (one: Cohort): Picked => picked[keyOf(one)] ?? { choice: one.suggestion, to: one.to_step_id ?? '' };
  const missing = items.some((one) => of(one).choice === 'move' && of(one).to === '');
  const rehearsed = cohorts.data?.rehearsed ?? null;
  const submit = () =>
    publish.mutate({
      workflow_id: workflowId,
      definition: wire(definition),
      cohorts: items.map((one): Choice => {
        const { choice, to } = of(one);
        return { version: one.version, step_id: one.step_id, choice, ...(choice === 'move' ? { to_step_id: to } : {}) };
      }),
      ...(note.trim() === '' ? {} : { note: note.trim() }),
      ...(rehearsed?.holds === true && rehearsed.hash !== null ? { rehearsal_hash: rehearsed.hash } : {}),
      ...(version === null ? {} : { if_match: version }),
    });
  const underWay = items.reduce((sum, one) => sum + one.live, 0);
  return (
    <Dialog
      open
      wide
      onOpenChange={onClose}
      title={`Publish ${definition.title}`}
      description={
        underWay === 0
          ? 'New runs get this version. Nobody is under way.'
          : `New runs get this version. ${countOf(underWay, 'run')} under way: say what becomes of them, step by step.`
      }
      footer={
        <>
          <Button onClick={onClose}>Not yet</Button>
          <Button kind="primary" disabled={cohorts.data === undefined || missing} busy={publish.isPending} onClick={submit}>
            Publish
          </Button>
        </>
      }
    >
      {publish.error === null ? null : (
        <Note tone="bad" className="mb-3">
          {publish.error.message}
        </Note>
      )}
      {rehearsed === null || definition.subject === 'company' ? null : (
        <Rehearsed
          rehearsed={rehearsed}
          again={
            <Button asChild>
              <Link to="/rehearsals" search={{ workflow: workflowId, start: '1' }}>
                Rehearse it
              </Link>
            </Button>
          }
        />
      )}
      {cohorts.error !== null && cohorts.data === undefined ? (
        <Failure what="Who is under way could not be read." error={cohorts.error} retry={() => void cohorts.refetch()} />
      ) : cohorts.data === undefined ? (
        <SkeletonRows rows={3} />
      ) : (
        items.length > 0 && (
          <ul aria-label="Who is under way" className="mb-4 divide-y rounded-lg border">
            {items.map((one) => (
              <CohortRow
                key={keyOf(one)}
                cohort={one}
                steps={cohorts.data.steps}
                picked={of(one)}
                onPick={(next) => setPicked({ ...picked, [keyOf(one)]: next })}
              />
            ))}
          </ul>
        )
      )}
      <Field label="What changed" hint="For those who look at the versions later." optional>
        {(control) => <Input {...control} value={note} maxLength={500} onChange={(event) => setNote(event.target.value)} />}
      </Field>
      {active ? null : (
        <Checkbox
          className="mt-4"
          label="Switch it on"
          hint="From then on its triggers start runs. It is off now."
          checked={on}
          onCheckedChange={(checked) => setOn(checked === true)}
        />
      )}
    </Dialog>
  );
}

function CohortRow({
  cohort,
  steps,
  picked,
  onPick,
}: {
  cohort: Cohort;
  steps: readonly { step_id: string; title: string }[];
  picked: Picked;
  onPick: (next: Picked) => void;
}) {
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 px-3.5 py-3">
      <div className="min-w-0 flex-1 basis-52">
        <div className="text-sm font-medium">
          {countOf(cohort.live, 'run')} at “{cohort.step_title}”
        </div>
        <div className="text-xs text-ink-3">
          version {cohort.version}
          {picked.choice === cohort.suggestion && cohort.says !== '' ? ` · ${cohort.says}` : ''}
        </div>
      </div>
      <div className="flex flex-wrap gap-2">
        <Select
          aria-label={`What becomes of those at ${cohort.step_title}`}
          className="w-36"
          value={picked.choice}
          onChange={(event) => {
            const choice = (['stay', 'move', 'finish'] as const).find((one) => one === event.target.value) ?? 'stay';
            onPick({ choice, to: picked.to || (cohort.to_step_id ?? '') });
          }}
        >
          <option value="stay">Stay on theirs</option>
          <option value="move">Move to…</option>
          <option value="finish">Finish</option>
        </Select>
        {picked.choice === 'move' ? (
          <Select
            aria-label={`Where those at ${cohort.step_title} go on`}
            className="w-52"
            value={picked.to}
            onChange={(event) => onPick({ choice: 'move', to: event.target.value })}
          >
            {picked.to === '' ? <option value="">Choose a step…</option> : null}
            {steps.map((step) => (
              <option key={step.step_id} value={step.step_id}>
                {step.title}
              </option>
            ))}
          </Select>
        ) : null}
      </div>
    </li>
  );
}
