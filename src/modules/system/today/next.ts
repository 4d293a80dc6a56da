import { z } from 'zod';
import type { Statement, Transaction } from '#core/database/database.ts';
import type { ScheduleSpec } from '#core/engine/types.ts';

export const Next = z.object({
  messagesByHour: z
    .array(z.object({ hour: z.date(), count: z.int() }))
    .describe('Queued messages of the next 24 hours; what is overdue counts in this hour'),
  firings: z
    .array(
      z.object({
        at: z.date(),
        title: z.string(),
        workflowId: z.uuid(),
        cron: z.string().nullable(),
        everyS: z.int().nullable(),
      }),
    )
    .describe('The ten schedules that fire next, each once, with the rule by which it goes on'),
});
export type Next = z.output<typeof Next>;

/** $1 company, $2 now, $3 a day later */
const QUEUED: Statement = {
  name: 'today.queued',
  text: `select date_trunc('hour', greatest(coalesce(e.due_at, m.due_at), $2::timestamptz)) as hour, count(*)::int as count
         from messages m left join effects e on e.id = m.effect_id and e.company_id = m.company_id
         where m.company_id = $1 and m.state = 'queued' and coalesce(e.due_at, m.due_at) < $3 group by 1 order by 1`,
};

/** $1 company. A workflow may have several schedules: each is a line of its own. */
const SCHEDULES: Statement = {
  name: 'today.schedules',
  text: `select w.id as "workflowId", w.title, coalesce(s.own_spec, s.spec) as spec, s.next_at as "at" from schedules s join workflows w on w.id = s.workflow_id
         where s.company_id = $1 and s.next_at is not null and w.active and w.paused_at is null order by s.next_at limit 10`,
};

interface Scheduled {
  readonly workflowId: string;
  readonly title: string;
  readonly spec: ScheduleSpec;
  readonly at: Date;
}

const DAY_MS = 86_400_000;

export async function next(tx: Transaction, companyId: string, now: Date): Promise<Next> {
  const [messagesByHour, schedules] = await Promise.all([
    tx.query<{ hour: Date; count: number }>(QUEUED, [companyId, now, new Date(now.getTime() + DAY_MS)]),
    tx.query<Scheduled>(SCHEDULES, [companyId]),
  ]);
  const firings = schedules.map(({ spec, ...firing }) => ({
    ...firing,
    cron: spec.cron ?? null,
    everyS: spec.everyS ?? null,
  }));
  return { messagesByHour, firings };
}
