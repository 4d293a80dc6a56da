import { Link } from '@tanstack/react-router';
import { ArrowRight, Inbox } from 'lucide-react';
import type { Output } from '#web/kit/api.ts';
import { Dot, type Tone } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { Page } from '#web/kit/page.tsx';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { useMe } from '#web/kit/session.ts';
import { Skeleton, SkeletonLines } from '#web/kit/skeleton.tsx';
import { Empty, Failure } from '#web/kit/states.tsx';
import { When } from '#web/kit/time.tsx';
import { whenWords } from '#web/kit/when-words.ts';
import { FirstSteps } from './first-steps.tsx';
import { Gauges } from './gauges.tsx';
import { Hours } from './hours.tsx';

type Today = Output<'system.today'>;

function greeting(): string {
  const hour = new Date().getHours();
  return hour < 5 ? 'Good night' : hour < 12 ? 'Good morning' : hour < 18 ? 'Good afternoon' : 'Good evening';
}

export function TodayPage() {
  const me = useMe();
  const today = useRead('system.today', {}, { everyMs: 30_000 });
  const first = me.full_name.split(' ')[0];
  const heading = <h1 className="text-xl font-semibold">{first === undefined || first === '' ? greeting() : `${greeting()}, ${first}`}</h1>;
  if (today.data === undefined) {
    return (
      <Page title="Today" heading={heading}>
        {today.error === null ? (
          <div className="space-y-6">
            <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
              {[0, 1, 2, 3].map((key) => (
                <Skeleton key={key} className="h-28 rounded-xl" />
              ))}
            </div>
            <SkeletonLines lines={6} />
          </div>
        ) : (
          <Failure what="Today could not be loaded." error={today.error} retry={() => void today.refetch()} />
        )}
      </Page>
    );
  }
  const data = today.data;
  return (
    <Page title="Today" heading={heading}>
      <div className="space-y-6">
        <FirstSteps />
        <Gauges gauges={data.gauges} />
        <div className="grid items-start gap-6 lg:grid-cols-2 [&>*]:min-w-0">
          <Needs needs={data.needs} />
          <div className="space-y-6">
            <Next next={data.next} />
            <Happened happened={data.happened} />
          </div>
        </div>
      </div>
    </Page>
  );
}

const tones: Record<string, Tone> = {
  reply: 'accent',
  approval: 'warn',
  in_doubt: 'bad',
  failed_run: 'bad',
  failed_event: 'bad',
  task: 'warn',
  connection: 'bad',
};

function Needs({ needs }: { needs: Today['needs'] }) {
  return (
    <Panel title="Needs you" flush aside={needs.length === 0 ? null : <span className="num text-xs text-ink-3">{needs.length}</span>}>
      {needs.length === 0 ? (
        <Empty icon={<Inbox />} title="Nothing needs you" className="py-10">
          Replies, decisions, failed runs, doubtful sends and tasks appear here.
        </Empty>
      ) : (
        <ul className="divide-y">
          {needs.map((need) => (
            <li key={`${need.kind} ${need.id}`} className="relative flex items-start gap-3 px-4 py-3 hover:bg-hover">
              <Dot tone={tones[need.kind] ?? 'neutral'} className="mt-2" />
              <div className="min-w-0 flex-1">
                <Link to={need.link} className="text-sm font-medium after:absolute after:inset-0">
                  {need.title}
                </Link>
                {need.detail === null ? null : <p className="line-clamp-2 text-sm text-ink-2">{need.detail}</p>}
              </div>
              {need.kind === 'task' ? <TaskDone id={need.id} title={need.title} /> : null}
              <When
                at={need.at}
                className={need.overdue ? 'num text-xs whitespace-nowrap text-bad' : 'num text-xs whitespace-nowrap text-ink-3'}
              />
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function TaskDone({ id, title }: { id: string; title: string }) {
  const settle = useAct('tasks.update', { refresh: ['system', 'tasks'], done: 'Done.' });
  return (
    <Button
      size="sm"
      className="relative"
      aria-label={`Done: ${title}`}
      busy={settle.isPending}
      onClick={() => settle.mutate({ task_id: id, state: 'done' })}
    >
      Done
    </Button>
  );
}

function Happened({ happened }: { happened: Today['happened'] }) {
  return (
    <Panel
      title="What happened"
      flush
      aside={
        <Link to="/activity" className="flex items-center gap-1 text-xs text-ink-2 hover:text-ink">
          All of it <ArrowRight className="size-3" />
        </Link>
      }
    >
      {happened.length === 0 ? (
        <p className="p-4 text-sm text-ink-2">Nothing since yesterday.</p>
      ) : (
        <ul className="divide-y">
          {happened.map((event) => (
            <li key={event.id} className="relative flex items-baseline gap-3 px-4 py-2.5 text-sm hover:bg-hover">
              <div className="min-w-0 flex-1 truncate">
                {event.link === null ? (
                  event.title
                ) : (
                  <Link to={event.link} className="after:absolute after:inset-0">
                    {event.title}
                  </Link>
                )}
              </div>
              <When at={event.at} className="num text-xs whitespace-nowrap text-ink-3" />
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Next({ next }: { next: Today['next'] }) {
  return (
    <Panel
      title="What happens next"
      aside={
        <Link to="/outbox" search={{ state: 'queued' }} className="flex items-center gap-1 text-xs text-ink-2 hover:text-ink">
          Queue <ArrowRight className="size-3" />
        </Link>
      }
    >
      <Hours known={next.messages_by_hour} />
      {next.firings.length === 0 ? null : (
        <ul className="mt-4 space-y-2 border-t pt-4 text-sm">
          {next.firings.map((firing) => (
            <li key={`${firing.workflow_id} ${firing.at}`} className="flex items-baseline justify-between gap-3">
              <span className="min-w-0 truncate">
                <Link to="/workflows/$workflowId" params={{ workflowId: firing.workflow_id }} className="hover:underline">
                  {firing.title}
                </Link>
                <span className="ml-2 text-xs text-ink-3">{whenWords(firing)}</span>
              </span>
              <When at={firing.at} className="num text-xs whitespace-nowrap text-ink-3" />
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
