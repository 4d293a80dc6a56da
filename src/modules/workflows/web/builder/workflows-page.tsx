import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Plus, Workflow } from 'lucide-react';
import type { Item } from '#web/kit/api.ts';
import { Badge, Status } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { count } from '#web/kit/format.ts';
import { useKeys } from '#web/kit/keyboard.ts';
import { Listed } from '#web/kit/list/listed.tsx';
import { Page } from '#web/kit/page.tsx';
import { useList } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { Empty } from '#web/kit/states.tsx';
import { NewWorkflow } from './new-workflow.tsx';

/** Every workflow there is, and the way to a new one. */
export function WorkflowsPage() {
  const search = useSearch({ from: '/shell/workflows' });
  const navigate = useNavigate({ from: '/workflows' });
  const may = useMay('manager');
  const workflows = useList('workflows.list', { limit: 100 }, { everyMs: 30_000 });
  const create = () => void navigate({ search: { new: '1' }, replace: true });
  useKeys(may ? { c: create } : {});
  const action = may ? (
    <Button kind="primary" onClick={create}>
      <Plus /> New workflow
    </Button>
  ) : null;
  return (
    <Page
      title="Workflows"
      lead="What happens by itself, drawn step by step. Change one while it runs: nobody under way is lost."
      actions={action}
    >
      <div className="rounded-xl border bg-panel shadow-raise">
        <Listed
          list={workflows}
          failed="The workflows could not be loaded."
          skeleton={4}
          none={
            <Empty icon={<Workflow />} title="No workflow yet" {...(action === null ? {} : { action })}>
              Start from one of the gallery, or from an empty canvas.
            </Empty>
          }
        >
          <ul aria-label="Workflows" className="divide-y">
            {workflows.rows.map((workflow) => (
              <Row key={workflow.id} workflow={workflow} />
            ))}
          </ul>
        </Listed>
      </div>
      {search.new === undefined ? null : (
        <NewWorkflow names={workflows.rows.map((one) => one.name)} onClose={() => void navigate({ search: {}, replace: true })} />
      )}
    </Page>
  );
}

function Row({ workflow }: { workflow: Item<'workflows.list'> }) {
  const live = workflow.runs.running + workflow.runs.waiting + workflow.runs.paused;
  return (
    <li className="relative flex flex-wrap items-center gap-x-6 gap-y-2 px-4 py-3.5 transition-colors hover:bg-hover">
      <div className="min-w-0 flex-1 basis-56">
        <Link to="/workflows/$workflowId" params={{ workflowId: workflow.id }} className="font-medium after:absolute after:inset-0">
          {workflow.title}
        </Link>
        <div className="text-xs text-ink-3">
          about a {workflow.subject} · version {workflow.version}
        </div>
      </div>
      {workflow.runs.failed > 0 ? <Badge tone="bad">{count(workflow.runs.failed)} failed</Badge> : null}
      <span className="num w-24 text-sm text-ink-2">{live === 0 ? 'nobody in it' : `${count(live)} in it`}</span>
      <Status tone={workflow.paused ? 'warn' : workflow.active ? 'ok' : 'neutral'} className="w-20 text-sm">
        {workflow.paused ? 'Paused' : workflow.active ? 'On' : 'Off'}
      </Status>
    </li>
  );
}
