import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { InvalidInput } from '#core/errors.ts';
import { operation } from '#core/operation/operation.ts';

const share = () => z.number().min(0).max(1).nullable().describe('0 to 1; null: nothing to divide by');
const figures = {
  sent: z.int().describe('Commercial messages that left'),
  delivered: z.int().describe('Of them: those that were not told to have bounced or been refused'),
  opened: z.int().describe('Of them: told as opened, where openings are asked for; machines open mail, too'),
  clicked: z.int(),
  replied: z.int().describe('Of them: answered by a person; out-of-office mail does not count'),
  bounced: z.int(),
  complained: z.int(),
  deliveryRate: share(),
  openRate: share(),
  clickRate: share(),
  replyRate: share(),
  bounceRate: share(),
};
const Figures = z.object(figures);

interface Row {
  readonly what: 'all' | 'workflow' | 'template' | 'channel' | 'day';
  readonly value: string | null;
  readonly sent: number;
  readonly opened: number;
  readonly clicked: number;
  readonly replied: number;
  readonly bounced: number;
  readonly refused: number;
  readonly complained: number;
}

/** Served by messages_left and, for answers, messages_reply_to. */
const COUNT: Statement = {
  name: 'performance.count',
  text: `with m as (
      select coalesce(workflow, '') as workflow, coalesce(template, '') as template, channel, (sent_at at time zone 'UTC')::date as day, delivery, opened_at, clicked_at,
             exists (select from messages a where a.reply_to_id = o.id and a.company_id = $1 and a.direction = 'inbound' and not a.auto) as replied
        from messages o where company_id = $1 and direction = 'outbound' and state in ('sent', 'in_doubt') and sent_at >= $2 and sent_at < $3 and class = 'commercial')
    select case grouping(workflow, template, channel, day) when 15 then 'all' when 7 then 'workflow' when 11 then 'template' when 13 then 'channel' else 'day' end as what,
           coalesce(workflow, template, channel, day::text) as value, count(*)::int as sent, count(opened_at)::int as opened, count(clicked_at)::int as clicked, (count(*) filter (where replied))::int as replied,
           (count(*) filter (where delivery = 'bounced'))::int as bounced, (count(*) filter (where delivery = 'refused'))::int as refused, (count(*) filter (where delivery = 'complained'))::int as complained
      from m group by grouping sets ((), (workflow), (template), (channel), (day)) order by 3 desc limit 5000`,
};
const PATIENCE: Statement = { name: 'performance.patience', text: `select set_config('statement_timeout', '10000', true)` };
const DAY_MS = 86_400_000;
const LONGEST_DAYS = 1_100;
const MOST = 100;

function figuresOf(row: Row | undefined): z.output<typeof Figures> {
  const { sent = 0, opened = 0, clicked = 0, replied = 0, bounced = 0, refused = 0, complained = 0 } = row ?? {};
  const delivered = sent - bounced - refused;
  const part = (count: number, of: number) => (of === 0 ? null : Math.round((count / of) * 10_000) / 10_000);
  return {
    sent, delivered, opened, clicked, replied, bounced, complained,
    deliveryRate: part(delivered, sent), openRate: part(opened, delivered), clickRate: part(clicked, delivered), replyRate: part(replied, delivered), bounceRate: part(bounced, sent),
  };
} // prettier-ignore

export const getPerformance = operation({
  name: 'analytics.performance',
  summary:
    'How commercial messages did that left in a period: delivered, opened, clicked, answered, bounced; by workflow, template, channel and day',
  http: 'GET /analytics/performance',
  aliases: ['GET /api/analytics/performance'],
  cli: 'analytics performance',
  access: 'read',
  scope: 'analytics:read',
  input: z.object({
    startDate: z.date().optional().describe('First moment; default: 30 days before the end'),
    endDate: z.date().optional().describe('Moment after the last; default: now'),
  }),
  output: z.object({
    startDate: z.date(),
    endDate: z.date(),
    ...figures,
    workflows: z.array(Figures.extend({ workflow: z.string().describe('Empty: written without one') })).describe('The largest first'),
    templates: z.array(Figures.extend({ template: z.string().describe('Empty: without one') })),
    channels: z.array(Figures.extend({ channel: z.string() })),
    days: z.array(Figures.extend({ day: z.string().describe('UTC') })).describe('Days on which something left, oldest first'),
  }),
  errors: [InvalidInput],
  async run(ctx, input) {
    const endDate = input.endDate ?? ctx.clock.now();
    const startDate = input.startDate ?? new Date(endDate.getTime() - 30 * DAY_MS);
    const days = (endDate.getTime() - startDate.getTime()) / DAY_MS;
    if (days <= 0 || days > LONGEST_DAYS)
      throw new InvalidInput(`start_date lies before end_date, by at most ${LONGEST_DAYS} days`, { fields: [{ path: 'start_date', message: 'is not before end_date, or too long before' }] }); // prettier-ignore
    await ctx.query(PATIENCE, []);
    const rows = await ctx.query<Row>(COUNT, [ctx.companyId, startDate, endDate]);
    const of = (what: Row['what']) => rows.filter((row) => row.what === what);
    const named = (what: Row['what']) => of(what).slice(0, MOST).map((row) => ({ value: row.value ?? '', ...figuresOf(row) })); // prettier-ignore
    return {
      startDate,
      endDate,
      ...figuresOf(of('all')[0]),
      workflows: named('workflow').map(({ value, ...row }) => ({ workflow: value, ...row })),
      templates: named('template').map(({ value, ...row }) => ({ template: value, ...row })),
      channels: named('channel').map(({ value, ...row }) => ({ channel: value, ...row })),
      days: of('day')
        .map((row) => ({ day: row.value ?? '', ...figuresOf(row) }))
        .toSorted((a, b) => (a.day < b.day ? -1 : 1)),
    };
  },
});
