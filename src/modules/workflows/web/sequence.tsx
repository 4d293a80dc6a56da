import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { FlaskConical, Pause, Play, UserPlus, Waypoints } from 'lucide-react';
import { useMemo } from 'react';
import type { Output } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Switch } from '#web/kit/field.tsx';
import { Page } from '#web/kit/page.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { Skeleton, SkeletonRows } from '#web/kit/skeleton.tsx';
import { Failure, Note } from '#web/kit/states.tsx';
import { Tabs } from '#web/kit/tabs.tsx';
import { EnrolDialog } from './enrol.tsx';
import { Flow, type StepCount } from './flow.tsx';
import { useLiveRuns } from './live-runs.ts';
import { NurturingSettings } from './nurturing-settings.tsx';
import { SequencePeople } from './people.tsx';
import { Outcomes } from './results.tsx';
import { Runs } from './runs.tsx';
import { SequenceSettings } from './settings.tsx';
import { stepsOf, stopWords, triggerWords } from './step-words.ts';

type Workflow = Output<'workflows.get'>;

/** What this page shows of runs, read again when one of them moves. */
const SHOWN = ['workflows.get', 'workflows.results', 'workflows.people', 'runs.list'];
const POLL_MS = 20_000;
const RARELY_MS = 120_000;

export function SequencePage() {
  const { workflowId } = useParams({ from: '/shell/sequences/$workflowId' });
  const search = useSearch({ from: '/shell/sequences/$workflowId' });
  const navigate = useNavigate({ from: '/sequences/$workflowId' });
  const hears = useLiveRuns({ workflowId }, SHOWN);
  const workflow = useRead('workflows.get', { workflow_id: workflowId }, { everyMs: hears ? RARELY_MS : POLL_MS });
  const back = { to: '/sequences', label: 'Sequences' } as const;
  if (workflow.data === undefined) {
    return (
      <Page title="Sequence" back={back}>
        {workflow.error === null ? (
          <>
            <Skeleton className="mb-6 w-64" />
            <SkeletonRows />
          </>
        ) : (
          <Failure what="The sequence could not be loaded." error={workflow.error} retry={() => void workflow.refetch()} />
        )}
      </Page>
    );
  }
  const data = workflow.data;
  const ofPeople = data.subject === 'lead' || data.subject === 'person';
  const tab = search.tab === 'people' || search.tab === 'runs' ? 'people' : search.tab === 'settings' ? 'settings' : 'steps';
  const show = (next: Partial<typeof search>) => void navigate({ search: next, replace: true });
  const live = data.runs.running + data.runs.waiting + data.runs.paused;
  return (
    <Page
      title={data.title}
      lead={`Version ${data.version}. ${data.active ? 'On: people are enrolled, texts are written; real mail waits for your launch.' : 'Off: nobody new is enrolled. Runs under way go on.'}`}
      back={back}
      actions={
        <>
          {ofPeople ? (
            <Button kind="primary" disabled={!data.active} onClick={() => show({ ...search, enrol: '1' })}>
              <UserPlus /> Enrol people
            </Button>
          ) : null}
          <Button asChild>
            <Link to="/workflows/$workflowId" params={{ workflowId }}>
              <Waypoints /> Open in the builder
            </Link>
          </Button>
          {ofPeople ? (
            <Button asChild>
              <Link to="/rehearsals" search={{ workflow: data.id, start: '1' }}>
                <FlaskConical /> Rehearse
              </Link>
            </Button>
          ) : null}
          <PauseRuns workflow={data} />
          <OnOff workflow={data} />
        </>
      }
    >
      {data.runs.failed > 0 && tab !== 'people' ? (
        <Note
          tone="bad"
          className="mb-4"
          action={<Button onClick={() => void navigate({ search: { tab: 'people', state: 'failed' } })}>Show them</Button>}
        >
          {data.runs.failed} {data.runs.failed === 1 ? 'run' : 'runs'} failed and wait for you.
        </Note>
      ) : null}
      <Tabs
        label="Parts of the sequence"
        value={tab}
        onChange={(value) => void navigate({ search: { tab: value }, replace: true })}
        items={[
          { value: 'steps', label: 'Steps' },
          { value: 'people', label: ofPeople ? 'People' : 'Runs', count: live === 0 ? undefined : live },
          { value: 'settings', label: 'Settings' },
        ]}
      />
      <div className="mt-5">
        {tab === 'steps' ? (
          <Steps workflow={data} />
        ) : tab === 'people' && ofPeople ? (
          <SequencePeople
            workflow={data}
            filter={search}
            onFilter={(next) => show({ tab: 'people', ...next })}
            onEnrol={() => show({ ...search, enrol: '1' })}
          />
        ) : tab === 'people' ? (
          <Runs workflow={data} state={search.state} step={search.step} onFilter={(next) => show({ tab: 'people', ...next })} />
        ) : data.name === 'lead-nurturing' ? (
          <NurturingSettings />
        ) : (
          <SequenceSettings workflow={data} />
        )}
      </div>
      {ofPeople ? (
        <EnrolDialog workflow={data} open={search.enrol !== undefined} onClose={() => show({ ...search, enrol: undefined })} />
      ) : null}
    </Page>
  );
}

/** Runs of this sequence stand still, wherever they are. */
function PauseRuns({ workflow }: { workflow: Workflow }) {
  const may = useMay('manager');
  const change = useAct('workflows.update', {
    refresh: ['workflows', 'runs', 'system'],
    done: ({ paused }) => (paused ? 'Its runs stand still.' : 'Its runs go on.'),
  });
  if (!may) return null;
  return (
    <Button busy={change.isPending} onClick={() => change.mutate({ workflow_id: workflow.id, paused: !workflow.paused })}>
      {workflow.paused ? <Play /> : <Pause />} {workflow.paused ? 'Resume runs' : 'Pause runs'}
    </Button>
  );
}

function OnOff({ workflow }: { workflow: Workflow }) {
  const may = useMay('manager');
  const change = useAct('workflows.update', {
    refresh: ['workflows', 'system'],
    done: ({ active }) => (active ? 'Switched on. New people are enrolled from now.' : 'Switched off. Nobody new is enrolled.'),
  });
  return (
    <label className="flex items-center gap-2.5 text-sm font-medium">
      {workflow.active ? 'On' : 'Off'}
      <Switch
        aria-label={`${workflow.title} is on`}
        checked={workflow.active}
        disabled={!may || change.isPending}
        onCheckedChange={(active) => change.mutate({ workflow_id: workflow.id, active })}
      />
    </label>
  );
}

function Steps({ workflow }: { workflow: Workflow }) {
  const counts = useMemo(
    () => new Map<string, StepCount>(workflow.steps.map((step) => [step.step_id, { waiting: step.live, failed: step.failed }])),
    [workflow],
  );
  const { definition } = workflow;
  const results = useRead('workflows.results', { workflow_id: workflow.id }, { everyMs: 60_000 });
  const came = useMemo(() => new Map((results.data?.steps ?? []).map((step) => [step.step_id, step])), [results.data]);
  return (
    <>
      {results.data === undefined || workflow.subject === 'company' ? null : <Outcomes workflowId={workflow.id} results={results.data} />}
      <Flow
        workflowId={workflow.id}
        starts={definition.triggers.map((trigger) => triggerWords(trigger))}
        stops={[...new Set(definition.stop_on.map(stopWords))]}
        steps={stepsOf(definition.steps)}
        counts={counts}
        results={came}
      />
    </>
  );
}
