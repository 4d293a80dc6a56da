import { Link } from '@tanstack/react-router';
import { Dot } from '#web/kit/badge.tsx';
import { words } from '#web/kit/format.ts';
import { Panel } from '#web/kit/panel.tsx';
import { useRead } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { When } from '#web/kit/time.tsx';

/** What runs for this person now, and what would be sent next and when. */
export function NowPanel({ personId }: { personId: string }) {
  const runs = useRead('runs.list', { person_id: personId, limit: 20 }, { everyMs: 20_000 });
  const queued = useRead('messages.list', { person_id: personId, state: 'queued', limit: 5 }, { everyMs: 20_000 });
  const live = (runs.data?.items ?? []).filter((run) => run.completed_at === null);
  return (
    <Panel
      title="Now and next"
      aside={
        <Link to="/people/$personId/why" params={{ personId }} search={{}} className="rounded-sm text-xs text-accent-ink underline">
          Why, and why not
        </Link>
      }
    >
      {runs.isPending ? (
        <SkeletonLines lines={2} />
      ) : live.length === 0 && (queued.data?.items.length ?? 0) === 0 ? (
        <p className="text-sm text-ink-2">Nothing runs for this person, nothing will be sent.</p>
      ) : (
        <ul className="space-y-3 text-sm">
          {live.map((run) => (
            <li key={run.id} className="flex gap-2.5">
              <Dot tone={run.state === 'paused' ? 'warn' : run.state === 'failed' ? 'bad' : 'accent'} className="mt-2" />
              <div className="min-w-0">
                <Link to="/runs/$runId" params={{ runId: run.id }} className="font-medium hover:underline">
                  {run.workflow_title}
                </Link>
                <div className="text-xs text-ink-2">
                  {words(run.state)}
                  {run.step_title === null ? null : <> at “{run.step_title}”</>}
                  {run.due_at === null ? null : (
                    <>
                      , next <When at={run.due_at} className="num" />
                    </>
                  )}
                </div>
              </div>
            </li>
          ))}
          {queued.data?.items.map((message) => (
            <li key={message.id} className="flex gap-2.5">
              <Dot tone="accent" className="mt-2" />
              <div className="min-w-0">
                <Link to="/outbox" search={{ message: message.id }} className="font-medium hover:underline">
                  {message.subject === '' ? 'Next message' : message.subject}
                </Link>
                <div className="text-xs text-ink-2">
                  {message.due_at === null ? (
                    'leaves soon'
                  ) : (
                    <>
                      leaves <When at={message.due_at} className="num" />
                    </>
                  )}
                </div>
              </div>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
