import type { Statement } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';
import { KINDS, type AlertKind } from './kinds.ts';
import { waits } from '#core/effects/waiting.ts';

/** Something that is wrong now. */
export interface Wrong {
  readonly company_id: string;
  readonly key: string;
  readonly title: string;
  readonly body: string;
  readonly link: string;
  readonly count: number;
}

/** The companies that want to hear of it, with their threshold `q.threshold`. */
const asking = (kind: AlertKind) =>
  `(select c.id, coalesce(r.threshold, ${KINDS[kind].threshold ?? 0}) as threshold from companies c left join alert_rules r on r.company_id = c.id and r.kind = '${kind}'
     where coalesce(r.enabled, true)) q`;

/** Index runs_completed. $1 now */
const RUN_FAILED: Statement = {
  name: 'alerts.run_failed',
  text: `select q.id as company_id, f.workflow_id::text as key, f.count, 'Runs of “' || w.title || '” fail' as title,
                case f.count when 1 then 'One failed' else f.count || ' failed' end || ' within the last hour. The list says why.' as body,
                '/runs?state=failed&workflow_id=' || w.id as link
           from ${asking('run_failed')} cross join lateral (
             select workflow_id, count(*)::int as count from runs
              where company_id = q.id and completed_at > $1::timestamptz - interval '1 hour' and state = 'failed' and branch is null group by 1) f
           join workflows w on w.id = f.workflow_id and w.company_id = q.id
          where f.count >= q.threshold`,
};

/** Index runs_completed. $1 now */
const SUCCESS_LOW: Statement = {
  name: 'alerts.success_low',
  text: `select q.id as company_id, '' as key, f.failed as count, 'Only ' || round(100.0 * (f.ended - f.failed) / f.ended, 1) || ' % of the runs succeed' as title,
                f.failed || ' of ' || f.ended || ' runs failed within 24 hours.' as body, '/reliability' as link
           from ${asking('success_low')} cross join lateral (
             select count(*)::int as ended, count(*) filter (where state = 'failed')::int as failed from runs
              where company_id = q.id and completed_at > $1::timestamptz - interval '24 hours' and state in ('done', 'failed') and branch is null) f
          where f.ended >= 20 and 100.0 * (f.ended - f.failed) / f.ended < q.threshold`,
};

/** The oldest thousand facts, by outbox_due; acts by effects_waiting. $1 now, $2 kinds of effects */
const QUEUE_LAG: Statement = {
  name: 'alerts.queue_lag',
  text: `with facts as (select company_id, min(due_at) as due from (select company_id, due_at from outbox where failed_at is null order by id limit 1000) o group by 1)
         select q.id as company_id, '' as key, 1 as count, 'Work is not taken up' as title,
                'Something has been due for ' || round(extract(epoch from $1::timestamptz - least(f.due, e.due)) / 60) || ' minutes. Is a worker running?' as body, '/reliability' as link
           from ${asking('queue_lag')} left join facts f on f.company_id = q.id cross join lateral (
             select min(x.due_at) as due from unnest($2::text[]) as k (kind) cross join lateral (
               select w.due_at from effects w where w.kind = k.kind and w.company_id = q.id and ${waits('w')} order by w.due_at limit 1) x) e
          where least(f.due, e.due) < $1::timestamptz - q.threshold * interval '1 second'`,
};

const CONNECTION_FAILING: Statement = {
  name: 'alerts.connection_failing',
  text: `select q.id as company_id, n.id::text as key, 1 as count, '“' || n.title || '” no longer takes our credentials' as title,
                coalesce(left(n.error, 300), '') || ' What needs it waits until they are renewed.' as body, '/connections' as link
           from ${asking('connection_failing')} join connections n on n.company_id = q.id and n.state = 'rejected'`,
};

const SENDER_HEALTH: Statement = {
  name: 'alerts.sender_health',
  text: `select q.id as company_id, s.id::text as key, 1 as count, s.address || case s.health when 'stopped' then ' is stopped' else ' sends at a quarter of its pace' end as title,
                coalesce(upper(left(s.health_because ->> 'says', 1)) || substr(s.health_because ->> 'says', 2) || '. ', '') ||
                case s.health when 'stopped' then 'No commercial mail leaves by it until you let it go on. See to the cause first.'
                  else 'It recovers by itself when the numbers are good again.' end as body, '/settings/senders' as link
           from ${asking('sender_health')} join senders s on s.company_id = q.id and s.health <> 'well' and s.state <> 'retired'`,
};

