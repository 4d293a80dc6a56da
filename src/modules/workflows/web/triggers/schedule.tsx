import { Link, useParams } from '@tanstack/react-router';
import { Pause, Pencil, Play } from 'lucide-react';
import { useState } from 'react';
import type { Item, Output } from '#web/kit/api.ts';
import { Badge, Status } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { Confirm } from '#web/kit/confirm.tsx';
import { Switch } from '#web/kit/field.tsx';
import { Listed } from '#web/kit/list/listed.tsx';
import { Page } from '#web/kit/page.tsx';
import { Facts, Panel } from '#web/kit/panel.tsx';
import { useAct, useList, useRead } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { SkeletonRows } from '#web/kit/skeleton.tsx';
import { Empty, Failure, Note } from '#web/kit/states.tsx';
import { ago, lengthOf, When } from '#web/kit/time.tsx';
import { EditSchedule } from './edit-schedule.tsx';
import { ScheduleState } from './schedule-state.tsx';
import { whenWords } from '#web/kit/when-words.ts';
import { missedWords, spanWords, wallOf } from './wall.ts';

type Schedule = Output<'schedules.get'>;

export function SchedulePage() {
  const { scheduleId } = useParams({ from: '/shell/triggers/schedules/$scheduleId' });
  const schedule = useRead('schedules.get', { schedule_id: scheduleId }, { everyMs: 20_000 });
  if (schedule.error !== null && schedule.data === undefined)
    return <Failure what="The schedule could not be loaded." error={schedule.error} retry={() => void schedule.refetch()} />;
  if (schedule.data === undefined)
    return (
      <Page title="Schedule" width="text">
        <SkeletonRows rows={6} />
      </Page>
    );
  return <Shown schedule={schedule.data} />;
}

function Shown({ schedule }: { schedule: Schedule }) {
  const may = useMay('manager');
  const [editing, setEditing] = useState(false);
  return (
    <Page
      title={schedule.workflow_title}
      lead={`${whenWords(schedule)}, ${schedule.time_zone}`}
      back={{ to: '/triggers', label: 'Triggers' }}
      width="text"
      actions={
        may ? (
          <>
            <HoldButtons schedule={schedule} />
            <Button onClick={() => setEditing(true)}>
              <Pencil /> Edit
            </Button>
          </>
        ) : undefined
      }
    >
      <div className="space-y-6">
        <Warnings schedule={schedule} />
        <div className="grid gap-6 sm:grid-cols-2">
          <Panel title="Next ten firings" aside={<span className="text-xs text-ink-3">{schedule.time_zone}</span>}>
            {schedule.next.length === 0 ? (
              <p className="text-sm text-ink-2">{schedule.active ? 'It never fires again.' : 'None: switch its workflow on.'}</p>
            ) : (
              <ol
                aria-label="Next ten firings"
                className={schedule.hold === null ? 'space-y-1.5 text-sm' : 'space-y-1.5 text-sm text-ink-3'}
              >
                {schedule.next.map((at, i) => (
                  <li key={at} className="flex items-baseline justify-between gap-4">
                    <span className="num">{wallOf(at, schedule.time_zone)}</span>
                    {i === 0 ? <span className="text-xs text-ink-3">{schedule.hold === null ? ago(at) : 'when released'}</span> : null}
                  </li>
                ))}
              </ol>
            )}
          </Panel>
          <Panel title="How it keeps time">
            <Facts
              rows={[
                ['State', <ScheduleState key="state" schedule={schedule} />],
                ['Workflow', <WorkflowLink key="workflow" schedule={schedule} />],
                [
                  'When',
                  <span key="when">
                    <span title={schedule.cron ?? undefined}>{whenWords(schedule)}</span>
                    {schedule.own ? <Badge className="ml-2">set here</Badge> : null}
                  </span>,
                ],
                ['Missed', missedWords(schedule)],
                ['Done within', schedule.finish_within_s === null ? 'No limit' : spanWords(schedule.finish_within_s)],
                ['Last fired', schedule.last_at === null ? 'Never' : <When key="last" at={schedule.last_at} />],
              ]}
            />
            <p className="mt-3 border-t pt-3 text-xs text-ink-3">{schedule.rule}</p>
            <Alarm schedule={schedule} may={may} />
          </Panel>
        </div>
        <History schedule={schedule} />
      </div>
      {editing ? <EditSchedule schedule={schedule} onClose={() => setEditing(false)} /> : null}
    </Page>
  );
}

function WorkflowLink({ schedule }: { schedule: Schedule }) {
  return (
    <Link to="/workflows/$workflowId" params={{ workflowId: schedule.workflow_id }} className="text-accent-ink underline">
      {schedule.workflow_title}
    </Link>
  );
}

const ALERTS: Readonly<Record<string, string>> = {
  overdue: 'Nothing has acted on it yet. Is a worker running?',
  missed: 'Nothing ran at that time, and its policy is to skip what was missed.',
  too_old: 'Nothing ran at that time, and by now it is older than its policy takes.',
  broken: 'Its workflow can’t run as it is.',
  busy: 'The run before it was still going on.',
  late: 'Its run is not done yet.',
  failed: 'Its run failed.',
  cancelled: 'Its run was cancelled.',
};

