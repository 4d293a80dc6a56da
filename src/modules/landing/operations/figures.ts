import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { operation } from '#core/operation/operation.ts';
import { DAY_MS, dayOf, getStored, LandingNotFound } from '../page.ts';
import { pageId } from './pages.ts';

const DAYS: Statement = {
  name: 'landing.days',
  text: `select g.day::date::text as day, coalesce(d.visits, 0)::int as visits, coalesce(d.machines, 0)::int as machines, coalesce(d.conversions, 0)::int as conversions
           from generate_series($3::date, $4::date, interval '1 day') as g(day) left join landing_days d on d.page_id = $2 and d.company_id = $1 and d.day = g.day::date order by g.day`,
};

const EVER: Statement = {
  name: 'landing.ever_sent',
  text: 'select coalesce(sum(conversions), 0)::int as sent from landing_days where company_id = $1 and page_id = $2',
};

const Day = z.object({
  day: z.string().describe('YYYY-MM-DD, UTC'),
  visits: z.int().describe('Times that people opened it'),
  machines: z.int().describe('Times that programs did that say so'),
  conversions: z.int().describe('Forms sent from it'),
});

/** Wilson's interval for a share, 95 %: honest with few visits, too. Null without a visit. */
export function shareOf(hits: number, of: number): { readonly rate: number; readonly low: number; readonly high: number } | null {
  if (of === 0) return null;
  const z2 = 1.959964 ** 2;
  // A form may be sent more often than its page was opened: from a tab that stayed open over midnight.
  const rate = Math.min(1, hits / of);
  const middle = (rate + z2 / (2 * of)) / (1 + z2 / of);
  const half = (1.959964 * Math.sqrt((rate * (1 - rate)) / of + z2 / (4 * of * of))) / (1 + z2 / of);
  return { rate, low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

export const landingFigures = operation({
  name: 'landing.figures',
  summary: 'How often a landing page was opened by day, and how many forms were sent from it',
  http: 'GET /api/landing-pages/{page_id}/figures',
  cli: 'landing figures',
  access: 'read',
  input: z.object({ pageId: pageId(), days: z.int().min(1).max(366).default(30) }),
  output: z.object({
    days: z.array(Day),
    visits: z.int(),
    machines: z.int(),
    conversions: z.int(),
    everSent: z.int().describe('Forms sent since it is there: what a goal is compared with'),
    share: z.object({ rate: z.number(), low: z.number(), high: z.number() }).nullable().describe('Forms a visit, with the range that it lies in by 95 %'),
  }),
  errors: [LandingNotFound],
  async run(ctx, { pageId: id, days: many }) {
    const now = ctx.clock.now();
    await getStored(ctx, ctx.companyId, id, now);
    const days = await ctx.query<z.output<typeof Day>>(DAYS, [ctx.companyId, id, dayOf(new Date(now.getTime() - (many - 1) * DAY_MS)), dayOf(now)]);
    const [ever] = await ctx.query<{ sent: number }>(EVER, [ctx.companyId, id]);
    const sum = (key: 'visits' | 'machines' | 'conversions') => days.reduce((total, day) => total + day[key], 0);
    const [visits, conversions] = [sum('visits'), sum('conversions')];
    return { days, visits, machines: sum('machines'), conversions, everSent: ever?.sent ?? 0, share: shareOf(conversions, visits) };
  },
}); // prettier-ignore
