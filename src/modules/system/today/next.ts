import { z } from 'zod';
import type { Statement, Transaction } from '#core/database/database.ts';
import { firingsAfter } from '#core/engine/schedule-times.ts';
import type { ScheduleSpec } from '#core/engine/types.ts';

export const Next = z.object({
  messagesByHour: z
    .array(z.object({ hour: z.date(), count: z.int() }))
    .describe('Queued messages of the next 24 hours; what is overdue counts in this hour'),
  firings: z
    .array(z.object({ at: z.date(), title: z.string(), workflowId: z.uuid() }))
    .describe('The next firing of schedules, whenever it is, and up to nine more of the coming week'),
});
export type Next = z.output<typeof Next>;

/** $1 company, $2 now, $3 a day later */
const QUEUED: Statement = {
  name: 'today.queued',
  text: `select date_trunc('hour', greatest(coalesce(e.due_at, m.due_at), $2::timestamptz)) as hour, count(*)::int as count
         from messages m left join effects e on e.id = m.effect_id and e.company_id = m.company_id
         where m.company_id = $1 and m.state = 'queued' and coalesce(e.due_at, m.due_at) < $3 group by 1 order by 1`,
};

/** $1 company */
const SCHEDULES: Statement = {
  name: 'today.schedules',
  text: `select w.id as "workflowId", w.title, coalesce(s.own_spec, s.spec) as spec, s.next_at as "nextAt" from schedules s join workflows w on w.id = s.workflow_id
         where s.company_id = $1 and s.next_at is not null and w.active and w.paused_at is null order by s.next_at limit 50`,
};

interface Scheduled {
  readonly workflowId: string;
  readonly title: string;
  readonly spec: ScheduleSpec;
  readonly nextAt: Date;
}

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
const FIRINGS = 10;

export async function next(tx: Transaction, companyId: string, now: Date): Promise<Next> {
  const [messagesByHour, schedules] = await Promise.all([
    tx.query<{ hour: Date; count: number }>(QUEUED, [companyId, now, new Date(now.getTime() + DAY_MS)]),
    tx.query<Scheduled>(SCHEDULES, [companyId]),
  ]);
  const firings = schedules.flatMap(({ spec, nextAt, title, workflowId }) =>
    [nextAt, ...firingsAfter(spec, nextAt, FIRINGS - 1)].map((at) => ({ at, title, workflowId })),
  );
  const soon = firings
    .toSorted((a, b) => a.at.getTime() - b.at.getTime())
    .filter(({ at }, index) => index === 0 || at.getTime() - now.getTime() < WEEK_MS);
  return { messagesByHour, firings: soon.slice(0, FIRINGS) };
}
