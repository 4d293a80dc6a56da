import { DateTime } from 'luxon';
import type { Statement, Transaction } from '#core/database/database.ts';
import type { DomainEvent } from '#core/engine/types.ts';
import { newId } from '#core/ids.ts';
import type { Runtime } from '#core/runtime.ts';
import { notify, type NewNotification } from '#modules/notifications/public.ts';

/** So long after its moment a firing that nobody acted on is missing: a restart and a busy machine take less. */
export const GRACE_S = 300;
/** History is kept this long. */
const KEPT_DAYS = 90;
const MOST = 500;

interface Wrong {
  readonly company_id: string;
  readonly schedule_id: string;
  readonly kind: 'not_run' | 'not_done';
  readonly planned_at: Date;
  readonly reason: string;
  readonly run_id: string | null;
}

// The process that should have fired it is gone or stuck: whoever still looks says so.
const OVERDUE: Statement = {
  name: 'schedules.overdue',
  text: `select s.company_id, s.id as schedule_id, 'not_run' as kind, s.next_at as planned_at, 'overdue' as reason, null::uuid as run_id
           from schedules s join workflows w on w.id = s.workflow_id
          where s.next_at < $1::timestamptz - make_interval(secs => $2) and w.active and s.alarm
            and not exists (select from schedule_alerts a where a.schedule_id = s.id and a.recovered_at is null) limit $3`,
};
/** Firings whose outcome is known by now, or overdue. */
const JUDGE: Statement = {
  name: 'schedules.judge',
  text: `with open as (
           select f.id, f.schedule_id, f.company_id, f.planned_at, f.until_at, f.run_id, f.state, f.reason, f.due_by, r.state as run_state, r.completed_at, s.alarm
             from schedule_firings f join schedules s on s.id = f.schedule_id left join runs r on r.id = f.run_id
            where f.ok is null and (f.state = 'skipped' or r.id is null or r.state in ('done', 'failed', 'cancelled') or f.due_by < $1::timestamptz)
            order by f.id limit $2 for update of f skip locked),
         judged as (
           update schedule_firings f set ok = o.state = 'fired' and (o.run_state is null or (o.run_state = 'done' and o.completed_at <= o.due_by))
             from open o where f.id = o.id returning f.id, f.ok)
         select o.company_id, o.schedule_id, case when o.state = 'skipped' then 'not_run' else 'not_done' end as kind, o.until_at as planned_at,
                coalesce(o.reason, case when o.run_state in ('failed', 'cancelled') then o.run_state else 'late' end) as reason, o.run_id
           from open o join judged j on j.id = o.id where not j.ok and o.alarm order by o.id`,
};
const RAISE: Statement = {
  name: 'schedules.raise',
  text: `insert into schedule_alerts (id, company_id, schedule_id, kind, planned_at, reason, run_id, raised_at)
         select id, company_id, schedule_id, kind, planned_at, reason, run_id, $2::timestamptz from json_to_recordset($1::json)
           as x (id uuid, company_id uuid, schedule_id uuid, kind text, planned_at timestamptz, reason text, run_id uuid)
         on conflict (schedule_id) where recovered_at is null do nothing
         returning id, company_id, schedule_id, kind, planned_at, reason, run_id, null as recovery`,
};
/** Ended: a later firing went well, the late run is done after all, or nobody expects it any more. */
const RECOVER: Statement = {
  name: 'schedules.recover',
  text: `update schedule_alerts a set recovered_at = $1::timestamptz, recovery = x.recovery from (
           select a.id, case when not w.active or s.hold is not null or not s.alarm then 'not_expected'
                             when exists (select from schedule_firings f where f.schedule_id = a.schedule_id and f.state = 'fired' and f.ok and f.planned_at >= a.planned_at) then 'ran'
                             when a.kind = 'not_done' and exists (select from runs r where r.id = a.run_id and r.state = 'done') then 'done_late' end as recovery
             from schedule_alerts a join schedules s on s.id = a.schedule_id join workflows w on w.id = s.workflow_id
            where a.recovered_at is null order by a.id limit $2 for update of a skip locked) x
          where a.id = x.id and x.recovery is not null
         returning a.id, a.company_id, a.schedule_id, a.kind, a.planned_at, a.reason, a.run_id, a.recovery`,
};

interface Alert extends Wrong {
  readonly id: string;
  readonly recovery: 'ran' | 'done_late' | 'not_expected' | null;
}

