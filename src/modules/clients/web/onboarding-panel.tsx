import { Check, CircleDashed, CircleDot, Minus } from 'lucide-react';
import { useState, type FormEvent, type ReactNode } from 'react';
import type { Output } from '#web/kit/api.ts';
import { Badge } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Field, Input, Select } from '#web/kit/field.tsx';
import { Confirm } from '#web/kit/confirm.tsx';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useList, useRead } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Note } from '#web/kit/states.tsx';
import { dayOf, When } from '#web/kit/time.tsx';

type Detail = Output<'onboardings.get'>;
type Task = Detail['tasks'][number];

/** How far the client is, and our part in it. */
export function OnboardingPanel({ clientId, personId }: { clientId: string; personId: string }) {
  const list = useList('onboardings.list', { client_id: clientId, limit: 10 });
  const [starting, setStarting] = useState(false);
  const shown = list.rows.filter(({ state }) => state !== 'cancelled').slice(0, 3);
  return (
    <Panel
      title="Onboarding"
      flush
      aside={
        <Button size="sm" onClick={() => setStarting(true)}>
          Start a plan
        </Button>
      }
    >
      {list.isPending ? (
        <div className="p-4">
          <SkeletonLines lines={3} />
        </div>
      ) : shown.length === 0 ? (
        <p className="p-4 text-sm text-ink-2">{list.error === null ? 'No plan was started for this client.' : list.error.message}</p>
      ) : (
        shown.map((one) => <Course key={one.id} id={one.id} personId={personId} />)
      )}
      {starting ? <Start clientId={clientId} onClose={() => setStarting(false)} /> : null}
    </Panel>
  );
}

function Course({ id, personId }: { id: string; personId: string }) {
  const { data } = useRead('onboardings.get', { onboarding_id: id });
  const settle = useAct('onboardings.settle_task', { refresh: ['onboardings', 'tasks'], done: 'Noted.' });
  const cancel = useAct('onboardings.cancel', { refresh: ['onboardings', 'tasks'], done: 'The onboarding is cancelled.' });
  const callOff = useAct('onboardings.cancel_call', { refresh: ['onboardings'], done: 'Called off. A mail tells the client.' });
  const [calling, setCalling] = useState(false);
  if (data === undefined)
    return (
      <div className="p-4">
        <SkeletonLines lines={4} />
      </div>
    );
  const running = data.state === 'running';
  return (
    <section className="border-b last:border-b-0" aria-label={data.name}>
      <header className="flex flex-wrap items-center justify-between gap-2 px-4 pt-3">
        <span className="min-w-0">
          <span className="block truncate text-sm font-medium">{data.name}</span>
          <span className="block text-xs text-ink-2">
            <span className="num">
              {data.done} of {data.total}
            </span>{' '}
            done
            {data.waits_since === null ? null : (
              <>
                {' '}
                · waits for the client since <When at={data.waits_since} />
              </>
            )}
            {data.call_at === null ? null : (
              <>
                {' '}
                · call <When at={data.call_at} exact />
              </>
            )}
          </span>
        </span>
        {running ? (
          <span className="flex flex-wrap gap-2">
            <Button size="sm" onClick={() => setCalling(true)}>
              {data.call_at === null ? 'Plan a call' : 'Move the call'}
            </Button>
            {data.call_at === null ? null : (
              <Confirm
                title="Call the call off?"
                action="Call it off"
                danger
                onConfirm={() => callOff.mutate({ onboarding_id: id })}
                trigger={(ask) => (
                  <Button size="sm" onClick={ask}>
                    Call it off
                  </Button>
                )}
              >
                A mail tells the client, and takes it out of their calendar.
              </Confirm>
            )}
            <Confirm
              title="Cancel this onboarding?"
              action="Cancel the onboarding"
              danger
              onConfirm={() => cancel.mutate({ onboarding_id: id })}
              trigger={(ask) => (
                <Button size="sm" onClick={ask}>
                  Cancel
                </Button>
              )}
            >
              What was signed and sent stays; open tasks are dropped.
            </Confirm>
          </span>
        ) : (
          <Badge tone="ok">Done</Badge>
        )}
      </header>
      <ol className="px-4 py-3">
        {data.tasks.map((task) => (
          <Line
            key={task.id}
            task={task}
            personId={personId}
            actions={
              running && (task.state === 'open' || task.state === 'waiting') ? (
                <span className="flex shrink-0 gap-1">
                  {task.state === 'open' && task.kind === 'task' ? (
                    <Button
                      size="sm"
                      busy={settle.isPending}
                      onClick={() => settle.mutate({ onboarding_id: id, task_id: task.id, state: 'done' })}
                      aria-label={`Done: ${task.title}`}
                    >
                      Done
                    </Button>
                  ) : null}
                  <Button
                    size="sm"
                    kind="quiet"
                    busy={settle.isPending}
                    onClick={() => settle.mutate({ onboarding_id: id, task_id: task.id, state: 'skipped' })}
                    aria-label={`Leave out: ${task.title}`}
                  >
                    Leave out
                  </Button>
                </span>
              ) : null
            }
          />
        ))}
      </ol>
      {calling ? <Call data={data} onClose={() => setCalling(false)} /> : null}
    </section>
  );
}