function Warnings({ schedule }: { schedule: Schedule }) {
  const { alert, hold } = schedule;
  return (
    <>
      {hold === null ? null : (
        <Note tone={hold === 'held' ? 'warn' : 'neutral'}>
          {hold === 'held' ? 'Held: this installation may be a copy. ' : 'Paused. '}
          {schedule.hold_reason === null || schedule.hold_reason === '' ? '' : `${schedule.hold_reason}. `}
          {schedule.missed_on_hold === 0
            ? 'Nothing was planned meanwhile.'
            : `${schedule.missed_on_hold.toLocaleString('en')} ${schedule.missed_on_hold === 1 ? 'firing was' : 'firings were'} planned meanwhile.`}
        </Note>
      )}
      {alert === null ? null : (
        <Note tone="bad">
          {alert.kind === 'not_run' ? 'An expected run did not happen: ' : 'A run was not done in time: '}
          {wallOf(alert.planned_at, schedule.time_zone)}. {ALERTS[alert.reason] ?? alert.reason}{' '}
          {alert.run_id === null ? null : (
            <Link to="/runs/$runId" params={{ runId: alert.run_id }} className="underline">
              See the run
            </Link>
          )}
        </Note>
      )}
    </>
  );
}

function HoldButtons({ schedule }: { schedule: Schedule }) {
  const refresh = ['schedules'];
  const pause = useAct('schedules.pause', { refresh, done: 'Paused. Nothing fires until you release it.' });
  const release = useAct('schedules.release', { refresh, done: 'It fires again.' });
  if (!schedule.active) return null;
  if (schedule.hold === null)
    return (
      <Button busy={pause.isPending} onClick={() => pause.mutate({ schedule_id: schedule.id })}>
        <Pause /> Pause
      </Button>
    );
  if (schedule.missed_on_hold === 0)
    return (
      <Button kind="primary" busy={release.isPending} onClick={() => release.mutate({ schedule_id: schedule.id })}>
        <Play /> Release
      </Button>
    );
  const missed = schedule.missed_on_hold.toLocaleString('en');
  return (
    <>
      <Confirm
        title="Catch up on what was missed?"
        action="Release and catch up"
        onConfirm={() => release.mutate({ schedule_id: schedule.id, catch_up: true })}
        trigger={(ask) => (
          <Button busy={release.isPending} onClick={ask}>
            Catch up
          </Button>
        )}
      >
        <p>
          {missed} planned meanwhile. They are treated by its policy: {missedWords(schedule).toLowerCase()}.
        </p>
      </Confirm>
      <Button kind="primary" busy={release.isPending} onClick={() => release.mutate({ schedule_id: schedule.id })}>
        <Play /> Release
      </Button>
    </>
  );
}

function Alarm({ schedule, may }: { schedule: Schedule; may: boolean }) {
  const change = useAct('schedules.update', { refresh: ['schedules'] });
  return (
    <label className="mt-3 flex items-start gap-3 border-t pt-3 text-sm">
      <Switch
        checked={schedule.alarm}
        disabled={!may || change.isPending}
        onCheckedChange={(alarm) => change.mutate({ schedule_id: schedule.id, alarm })}
      />
      <span>
        Tell the admins when an expected run does not happen
        <span className="block text-xs text-ink-3">
          Under the bell, by mail, and to webhooks; once, and once more when it is well again.
        </span>
      </span>
    </label>
  );
}

const SKIPPED: Readonly<Record<string, string>> = {
  missed: 'Nothing ran then, and missed firings are skipped',
  stood_for: 'A later one ran in its place',
  too_old: 'Older than its policy takes',
  broken: 'Its workflow could not run',
  busy: 'The run before it still went on',
  paused: 'It was paused',
  held: 'It was held',
};

function History({ schedule }: { schedule: Schedule }) {
  const firings = useList('schedules.firings', { schedule_id: schedule.id, limit: 50 }, { everyMs: 20_000 });
  return (
    <Panel title="History" flush>
      <Listed
        list={firings}
        failed="The history could not be loaded."
        skeleton={3}
        none={
          <Empty title="Nothing was planned yet" className="py-10">
            Every planned firing leaves a line here: when it fired, or why it did not.
          </Empty>
        }
      >
        <>
          <ul className="divide-y">
            {firings.rows.map((firing) => (
              <FiringRow key={firing.id} firing={firing} zone={schedule.time_zone} />
            ))}
          </ul>
          {firings.hasNextPage ? (
            <div className="border-t p-3 text-center">
              <Button size="sm" busy={firings.isFetchingNextPage} onClick={() => void firings.fetchNextPage()}>
                Earlier ones
              </Button>
            </div>
          ) : null}
        </>
      </Listed>
    </Panel>
  );
}

function FiringRow({ firing, zone }: { firing: Item<'schedules.firings'>; zone: string }) {
  const fired = firing.state === 'fired';
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5 text-sm">
      <span className="num min-w-0 flex-1 basis-48">
        {wallOf(firing.planned_at, zone)}
        {firing.count > 1 ? (
          <span className="text-ink-3">
            {' '}
            to {wallOf(firing.until_at, zone)} · {firing.count.toLocaleString('en')}
          </span>
        ) : null}
      </span>
      <span className="text-xs text-ink-2">
        {fired
          ? firing.late_s < 60
            ? 'on time'
            : `${lengthOf(firing.late_s * 1000)} late`
          : (SKIPPED[firing.reason ?? ''] ?? 'Passed over')}
      </span>
      <span className="w-28">
        {fired ? (
          <Status tone={firing.ok === false ? 'bad' : 'ok'}>{firing.ok === false ? 'Not in time' : 'Fired'}</Status>
        ) : (
          <Status tone={firing.reason === 'stood_for' || firing.reason === 'paused' ? 'neutral' : 'warn'}>Skipped</Status>
        )}
      </span>
      <span className="w-10 text-right text-xs">
        {firing.run_id === null || firing.run_state === null ? null : (
          <Link to="/runs/$runId" params={{ runId: firing.run_id }} className="text-accent-ink underline">
            Run
          </Link>
        )}
      </span>
    </li>
  );
}
