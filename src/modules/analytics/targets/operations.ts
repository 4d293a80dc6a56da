import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { InvalidInput } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { companyCurrency } from '#modules/accounts/public.ts';
import { GRAINS } from '../forecast/trials.ts';

const Target = z.object({
  dealOwnerId: z.uuid().nullable().describe('One of GET /api/deal-owners; null: the company'),
  owner: z.string().nullable(),
  grain: z.enum(GRAINS),
  start: z.string().describe('First day of the period'),
  cents: z.number().int(),
});

const LIST: Statement = {
  name: 'targets.list',
  text: `select t.owner_id as "dealOwnerId", o.name as owner, t.grain, t.start::text as start, t.cents::float8 as cents from deal_targets t left join deal_owners o on o.id = t.owner_id
          where t.company_id = $1 and t.start >= $2::date and t.start < ($2::date + interval '1 year') order by t.start, o.name_key nulls first, t.grain limit 2000`,
};

const list = async (ctx: Ctx, year: number) => ({
  items: await ctx.query<z.output<typeof Target>>(LIST, [ctx.companyId, `${year}-01-01`]),
  currency: await companyCurrency(ctx, ctx.companyId),
  nextCursor: null,
});
const year = () => z.coerce.number().int().min(2000).max(2200);
const Targets = z.object({ items: z.array(Target), currency: z.string(), nextCursor: z.null() });

export const listTargets = operation({
  name: 'targets.list',
  summary: 'What the months and quarters of a year are meant to bring, of the company and of each owner',
  http: 'GET /api/targets',
  cli: 'targets list',
  access: 'read',
  scope: 'deals:read',
  input: z.object({ year: year() }),
  output: Targets,
  run: (ctx, input) => list(ctx, input.year),
});

const SET: Statement = {
  name: 'targets.set',
  text: `insert into deal_targets (id, company_id, owner_id, grain, start, cents, updated_at) values ($2, $1, $3, $4, $5, $6, $7)
         on conflict on constraint deal_targets_once do update set cents = excluded.cents, updated_at = excluded.updated_at`,
};
const CLEAR: Statement = {
  name: 'targets.clear',
  text: 'delete from deal_targets where company_id = $1 and owner_id is not distinct from $2 and grain = $3 and start = $4',
};
const OWNER: Statement = { name: 'targets.owner', text: 'select id from deal_owners where company_id = $1 and id = $2' };

export const setTarget = operation({
  name: 'targets.set',
  summary: 'Say what a month or quarter is meant to bring, of the company or of an owner; null takes it back',
  http: 'PUT /api/targets',
  cli: 'targets set',
  access: 'write',
  role: 'manager',
  scope: 'deals:write',
  input: z.object({
    dealOwnerId: z.uuid().nullable().default(null).describe('One of GET /api/deal-owners; null: the company'),
    grain: z.enum(GRAINS).default('month'),
    start: z.iso.date().describe('First day of the month or quarter'),
    cents: z.number().int().min(0).max(9_000_000_000_000).nullable().describe("In the company's currency; null: none"),
  }),
  output: Targets,
  async run(ctx, { dealOwnerId, grain, start, cents }) {
    const fits = start.endsWith('-01') && (grain === 'month' || [1, 4, 7, 10].includes(Number(start.slice(5, 7))));
    if (!fits)
      throw new InvalidInput(`No ${grain} begins on ${start}`, { fields: [{ path: 'start', message: `is the first day of a ${grain}` }] });
    if (dealOwnerId !== null && (await ctx.query(OWNER, [ctx.companyId, dealOwnerId])).length === 0)
      throw new InvalidInput('There is no such owner; list them with GET /api/deal-owners', {
        fields: [{ path: 'deal_owner_id', message: 'no such owner' }],
      });
    if (cents === null) await ctx.query(CLEAR, [ctx.companyId, dealOwnerId, grain, start]);
    else await ctx.query(SET, [ctx.companyId, newId(), dealOwnerId, grain, start, cents, ctx.clock.now()]);
    ctx.subject('deal_targets', dealOwnerId ?? ctx.companyId);
    return list(ctx, Number(start.slice(0, 4)));
  },
});