const WORDS: Statement = {
  name: 'schedules.words',
  text: `select s.id, w.id as workflow_id, w.name, w.title, coalesce(s.own_spec, s.spec) ->> 'timeZone' as zone,
                array(select u.id from users u where u.company_id = s.company_id and u.role = 'admin' and u.is_active and u.deleted_at is null) as admins
           from schedules s join workflows w on w.id = s.workflow_id where s.id = any ($1::uuid[])`,
};
interface Words {
  readonly id: string;
  readonly workflow_id: string;
  readonly name: string;
  readonly title: string;
  readonly zone: string;
  readonly admins: readonly string[];
}
const SWEEP: Statement = {
  name: 'schedules.sweep',
  text: `delete from schedule_firings where id = any (array(select id from schedule_firings where fired_at < $1::timestamptz - make_interval(days => $2) and ok is not null limit 5000))`,
};

/**
 * The dead man's switch: says once when an expected run did not happen or was not done in time, and once more when it is well again; under the
 * bell and by mail to the admins, and as events for webhooks. Any number of processes may look: a row can be raised and ended once.
 */
export async function watchSchedules(runtime: Runtime): Promise<{ readonly raised: number; readonly recovered: number }> {
  const now = runtime.clock.now();
  return runtime.system.write(async (tx) => {
    const overdue = await tx.query<Wrong>(OVERDUE, [now, GRACE_S, MOST]);
    const judged = await tx.query<Wrong>(JUDGE, [now, MOST]);
    // Of several of one schedule the last one speaks.
    const wrong = new Map([...overdue, ...judged].map((one) => [one.schedule_id, one]));
    const rows = [...wrong.values()].map((one) => ({ ...one, id: newId() }));
    const raised = rows.length === 0 ? [] : await tx.query<Alert>(RAISE, [JSON.stringify(rows), now]);
    const recovered = await tx.query<Alert>(RECOVER, [now, MOST]);
    await tell(
      tx,
      runtime,
      raised,
      recovered.filter((alert) => alert.recovery !== 'not_expected'),
    );
    await tx.query(SWEEP, [now, KEPT_DAYS]);
    return { raised: raised.length, recovered: recovered.length };
  });
}

async function tell(tx: Transaction, runtime: Runtime, raised: readonly Alert[], recovered: readonly Alert[]): Promise<void> {
  const alerts = [...raised, ...recovered];
  if (alerts.length === 0) return;
  const words = new Map((await tx.query<Words>(WORDS, [alerts.map((alert) => alert.schedule_id)])).map((row) => [row.id, row]));
  const entries: NewNotification[] = [];
  const events: DomainEvent[] = [];
  for (const alert of alerts) {
    const about = words.get(alert.schedule_id);
    if (about === undefined) continue;
    const { title, body } = sayOf(alert, about);
    const over = alert.recovery !== null;
    for (const userId of about.admins)
      entries.push({
        companyId: alert.company_id,
        userId,
        kind: 'schedule_missed',
        title,
        body,
        link: `/triggers/schedules/${alert.schedule_id}`,
        key: `schedule:${alert.id}:${over ? 'over' : 'raised'}`,
      });
    events.push({
      name: over ? 'schedule.recovered' : 'schedule.missed',
      companyId: alert.company_id,
      subject: { type: 'schedule', id: alert.schedule_id },
      payload: {
        alert_id: alert.id,
        schedule_id: alert.schedule_id,
        workflow_id: about.workflow_id,
        workflow: about.name,
        kind: alert.kind,
        reason: over ? (alert.recovery ?? '') : alert.reason,
        planned_at: alert.planned_at.toISOString(),
        run_id: alert.run_id,
        says: `${title}. ${body}`,
      },
    });
  }
  await notify(tx, runtime, entries);
  await runtime.engine.emit(tx, events);
}

const REASONS: Readonly<Record<string, string>> = {
  overdue: 'Nothing has acted on it yet: is a worker running?',
  missed: 'Nothing ran at that time, and its policy is to skip what was missed.',
  too_old: 'Nothing ran at that time, and by now it is older than its policy takes.',
  broken: 'Its workflow can’t run as it is: open it and see what is wrong.',
  busy: 'The run before it was still going on.',
  late: 'Its run is not done yet.',
  failed: 'Its run failed.',
  cancelled: 'Its run was cancelled.',
};

function sayOf(alert: Alert, { title, zone }: Words): { title: string; body: string } {
  const at = DateTime.fromJSDate(alert.planned_at, { zone }).setLocale('en-GB');
  const planned = `It was planned for ${at.toFormat('cccc d LLLL yyyy, HH:mm')} (${zone}).`;
  if (alert.recovery === 'done_late') return { title: `“${title}” is done after all`, body: `${planned} It was late.` };
  if (alert.recovery !== null) return { title: `“${title}” runs again`, body: planned.replace('It was', 'What had been missing was') };
  return {
    title: alert.kind === 'not_run' ? `“${title}” did not run` : `“${title}” was not done in time`,
    body: `${planned} ${REASONS[alert.reason] ?? alert.reason}`,
  };
}