/** What was good once and is bad now; what could not be asked is neither. */
const SENDER_SETUP: Statement = {
  name: 'alerts.sender_setup',
  text: `select q.id as company_id, c.id::text as key, 1 as count, 'Receivers no longer trust mail of ' || c.address as title,
                coalesce((select left(string_agg(f ->> 'says', ' '), 500) from jsonb_array_elements(c.findings) f where f ->> 'check' = any (c.broken)), '') || ' The doctor names the record to publish.' as body,
                '/settings/deliverability?address=' || c.address as link
           from ${asking('sender_setup')} join sender_checkups c on c.company_id = q.id and cardinality(c.broken) > 0
           left join senders s on s.id = c.sender_id and s.company_id = c.company_id
          where s.id is null or s.state <> 'retired'`,
};

/** Index effects_open. */
const EFFECT_IN_DOUBT: Statement = {
  name: 'alerts.effect_in_doubt',
  text: `select q.id as company_id, e.kind as key, e.count, case e.count when 1 then 'An act (' || e.kind || ') is in doubt' else e.count || ' acts (' || e.kind || ') are in doubt' end as title,
                'Nobody knows whether it happened. Decide it in the outbox.' as body, '/outbox' as link
           from ${asking('effect_in_doubt')} cross join lateral (
             select kind, count(*)::int as count from effects where company_id = q.id and state = 'in_doubt' group by 1) e`,
};

/** What the watches of the analytics found, with the deals that made the most of it. Index metric_watches_wrong. */
const METRIC: Statement = {
  name: 'alerts.metric',
  text: `select q.id as company_id, w.id::text as key, greatest(1, jsonb_array_length(w.blame)) as count, w.title,
                w.body || coalesce(' Most of it: ' || (select string_agg(d.name, ', ' order by b.place) from jsonb_array_elements(w.blame) with ordinality as b (deal, place)
                  join deals d on d.id = (b.deal ->> 'deal_id')::uuid and d.company_id = q.id where b.place <= 3) || '.', '') as body, '/insights/watches' as link
           from ${asking('metric')} join metric_watches w on w.company_id = q.id and w.active and w.wrong`,
};

/** The plan is one for all companies (docs/adr/0042-whose-backups.md): each is told, as it is their data. $1 now, $2 whether backups are taken here at all */
const BACKUP_LATE: Statement = {
  name: 'alerts.backup_late',
  text: `select q.id as company_id, '' as key, 1 as count, 'No backup was taken in time' as title,
                'The last one is of ' || to_char(coalesce(b.last_at, b.since) at time zone 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC'
                  || case when b.error is null then '. Is the disk of the machine full, does a worker run?' else ': ' || left(b.error, 300) end as body, '/settings/backups' as link
           from ${asking('backup_late')} cross join backup_plan b
          where $2 and b.active and coalesce(b.last_at, b.since) + make_interval(hours => 2 * b.every_hours) < $1::timestamptz`,
};

/** One statement a kind, for every company at once. */
export const LOOKS: readonly {
  readonly kind: AlertKind;
  readonly statement: Statement;
  values(now: Date, runtime: Runtime): readonly unknown[];
}[] = [
  { kind: 'run_failed', statement: RUN_FAILED, values: (now) => [now] },
  { kind: 'success_low', statement: SUCCESS_LOW, values: (now) => [now] },
  { kind: 'queue_lag', statement: QUEUE_LAG, values: (now, runtime) => [now, runtime.engine.registry.effects.map(({ kind }) => kind)] },
  { kind: 'connection_failing', statement: CONNECTION_FAILING, values: () => [] },
  { kind: 'sender_health', statement: SENDER_HEALTH, values: () => [] },
  { kind: 'sender_setup', statement: SENDER_SETUP, values: () => [] },
  { kind: 'effect_in_doubt', statement: EFFECT_IN_DOUBT, values: () => [] },
  { kind: 'metric', statement: METRIC, values: () => [] },
  { kind: 'backup_late', statement: BACKUP_LATE, values: (now, runtime) => [now, !runtime.config.demo] },
];
