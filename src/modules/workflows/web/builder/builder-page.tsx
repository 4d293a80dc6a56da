import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useMemo } from 'react';
import { Button } from '#web/kit/button.tsx';
import { Page } from '#web/kit/page.tsx';
import { useRead } from '#web/kit/query.ts';
import { Skeleton } from '#web/kit/skeleton.tsx';
import { Failure } from '#web/kit/states.tsx';
import { useLiveRuns } from '../live-runs.ts';
import { Editor } from './editor.tsx';
import { readDefinition } from './parse.ts';

/** Draws one workflow: its draft where there is one, else what is published. */
export function BuilderPage() {
  const { workflowId } = useParams({ from: '/shell/workflows/$workflowId' });
  const navigate = useNavigate();
  // How many stand at each step follows; what is being drawn is the editor's own.
  useLiveRuns({ workflowId }, ['workflows.get']);
  const workflow = useRead('workflows.get', { workflow_id: workflowId }, { fresh: true });
  const vocabulary = useRead('workflows.vocabulary', {});
  const live = useMemo(() => new Map((workflow.data?.steps ?? []).map((step) => [step.step_id, step.live])), [workflow.data]);
  const error = workflow.error ?? vocabulary.error;
  // Drawn is what the server has now: on a draft as it was before the last change, that change would be lost.
  if (workflow.data === undefined || !workflow.isFetchedAfterMount || vocabulary.data === undefined) {
    return (
      <Page title="Workflow" back={{ to: '/workflows', label: 'Workflows' }} width="full">
        {error === null ? (
          <div role="status" aria-label="Loading" className="space-y-4">
            <Skeleton className="w-72" />
            <Skeleton className="h-[60vh] w-full rounded-xl" />
          </div>
        ) : (
          <Failure
            what="The workflow could not be loaded."
            error={error}
            retry={() => {
              void workflow.refetch();
              void vocabulary.refetch();
            }}
          />
        )}
      </Page>
    );
  }
  const { draft } = workflow.data;
  return (
    <Editor
      key={workflowId}
      workflow={workflow.data}
      vocabulary={vocabulary.data}
      live={live}
      published={readDefinition(workflow.data.definition)}
      draft={draft === null ? null : { definition: readDefinition(draft.definition), version: draft.updated_at }}
      onRehearse={() => void navigate({ to: '/rehearsals', search: { workflow: workflowId, start: '1' } })}
      onVersions={() => void navigate({ to: '/workflows/$workflowId/versions', params: { workflowId } })}
      runs={
        <Button kind="quiet" asChild>
          <Link to="/sequences/$workflowId" params={{ workflowId }} search={{ tab: 'people' }}>
            Runs
          </Link>
        </Button>
      }
    />
  );
}
