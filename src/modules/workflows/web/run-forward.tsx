import { Check, RotateCw, TriangleAlert } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { Button } from '#web/kit/button.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Field, Select } from '#web/kit/field.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Failure, Note } from '#web/kit/states.tsx';
import type { Run } from './run.tsx';

/** From which step and by which version a run goes on, and with which of its recorded outputs. */
export function ForwardDialog({ run, from, onClose }: { run: Run; from: string; onClose: () => void }) {
  const [stepId, setStep] = useState(from);
  const [version, setVersion] = useState(run.state === 'failed' ? run.newest_version : run.version);
  const preview = useRead('runs.forward', { run_id: run.id, version, ...(stepId === '' ? {} : { step_id: stepId }) }, { keep: true });
  const retry = useAct('runs.retry', { refresh: ['runs', 'workflows', 'people'], done: 'The run goes on.', onDone: onClose });
  const data = preview.data;
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title="Go on from a step"
      description="What it did before is kept. A message that was sent already is not sent twice."
      footer={
        <>
          <Button onClick={onClose}>Keep as it is</Button>
          <Button
            kind="primary"
            busy={retry.isPending}
            disabled={data === undefined || !data.possible}
            onClick={() => retry.mutate({ run_id: run.id, version, ...(stepId === '' ? {} : { step_id: stepId }) })}
          >
            <RotateCw /> Go on from here
          </Button>
        </>
      }
    >
      <div className="space-y-4">
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Step">
            {(control) => (
              <Select {...control} value={stepId} onChange={(event) => setStep(event.target.value)}>
                {data?.steps.some((step) => step.step_id === stepId) === true ? null : (
                  <option value={stepId}>{run.step_title ?? stepId}</option>
                )}
                {(data?.steps ?? []).map((step) => (
                  <option key={step.step_id} value={step.step_id}>
                    {step.title}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Field label="Version">
            {(control) => (
              <Select {...control} value={String(version)} onChange={(event) => setVersion(Number(event.target.value))}>
                <option value={run.version}>{run.version}, its own</option>
                {run.newest_version === run.version ? null : <option value={run.newest_version}>{run.newest_version}, the newest</option>}
              </Select>
            )}
          </Field>
        </div>
        {preview.error !== null && data === undefined ? (
          <Failure what="The preview could not be loaded." error={preview.error} retry={() => void preview.refetch()} />
        ) : data === undefined ? (
          <SkeletonLines lines={3} />
        ) : !data.possible ? (
          <Note tone="warn">{data.reason}</Note>
        ) : (
          <div className="space-y-3 text-sm">
            <Outputs title="Takes along" icon={<Check />} empty="Nothing was recorded before this step.">
              {data.kept.map((one) => one.title)}
            </Outputs>
            {data.missing.length === 0 ? null : (
              <Outputs title="Is missing" icon={<TriangleAlert />} tone="text-warn">
                {data.missing.map((one) => `${one.title}, used by ${one.used_by.join(', ')}`)}
              </Outputs>
            )}
            {data.again.length === 0 ? null : (
              <Outputs title="Is done again" icon={<RotateCw />}>
                {data.again.map((one) => one.title)}
              </Outputs>
            )}
          </div>
        )}
      </div>
    </Dialog>
  );
}

function Outputs({
  title,
  icon,
  tone = 'text-ink-2',
  empty,
  children,
}: {
  title: string;
  icon: ReactNode;
  tone?: string;
  empty?: string;
  children: readonly string[];
}) {
  return (
    <div className="flex gap-3">
      <span aria-hidden className={`mt-0.5 [&_svg]:size-4 ${tone}`}>
        {icon}
      </span>
      <div className="min-w-0">
        <h3 className="font-medium">{title}</h3>
        {children.length === 0 ? <p className="text-ink-3">{empty}</p> : <p className={tone}>{children.join(' · ')}</p>}
      </div>
    </div>
  );
}