function Line({ task, personId, actions }: { task: Task; personId: string; actions: ReactNode }) {
  const icon = {
    done: <Check className="text-ok" />,
    skipped: <Minus className="text-ink-3" />,
    open: <CircleDot className="text-accent-ink" />,
    waiting: <CircleDashed className="text-ink-3" />,
  }[task.state];
  const answers = Object.entries(task.answers ?? {});
  const labels = new Map((task.spec.fields ?? []).map(({ name, label }) => [name, label]));
  return (
    <li className="flex items-start gap-3 py-1.5 text-sm [&_svg]:size-4">
      <span aria-hidden className="mt-1 shrink-0">
        {icon}
      </span>
      <span className="min-w-0 flex-1">
        <span className={task.state === 'waiting' || task.state === 'skipped' ? 'text-ink-2' : 'font-medium'}>{task.title}</span>
        <span className="block text-xs text-ink-2">
          {task.owner === 'us' ? 'Us' : 'The client'}
          {task.state === 'open' && task.due_on !== null ? `, until ${dayOf(task.due_on)}` : ''}
          {task.state === 'waiting' ? ', later' : task.state === 'skipped' ? ', left out' : ''}
          {task.settled_at !== null && task.state === 'done' ? (
            <>
              , <When at={task.settled_at} />
            </>
          ) : null}
        </span>
        {task.signature === null ? null : (
          <details className="mt-1 text-xs text-ink-2">
            <summary className="cursor-pointer">Signed by {task.signature.typed_name}</summary>
            <p className="mt-1 break-all">
              <When at={task.signature.signed_at} exact /> from {task.signature.ip ?? 'an unknown address'}. SHA-256 of the text:{' '}
              {task.signature.sha256}
            </p>
          </details>
        )}
        {task.file_id === null ? null : (
          <a
            className="block truncate text-xs text-accent-ink underline underline-offset-2"
            href={`/api/people/${personId}/files/${task.file_id}/content`}
            download
          >
            {task.file_name}
          </a>
        )}
        {answers.length === 0 ? null : (
          <details className="mt-1 text-xs text-ink-2">
            <summary className="cursor-pointer">Answers</summary>
            <dl className="mt-1 space-y-1">
              {answers.map(([name, value]) => (
                <div key={name}>
                  <dt className="text-ink-3">{labels.get(name) ?? name}</dt>
                  <dd className="break-words whitespace-pre-wrap">{String(value)}</dd>
                </div>
              ))}
            </dl>
          </details>
        )}
      </span>
      {actions}
    </li>
  );
}

function Start({ clientId, onClose }: { clientId: string; onClose: () => void }) {
  const plans = useRead('onboarding_plans.list', {});
  const [planId, setPlanId] = useState('');
  const start = useAct('onboardings.start', {
    quiet: true,
    refresh: ['onboardings', 'tasks'],
    done: 'It has begun. Give the client the link to their page.',
    onDone: onClose,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    start.mutate({ client_id: clientId, plan_id: planId });
  };
  const none = plans.data?.items.length === 0;
  return (
    <Dialog open onOpenChange={onClose} title="Start a plan" description="All its tasks begin now; the client finds theirs on their page.">
      <form onSubmit={submit} className="space-y-4">
        {start.error === null ? null : <Note tone="bad">{start.error.message}</Note>}
        {none ? <Note tone="warn">There is no plan yet. Make one under Onboarding → Plans.</Note> : null}
        <Field label="Plan">
          {(control) => (
            <Select {...control} required value={planId} onChange={(event) => setPlanId(event.target.value)}>
              <option value="">Choose a plan</option>
              {(plans.data?.items ?? []).map((plan) => (
                <option key={plan.id} value={plan.id}>
                  {plan.name}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <div className="flex justify-end gap-2 pt-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" disabled={planId === ''} busy={start.isPending}>
            Start
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Call({ data, onClose }: { data: Detail; onClose: () => void }) {
  const [at, setAt] = useState('');
  const [minutes, setMinutes] = useState(String(data.call_minutes));
  const [place, setPlace] = useState(data.call_place);
  const call = useAct('onboardings.schedule_call', {
    quiet: true,
    refresh: ['onboardings'],
    done: 'The invitation is on its way.',
    onDone: onClose,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    call.mutate({ onboarding_id: data.id, at: new Date(at).toISOString(), minutes: Number(minutes) || 30, place: place.trim() });
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Onboarding call"
      description="The client gets an invitation by mail; moving the call moves it in their calendar."
    >
      <form onSubmit={submit} className="space-y-4">
        {call.error === null ? null : <Note tone="bad">{call.error.message}</Note>}
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="When" hint="In the time of this device">
            {(control) => <Input {...control} type="datetime-local" required value={at} onChange={(event) => setAt(event.target.value)} />}
          </Field>
          <Field label="Minutes">
            {(control) => <Input {...control} inputMode="numeric" value={minutes} onChange={(event) => setMinutes(event.target.value)} />}
          </Field>
        </div>
        <Field label="Where" optional hint="A link, a number or an address">
          {(control) => <Input {...control} value={place} maxLength={500} onChange={(event) => setPlace(event.target.value)} />}
        </Field>
        <div className="flex justify-end gap-2 pt-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" disabled={at === ''} busy={call.isPending}>
            Invite
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
