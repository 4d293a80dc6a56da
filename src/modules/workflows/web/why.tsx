import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Waypoints } from 'lucide-react';
import { Status, type Tone } from '#web/kit/badge.tsx';
import type { Output } from '#web/kit/api.ts';
import { Field, Select } from '#web/kit/field.tsx';
import { Page } from '#web/kit/page.tsx';
import { Panel } from '#web/kit/panel.tsx';
import { useRead } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Empty, Failure } from '#web/kit/states.tsx';
import { When } from '#web/kit/time.tsx';

type Why = Output<'workflows.why'>;
type Step = Why['steps'][number];

const STATES: Readonly<Record<Step['state'], readonly [tone: Tone, label: string]>> = {
  left: ['ok', 'Got it'],
  captured: ['neutral', 'Kept here'],
  later: ['accent', 'Will get it'],
  blocked: ['bad', 'Blocked'],
  refused: ['bad', 'Refused'],
  in_doubt: ['warn', 'In doubt'],
  failed: ['bad', 'Failed'],
  ahead: ['neutral', 'Not yet'],
  other_way: ['neutral', 'Another way'],
  over: ['neutral', 'Ended before'],
  never: ['neutral', 'Never in it'],
};

/** Why one person did or did not get the messages of a workflow. */
export function WhyPage() {
  const { personId } = useParams({ from: '/shell/people/$personId/why' });
  const search = useSearch({ from: '/shell/people/$personId/why' });
  const navigate = useNavigate({ from: '/people/$personId/why' });
  const person = useRead('people.get', { person_id: personId });
  const workflows = useRead('workflows.list', { limit: 100 });
  const runs = useRead('runs.list', { person_id: personId, limit: 1 });
  const about = (workflows.data?.items ?? []).filter((one) => one.subject === 'lead' || one.subject === 'person');
  const chosen = search.workflow ?? runs.data?.items[0]?.workflow_id ?? about[0]?.id;
  const loading = workflows.isPending || runs.isPending;
  const failed = workflows.error ?? runs.error ?? person.error;
  const name = person.data === undefined ? 'This person' : person.data.full_name || person.data.email || 'Unnamed';
  return (
    <Page
      title="Why they got it, or not"
      lead={`${name}, message by message.`}
      width="text"
      back={{ to: `/people/${personId}`, label: name }}
    >
      {failed !== null ? (
        <Failure what="This could not be loaded." error={failed} retry={() => void Promise.all([workflows.refetch(), runs.refetch()])} />
      ) : loading ? (
        <SkeletonLines lines={6} />
      ) : chosen === undefined ? (
        <Empty icon={<Waypoints />} title="There is no workflow yet that writes to people">
          Draw one, or take one from the gallery; then this page explains each of its messages.
        </Empty>
      ) : (
        <div className="space-y-4">
          <Field label="Workflow" className="max-w-96">
            {(control) => (
              <Select
                {...control}
                value={chosen}
                onChange={(event) => void navigate({ search: { workflow: event.target.value }, replace: true })}
              >
                {about.map((one) => (
                  <option key={one.id} value={one.id}>
                    {one.title}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Answer personId={personId} workflowId={chosen} />
        </div>
      )}
    </Page>
  );
}

function Answer({ personId, workflowId }: { personId: string; workflowId: string }) {
  const why = useRead('workflows.why', { workflow_id: workflowId, person_id: personId }, { everyMs: 30_000 });
  if (why.error !== null) return <Failure what="The answer could not be loaded." error={why.error} retry={() => void why.refetch()} />;
  if (why.data === undefined) return <SkeletonLines lines={6} />;
  const { run, says, reasons, steps } = why.data;
  return (
    <Panel
      title={says}
      aside={
        run === null ? null : (
          <Link to="/runs/$runId" params={{ runId: run.id }} className="rounded-sm text-sm text-accent-ink underline">
            The run, since <When at={run.started_at} />
          </Link>
        )
      }
      flush
    >
      {reasons.length === 0 ? null : (
        <ul className="space-y-1 border-b px-4 py-3 text-sm">
          {reasons.map((reason) => (
            <li key={reason.says}>
              {reason.says}
              {reason.detail === '' ? null : <span className="text-ink-2">: {reason.detail}</span>}
            </li>
          ))}
        </ul>
      )}
      {steps.length === 0 ? (
        <p className="px-4 py-3 text-sm text-ink-2">This workflow sends no message.</p>
      ) : (
        <ol className="divide-y" aria-label="Messages">
          {steps.map((step) => (
            <Message key={step.step_id} step={step} />
          ))}
        </ol>
      )}
    </Panel>
  );
}

function Message({ step }: { step: Step }) {
  const [tone, label] = STATES[step.state];
  return (
    <li className="grid gap-x-4 gap-y-1 px-4 py-3 sm:grid-cols-[8rem_1fr]">
      <Status tone={tone} className="self-start text-sm">
        {label}
      </Status>
      <div className="min-w-0 text-sm">
        <div className="flex flex-wrap items-baseline justify-between gap-x-3">
          <span className="font-medium">{step.title}</span>
          {step.at === null ? null : <When at={step.at} className="num text-xs text-ink-3" />}
        </div>
        <p className="break-words text-ink-2">
          {step.says}.{' '}
          {step.message_id === null ? null : (
            <Link to="/outbox" search={{ message: step.message_id }} className="text-accent-ink underline">
              Read it
            </Link>
          )}
        </p>
        {step.reasons.length === 0 ? null : (
          <ul className="mt-1 space-y-0.5 text-xs text-ink-2">
            {step.reasons.map((reason) => (
              <li key={reason.says}>
                {step.says.includes(reason.says) ? null : `${reason.says}. `}
                {reason.fix === '' ? null : `${reason.fix}.`}
              </li>
            ))}
          </ul>
        )}
      </div>
    </li>
  );
}
