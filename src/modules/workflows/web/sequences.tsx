import { Link } from '@tanstack/react-router';
import { Plus, Workflow } from 'lucide-react';
import type { Item } from '#web/kit/api.ts';
import { Badge, Status } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { count } from '#web/kit/format.ts';
import { Listed } from '#web/kit/list/listed.tsx';
import { Page } from '#web/kit/page.tsx';
import { useList } from '#web/kit/query.ts';
import { Empty } from '#web/kit/states.tsx';

export function SequencesPage() {
  const workflows = useList('workflows.list', { limit: 100 }, { everyMs: 30_000 });
  return (
    <Page
      title="Sequences"
      lead="What Steward does by itself, step by step. Switched on means: people are enrolled, texts are written and captured. Sending waits for your launch."
      actions={
        <Button asChild kind="primary">
          <Link to="/workflows" search={{ new: '1' }}>
            <Plus /> New sequence
          </Link>
        </Button>
      }
    >
      <div className="rounded-xl border bg-panel shadow-raise">
        <Listed
          list={workflows}
          failed="The sequences could not be loaded."
          skeleton={3}
          none={
            <Empty
              icon={<Workflow />}
              title="No sequences"
              action={
                <Button asChild>
                  <Link to="/workflows" search={{ new: '1' }}>
                    Draw one
                  </Link>
                </Button>
              }
            >
              Built-in ones come with Steward. More are drawn in the builder, or written with the API.
            </Empty>
          }
        >
          <ul className="divide-y">
            {workflows.rows.toSorted(byUse).map((workflow) => (
              <Row key={workflow.id} workflow={workflow} />
            ))}
          </ul>
        </Listed>
      </div>
    </Page>
  );
}

/** Those that are on come first, the busiest of them at the top. */
const liveOf = ({ runs }: Item<'workflows.list'>): number => runs.running + runs.waiting;
const byUse = (a: Item<'workflows.list'>, b: Item<'workflows.list'>): number =>
  (b.active ? 1 : 0) - (a.active ? 1 : 0) || liveOf(b) - liveOf(a) || b.runs.done - a.runs.done || a.title.localeCompare(b.title);

function Row({ workflow }: { workflow: Item<'workflows.list'> }) {
  const live = liveOf(workflow);
  return (
    <li className="relative flex flex-wrap items-center gap-x-6 gap-y-2 px-4 py-3.5 transition-colors hover:bg-hover">
      <div className="min-w-0 flex-1 basis-56">
        <Link to="/sequences/$workflowId" params={{ workflowId: workflow.id }} className="font-medium after:absolute after:inset-0">
          {workflow.title}
        </Link>
        <div className="text-xs text-ink-3">Version {workflow.version}</div>
      </div>
      {workflow.runs.failed > 0 ? <Badge tone="bad">{count(workflow.runs.failed)} failed</Badge> : null}
      <dl className="num flex gap-6 text-sm">
        <Number label="live" value={live} />
        <Number label="done" value={workflow.runs.done} />
      </dl>
      <Status tone={workflow.active ? 'ok' : 'neutral'} className="w-14 text-sm">
        {workflow.active ? 'On' : 'Off'}
      </Status>
    </li>
  );
}

function Number({ label, value }: { label: string; value: number }) {
  return (
    <div className="flex items-baseline gap-1.5">
      <dd className="font-medium">{count(value)}</dd>
      <dt className="text-xs text-ink-3">{label}</dt>
    </div>
  );
}
