import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { operation } from '#core/operation/operation.ts';
import { companyCurrency } from '#modules/accounts/public.ts';
import { targetOf, targetsIn } from '../targets/targets.ts';
import { coverageOf, LEVEL } from './calibrate.ts';
import { makeForecasts } from './make.ts';
import { GRAINS, periodAt } from './trials.ts';

const cents = () => z.number().int().describe("Cents in the company's currency");
const Interval = { expectedCents: cents(), lowCents: cents(), highCents: cents(), calibrated: z.boolean() };
const Coverage = z
  .object({ inside: z.int(), of: z.int() })
  .describe('Past periods whose outcome was within the interval, of those with a calibrated one');

const Said = z.object({
  start: z.string(),
  end: z.string().describe('First day after it'),
  ahead: z.int().describe('0: the period that runs now'),
  wonCents: cents().describe('Won in it so far'),
  openCents: cents().describe('Expected from deals that are open now'),
  freshCents: cents().describe('Expected from deals that are still to come'),
  ...Interval,
  targetCents: cents().nullable(),
});
const Past = z.object({ start: z.string(), ...Interval, actualCents: cents(), inside: z.boolean(), targetCents: cents().nullable() });
const Owner = z.object({
  dealOwnerId: z.uuid().nullable(),
  owner: z.string(),
  wonCents: cents(),
  ...Interval,
  targetCents: cents().nullable(),
  coverage: Coverage,
});

const SAID: Statement = {
  name: 'forecast.latest',
  text: `select f.start::text as start, f.ahead, f.made_at as "madeAt", f.value, f.dim, o.name as owner, f.won_cents::float8 as "wonCents", f.open_cents::float8 as "openCents",
           f.fresh_cents::float8 as "freshCents", f.expected_cents::float8 as "expectedCents", f.low_cents::float8 as "lowCents", f.high_cents::float8 as "highCents", f.calibrated
         from forecasts f left join deal_owners o on f.dim = 'owner' and o.company_id = $1 and o.id::text = f.value
        where f.company_id = $1 and f.made_on = (select max(made_on) from forecasts where company_id = $1) and f.grain = $2 order by f.ahead`,
};
const TRIED: Statement = {
  name: 'forecast.tried',
  text: `select dim, value, start::text as start, expected_cents::float8 as "expectedCents", low_cents::float8 as "lowCents", high_cents::float8 as "highCents", actual_cents::float8 as "actualCents",
           calibrated, inside from forecast_trials where company_id = $1 and grain = $2 and ahead = 0 order by start`,
};

interface SaidRow extends Omit<z.output<typeof Said>, 'end' | 'targetCents'> {
  readonly madeAt: Date;
  readonly dim: 'all' | 'owner';
  readonly value: string;
  readonly owner: string | null;
}
interface TriedRow extends Omit<z.output<typeof Past>, 'targetCents'> {
  readonly dim: 'all' | 'owner';
  readonly value: string;
}

const Forecast = z.object({
  madeAt: z.date().nullable().describe('null: none was made yet'),
  currency: z.string(),
  level: z.number().describe('How often the outcome is meant to lie within the interval'),
  periods: z.array(Said),
  past: z
    .array(Past)
    .describe('What would have been said at the same distance from the end, with what was known then, beside what happened; oldest first'),
  coverage: Coverage,
  owners: z.array(Owner).describe('Of the period that runs now'),
});

export const getForecast = operation({
  name: 'forecast.get',
  summary:
    'What is expected to be won, from how deals moved before: with intervals that are measured on past periods, targets, and what happened beside what would have been said',
  http: 'GET /api/forecast',
  cli: 'forecast',
  access: 'read',
  scope: 'deals:read',
  input: z.object({ grain: z.enum(GRAINS).default('month'), dealOwnerId: z.uuid().optional().describe('Of one owner') }),
  output: Forecast,
  async run(ctx, { grain, dealOwnerId }) {
    const said = await ctx.query<SaidRow>(SAID, [ctx.companyId, grain]);
    const tried = await ctx.query<TriedRow>(TRIED, [ctx.companyId, grain]);
    const currency = await companyCurrency(ctx, ctx.companyId);
    const ofThis = (row: { dim: string; value: string }) =>
      dealOwnerId === undefined ? row.dim === 'all' : row.dim === 'owner' && row.value === dealOwnerId;
    const mine = said.filter(ofThis);
    const past = tried.filter(ofThis);
    const first = past[0]?.start ?? mine[0]?.start ?? '9999-01-01';
    const targets = await targetsIn(ctx, ctx.companyId, first, '9999-12-31');
    const owner = dealOwnerId ?? null;
    const trialsOf = Map.groupBy(tried.filter((row) => row.dim === 'owner'), (row) => row.value); // prettier-ignore
    return {
      madeAt: said[0]?.madeAt ?? null,
      currency,
      level: LEVEL,
      periods: mine.map(({ madeAt: _madeAt, dim: _dim, value: _value, owner: _owner, ...row }) => ({
        ...row,
        end: new Date(periodAt(Date.parse(row.start), grain, 1).start).toISOString().slice(0, 10),
        targetCents: targetOf(targets, owner, grain, row.start),
      })),
      past: past.map(({ dim: _dim, value: _value, ...row }) => ({ ...row, targetCents: targetOf(targets, owner, grain, row.start) })),
      coverage: coverageOf(past),
      owners: said
        .filter((row) => row.dim === 'owner' && row.ahead === 0)
        .map((row) => ({
          dealOwnerId: row.value === '' ? null : row.value,
          owner: row.owner ?? 'Nobody',
          wonCents: row.wonCents,
          expectedCents: row.expectedCents,
          lowCents: row.lowCents,
          highCents: row.highCents,
          calibrated: row.calibrated,
          targetCents: row.value === '' ? null : targetOf(targets, row.value, grain, row.start),
          coverage: coverageOf(trialsOf.get(row.value) ?? []),
        }))
        .toSorted((a, b) => b.expectedCents - a.expectedCents),
    };
  },
});

export const makeForecast = operation({
  name: 'forecast.make',
  summary: 'Work the forecast out now; otherwise it is brought up to date every hour in which deals changed',
  http: 'POST /api/forecast',
  cli: 'forecast make',
  access: 'outside',
  scope: 'deals:write',
  input: z.object({}),
  output: z.object({ made: z.int().describe('Periods, of the company and of each owner') }),
  async run(ctx) {
    const made = await makeForecasts(ctx.runtime.database, ctx.companyId, ctx.clock.now());
    return { made };
  },
});
