import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { AlarmClock, Webhook } from 'lucide-react';
import type { Item } from '#web/kit/api.ts';
import { Badge, Status } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { Page } from '#web/kit/page.tsx';
import { Panel } from '#web/kit/panel.tsx';
import { useList } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { SkeletonRows } from '#web/kit/skeleton.tsx';
import { Empty, Failure } from '#web/kit/states.tsx';
import { Tabs } from '#web/kit/tabs.tsx';
import { ago, When } from '#web/kit/time.tsx';
import { ScheduleState } from './schedule-state.tsx';
import { whenWords } from '#web/kit/when-words.ts';
import { wallOf } from './wall.ts';

/** What starts workflows by itself: the clock, and other systems. */
export function TriggersPage() {
  const { tab } = useSearch({ from: '/shell/triggers' });
  const navigate = useNavigate();
  const manager = useMay('manager');
  const hooks = manager && tab === 'webhooks';
  return (
    <Page title="Triggers" lead="What starts workflows by itself: the clock, and other systems." width="text">
      <Tabs
        label="Kind of trigger"
        value={hooks ? 'webhooks' : 'schedules'}
        onChange={(value) => void navigate({ to: '/triggers', search: value === 'webhooks' ? { tab: value } : {} })}
        items={[{ value: 'schedules', label: 'Schedules' }, ...(manager ? [{ value: 'webhooks' as const, label: 'Webhooks in' }] : [])]}
      />
      <div className="mt-5">{hooks ? <Hooks /> : <Schedules />}</div>
    </Page>
  );
}

const toWorkflows = (
  <Button asChild>
    <Link to="/workflows">To the workflows</Link>
  </Button>
);

function Schedules() {
  const schedules = useList('schedules.list', {}, { everyMs: 30_000 });
  if (schedules.error !== null && schedules.rows.length === 0)
    return <Failure what="The schedules could not be loaded." error={schedules.error} retry={() => void schedules.refetch()} />;
  if (schedules.isPending) return <SkeletonRows rows={4} />;
  if (schedules.rows.length === 0)
    return (
      <Empty icon={<AlarmClock />} title="No schedules yet" action={toWorkflows}>
        Give a workflow the trigger “schedule”, and it runs by the clock. Its next firings, its history and its alarm are here.
      </Empty>
    );
  return (
    <Panel flush>
      <ul className="divide-y">
        {schedules.rows.map((schedule) => (
          <ScheduleRow key={schedule.id} schedule={schedule} />
        ))}
      </ul>
    </Panel>
  );
}

function ScheduleRow({ schedule }: { schedule: Item<'schedules.list'> }) {
  return (
    <li className="relative flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3.5 hover:bg-hover">
      <div className="min-w-0 flex-1 basis-56">
        <Link
          to="/triggers/schedules/$scheduleId"
          params={{ scheduleId: schedule.id }}
          className="truncate text-sm font-medium after:absolute after:inset-0"
        >
          {schedule.workflow_title}
        </Link>
        <div className="text-xs text-ink-3">
          {whenWords(schedule)} · {schedule.time_zone}
        </div>
      </div>
      <div className="text-xs text-ink-2 sm:w-44 sm:text-right">
        {schedule.next_at === null ? (
          <span className="text-ink-3">{schedule.last_at === null ? 'Never ran' : `Last ran ${ago(schedule.last_at)}`}</span>
        ) : (
          <>
            <span className="num">{wallOf(schedule.next_at, schedule.time_zone)}</span>
            <span className="text-ink-3"> · {ago(schedule.next_at)}</span>
          </>
        )}
      </div>
      <span className="text-sm sm:w-32">
        <ScheduleState schedule={schedule} />
      </span>
    </li>
  );
}

function Hooks() {
  const hooks = useList('hooks.list', {}, { everyMs: 30_000 });
  if (hooks.error !== null && hooks.rows.length === 0)
    return <Failure what="The webhooks could not be loaded." error={hooks.error} retry={() => void hooks.refetch()} />;
  if (hooks.isPending) return <SkeletonRows rows={4} />;
  if (hooks.rows.length === 0)
    return (
      <Empty icon={<Webhook />} title="No webhooks yet" action={toWorkflows}>
        Give a workflow the trigger “webhook”, and it gets an address of its own that other systems can call.
      </Empty>
    );
  return (
    <Panel flush>
      <ul className="divide-y">
        {hooks.rows.map((hook) => (
          <li key={hook.id} className="relative flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3.5 hover:bg-hover">
            <div className="min-w-0 flex-1 basis-56">
              <Link to="/triggers/hooks/$hookId" params={{ hookId: hook.id }} className="text-sm font-medium after:absolute after:inset-0">
                {hook.workflow_title} <span className="font-normal text-ink-3">/ {hook.key}</span>
              </Link>
              <div className="text-xs text-ink-3">
                {hook.last_at === null ? (
                  'Nothing came in lately'
                ) : (
                  <>
                    Last call <When at={hook.last_at} className="num" />
                  </>
                )}
              </div>
            </div>
            <span className="flex gap-1.5">
              {hook.signature === null ? <Badge>unsigned</Badge> : <Badge tone="ok">signed</Badge>}
              {hook.listening_until === null ? null : <Badge tone="accent">listening</Badge>}
            </span>
            <span className="text-sm sm:w-32">
              <Status tone={hook.active ? 'ok' : 'neutral'}>{hook.active ? 'On' : 'Workflow off'}</Status>
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
