import { z } from 'zod';
import type { Statement, Transaction } from '#core/database/database.ts';
import { due } from '#core/engine/schedule-times.ts';
import type { ScheduleSpec } from '#core/engine/types.ts';

const ScheduleDue = z.object({
  scheduleId: z.uuid(),
  workflowId: z.uuid(),
  title: z.string(),
  policy: z.enum(['skip', 'once', 'all']).describe('What its own setting says of missed firings'),
  timeZone: z.string(),
  hold: z.enum(['paused', 'held']).nullable().describe('On hold by itself: the release of the installation leaves it so'),
  firstMissedAt: z.date().nullable(),
  missed: z.int().describe('Planned since then'),
  wouldFire: z.int().describe('Of those, fired at once by its policy'),
  nextAt: z.date().nullable().describe('The next one still ahead'),
});
const RunsDue = z.object({
  workflowId: z.uuid(),
  title: z.string(),
  due: z.int().describe('Their wait is over: they go on at once'),
  inHand: z.int().describe('Were in the middle of a step'),
  waiting: z.int().describe('Go on later'),
  nextAt: z.date().nullable(),
});
const EffectsDue = z.object({
  kind: z.string().describe('email, webhook …'),
  reserved: z.int().describe('Would be handed over'),
  due: z.int().describe('Of those, at once'),
  handed: z.int().describe('Were under way: looked up at the vendor, or in doubt'),
  inDoubt: z.int(),
  oldestAt: z.date().nullable(),
});

/** What a release would set going in one company. */
export const WouldFire = z.object({
  schedules: z.array(ScheduleDue),
  runs: z.array(RunsDue),
  effects: z.array(EffectsDue),
  events: z.int().describe('Facts that no workflow has heard of yet'),
});
export type WouldFire = z.output<typeof WouldFire>;

/** $1 company */
const SCHEDULES: Statement = {
  name: 'hold.schedules',
  text: `select s.id, w.id as workflow_id, w.title, coalesce(s.own_spec, s.spec) as spec, s.hold, coalesce(s.next_at, s.hold_next_at) as next_at
           from schedules s join workflows w on w.id = s.workflow_id
          where s.company_id = $1 and w.active and coalesce(s.next_at, s.hold_next_at) is not null order by next_at, s.id limit 200`,
};
/** $1 company, $2 now */
const RUNS: Statement = {
  name: 'hold.runs',
  text: `select w.id as "workflowId", w.title, x.due, x."inHand", x.waiting, x."nextAt" from (
           select r.workflow_id, count(*) filter (where r.state = 'waiting' and r.wake_at <= $2)::int as due, count(*) filter (where r.state = 'running')::int as "inHand",
                  count(*) filter (where r.state = 'waiting' and (r.wake_at > $2 or r.wake_at is null))::int as waiting, min(r.wake_at) filter (where r.wake_at > $2) as "nextAt"
             from runs r where r.company_id = $1 and r.state in ('waiting', 'running') group by r.workflow_id) x
         join workflows w on w.id = x.workflow_id and w.company_id = $1 order by x.due desc, w.title limit 200`,
};
/** $1 company, $2 now */
const EFFECTS: Statement = {
  name: 'hold.effects',
  text: `select kind, count(*) filter (where state = 'reserved')::int as reserved, count(*) filter (where state = 'reserved' and due_at <= $2 and not held)::int as due,
                count(*) filter (where state = 'handed')::int as handed, count(*) filter (where state = 'in_doubt')::int as "inDoubt",
                min(created_at) filter (where state = 'reserved') as "oldestAt"
           from effects where company_id = $1 and state in ('reserved', 'handed', 'in_doubt') group by kind order by kind`,
};
/** $1 company */
const EVENTS: Statement = {
  name: 'hold.events',
  text: `select count(*)::int as events from outbox where company_id = $1 and failed_at is null`,
};

interface ScheduleRow {
  readonly id: string;
  readonly workflow_id: string;
  readonly title: string;
  readonly spec: ScheduleSpec;
  readonly hold: 'paused' | 'held' | null;
  readonly next_at: Date;
}

export async function wouldFire(tx: Transaction, companyId: string, now: Date): Promise<WouldFire> {
  const [schedules, runs, effects, [events]] = await Promise.all([
    tx.query<ScheduleRow>(SCHEDULES, [companyId]),
    tx.query<WouldFire['runs'][number]>(RUNS, [companyId, now]),
    tx.query<WouldFire['effects'][number]>(EFFECTS, [companyId, now]),
    tx.query<{ events: number }>(EVENTS, [companyId]),
  ]);
  return { schedules: schedules.map((row) => scheduleOf(row, now)), runs, effects, events: events?.events ?? 0 };
}

function scheduleOf(row: ScheduleRow, now: Date): WouldFire['schedules'][number] {
  const facts = {
    scheduleId: row.id,
    workflowId: row.workflow_id,
    title: row.title,
    policy: row.spec.missed.policy,
    timeZone: row.spec.timeZone,
    hold: row.hold,
  };
  if (row.next_at > now) return { ...facts, firstMissedAt: null, missed: 0, wouldFire: 0, nextAt: row.next_at };
  const { fire, passed, next } = due(row.spec, row.next_at, now);
  const missed = fire.length + passed.reduce((sum, { count }) => sum + count, 0);
  return { ...facts, firstMissedAt: row.next_at, missed, wouldFire: row.hold === null ? fire.length : 0, nextAt: next };
}
