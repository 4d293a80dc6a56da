import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { InvalidInput } from '#core/errors.ts';
import { operation } from '#core/operation/operation.ts';
import { Gauges, gauges } from '../health/gauges.ts';

const count = () => z.int().min(0);
const byName = () => z.record(z.string(), count());

/** $1 company, $2 from, $3 to */
const LEADS: Statement = {
  name: 'dashboard.leads',
  text: `select coalesce(status, 'all') as name, count(*)::int as count from leads where company_id = $1 and created_at >= $2 and created_at < $3 group by rollup (status)`,
};
const SOURCES: Statement = {
  name: 'dashboard.sources',
  text: `select coalesce(source, 'unknown') as name, count(*)::int as count from leads where company_id = $1 and created_at >= $2 and created_at < $3 group by 1 order by 2 desc limit 20`,
};
const MESSAGES: Statement = {
  name: 'dashboard.messages',
  text: `select state as name, count(*)::int as count from messages where company_id = $1 and created_at >= $2 and created_at < $3 and direction = 'outbound' group by 1`,
};
const REPLIES: Statement = {
  name: 'dashboard.replies',
  text: `select coalesce(reply_class, 'other') as name, count(*)::int as count from messages
         where company_id = $1 and created_at >= $2 and created_at < $3 and state = 'received' and not auto group by 1`,
};
const RUNS: Statement = {
  name: 'dashboard.runs',
  text: `select state as name, count(*)::int as count from runs where company_id = $1 and completed_at >= $2 and completed_at < $3 and branch is null group by 1`,
};

interface Counted {
  readonly name: string;
  readonly count: number;
}

const DAY_MS = 86_400_000;
const LONGEST_DAYS = 3_660;

function table(rows: readonly Counted[]): Record<string, number> {
  return Object.fromEntries(rows.map((row) => [row.name, row.count]));
}

export const getDashboard = operation({
  name: 'dashboard.get',
  summary: 'Leads, messages, replies and runs of a period in numbers, and the four gauges',
  http: 'GET /api/dashboard',
  aliases: ['GET /api/analytics/dashboard'],
  cli: 'dashboard',
  access: 'read',
  input: z.object({
    startDate: z.date().optional().describe('First moment of the period; default: 30 days before its end'),
    endDate: z.date().optional().describe('Moment after its last; default: now'),
  }),
  output: z.object({
    startDate: z.date(),
    endDate: z.date(),
    leads: z
      .object({ total: count(), byStatus: byName(), bySource: byName() })
      .describe('Leads that came in the period, by what they are now'),
    messages: z.object({ byState: byName() }),
    replies: z.object({ total: count(), byClass: byName() }).describe('Replies by people; out-of-office mail is not counted'),
    runs: z.object({ byState: byName() }).describe('Runs that ended in the period'),
    gauges: Gauges,
  }),
  async run(ctx, input) {
    const end = input.endDate ?? ctx.clock.now();
    const start = input.startDate ?? new Date(end.getTime() - 30 * DAY_MS);
    if (start >= end)
      throw new InvalidInput('The period ends before it begins', { fields: [{ path: 'start_date', message: 'must be before end_date' }] });
    if (end.getTime() - start.getTime() > LONGEST_DAYS * DAY_MS)
      throw new InvalidInput('Ask for ten years at most', { fields: [{ path: 'start_date', message: 'is too early' }] });
    const values = [ctx.companyId, start, end];
    const [leads, sources, messages, replies, runs, measured] = await Promise.all([
      ctx.query<Counted>(LEADS, values),
      ctx.query<Counted>(SOURCES, values),
      ctx.query<Counted>(MESSAGES, values),
      ctx.query<Counted>(REPLIES, values),
      ctx.query<Counted>(RUNS, values),
      gauges(ctx, ctx.companyId, ctx.clock.now()),
    ]);
    const { all = 0, ...byStatus } = table(leads);
    return {
      startDate: start,
      endDate: end,
      leads: { total: all, byStatus, bySource: table(sources) },
      messages: { byState: table(messages) },
      replies: { total: replies.reduce((sum, row) => sum + row.count, 0), byClass: table(replies) },
      runs: { byState: table(runs) },
      gauges: measured,
    };
  },
});
