import { Link } from '@tanstack/react-router';
import { Badge } from '#web/kit/badge.tsx';
import { Panel } from '#web/kit/panel.tsx';
import { useList, useRead } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';

const NAME = 'invoice-reminders';

interface Step {
  type?: unknown;
  title?: unknown;
  input?: unknown;
}
interface Rung {
  after: string;
  title: string;
}

/** The reminders: a workflow like any other, so its words and days are changed where workflows are. */
export function Ladder() {
  const list = useList('workflows.list', { limit: 500 });
  const workflow = list.rows.find((one) => one.name === NAME);
  const read = useRead('workflows.get', { workflow_id: workflow?.id ?? '' }, { enabled: workflow !== undefined });
  const rungs = rungsOf(read.data?.definition.steps ?? []);
  return (
    <Panel
      title="Reminders"
      aside={workflow === undefined ? null : <Badge tone={workflow.active ? 'ok' : 'neutral'}>{workflow.active ? 'On' : 'Off'}</Badge>}
    >
      {list.error !== null || read.error !== null ? (
        <p className="text-sm text-ink-2">The reminders could not be loaded. {(list.error ?? read.error)?.message}</p>
      ) : workflow === undefined || read.data === undefined ? (
        list.isPending || read.isPending ? (
          <SkeletonLines lines={3} />
        ) : (
          <p className="text-sm text-ink-2">There is no workflow “Payment reminders”.</p>
        )
      ) : (
        <div className="space-y-4 text-sm">
          <ol className="space-y-2">
            {rungs.map((rung, i) => (
              <li key={i} className="flex gap-3">
                <span className="num flex size-6 shrink-0 items-center justify-center rounded-full bg-sunken text-xs text-ink-2">
                  {i + 1}
                </span>
                <span className="min-w-0 pt-0.5">
                  <span className="font-medium">{rung.title}</span> <span className="text-ink-2">{rung.after}</span>
                </span>
              </li>
            ))}
          </ol>
          <p className="text-ink-2">
            Whoever has paid leaves the ladder in that moment, with letters that still wait. Words are changed under Templates, days in{' '}
            <Link to="/workflows/$workflowId" params={{ workflowId: workflow.id }} className="text-accent-ink underline underline-offset-2">
              the workflow
            </Link>
            .
          </p>
        </div>
      )}
    </Panel>
  );
}

/** Messages on the way through the steps, with what was waited for before each. */
function rungsOf(steps: readonly Step[]): Rung[] {
  const rungs: Rung[] = [];
  let waited: string | null = null;
  for (const { type, title } of steps) {
    if (type === 'wait') waited = String(title ?? '');
    if (type !== 'message') continue;
    const since = rungs.length === 0 ? 'after it is overdue' : 'after the one before';
    rungs.push({ title: String(title ?? 'Reminder'), after: waited === null ? 'at once' : `${waited.replace(/ later$/, '')} ${since}` });
    waited = null;
  }
  return rungs;
}
