import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { operation } from '#core/operation/operation.ts';

const FIGURES: Statement = {
  name: 'tickets.figures',
  text: `with t as (select * from tickets where company_id = $1 and created_at >= $2 and merged_into_id is null),
              r as (select score from ticket_ratings where company_id = $1 and created_at >= $2)
         select (select count(*)::int from t) as opened, (select count(*)::int from t where state in ('solved', 'closed')) as solved,
           (select count(*)::int from t where response_broken) as "lateAnswers", (select count(*)::int from t where resolution_broken) as "lateSolutions",
           (select count(*)::int from t where reopened > 0) as reopened,
           (select count(*)::int from r) as ratings, (select avg(score)::float8 from r) as "meanRating",
           (select coalesce(jsonb_object_agg(score, n), '{}') from (select score, count(*)::int as n from r group by score) g) as "byScore"`,
};
const Figures = z.object({
  opened: z.int(),
  solved: z.int(),
  lateAnswers: z.int().describe('Tickets on which some answer was later than its target'),
  lateSolutions: z.int(),
  reopened: z.int(),
  ratings: z.int(),
  meanRating: z.number().nullable().describe('1, very bad, to 5, very good'),
  byScore: z.record(z.string(), z.int()),
});

export const ticketFigures = operation({
  name: 'tickets.figures',
  summary: 'How the support did: opened, solved, late, reopened, and how people found it',
  http: 'GET /api/tickets/figures',
  cli: 'tickets figures',
  access: 'read',
  input: z.object({ days: z.coerce.number().int().min(1).max(3_650).default(30) }),
  output: Figures,
  async run(ctx, { days }) {
    const since = new Date(ctx.clock.now().getTime() - days * 86_400_000);
    const [row] = await ctx.query<z.output<typeof Figures>>(FIGURES, [ctx.companyId, since]);
    if (row === undefined) throw new Error('a select without from answers one row');
    return row;
  },
});
