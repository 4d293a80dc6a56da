import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { InvalidInput, NotFound } from '#core/errors.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { pageInput, pageOf, toPage } from '#core/operation/page.ts';
import { getPerson, PersonNotFound, positionOf } from '#modules/people/public.ts';
import { silent, silentSince } from './silent.ts';

/** Counting goes no further: above it, more is no other news. */
const MOST = 10_000;
export const NOTICE_DAYS = 30;

/** Nobody keeps this person by a hold. */
export class HoldNotFound extends NotFound {
  override readonly code = 'retention_hold_not_found';
}

const Rule = z.object({
  peopleMonths: z.int().nullable().describe('People of whom nothing was heard for so many months are erased; null: nobody is'),
  noticeDays: z.int().describe('Days between the announcement and the erasure'),
  announced: z.int().describe('People who are announced now'),
  held: z.int().describe('People who are kept by hand'),
  nextAt: z.date().nullable().describe('When the first of them go'),
  keptBy: z.array(z.string()).describe('What speaks for keeping somebody, in words'),
});

const GET: Statement = {
  name: 'retention.get',
  text: `select r.people_months as "peopleMonths", r.notice_days as "noticeDays",
           (select count(*)::integer from retention_notices n where n.company_id = $1) as announced,
           (select count(*)::integer from retention_holds h where h.company_id = $1) as held,
           (select min(n.erase_at) from retention_notices n where n.company_id = $1) as "nextAt"
         from (select 1) one left join retention_rules r on r.company_id = $1`,
};
const SET: Statement = {
  name: 'retention.set',
  text: `insert into retention_rules (company_id, people_months, notice_days, updated_at) values ($1, $2, $3, $4)
         on conflict (company_id) do update set people_months = excluded.people_months, notice_days = excluded.notice_days, updated_at = excluded.updated_at`,
};
const TAKE_BACK: Statement = { name: 'retention.take_back', text: 'delete from retention_notices where company_id = $1' };

interface Found {
  readonly peopleMonths: number | null;
  readonly noticeDays: number | null;
  readonly announced: number;
  readonly held: number;
  readonly nextAt: Date | null;
}

async function ruleOf(ctx: Ctx): Promise<z.output<typeof Rule>> {
  const [found] = await ctx.query<Found>(GET, [ctx.companyId]);
  if (found === undefined) throw new Error('a select from one row answers one row');
  return { ...found, noticeDays: found.noticeDays ?? NOTICE_DAYS, keptBy: Object.keys(ctx.runtime.keeps) };
}

export const getRetention = operation({
  name: 'retention.get',
  summary: 'How long people are kept of whom nothing is heard, and who is announced',
  http: 'GET /api/retention',
  cli: 'retention get',
  access: 'read',
  input: z.object({}),
  output: Rule,
  run: ruleOf,
});

export const setRetention = operation({
  name: 'retention.set',
  summary: 'Say how long people are kept of whom nothing is heard; whoever was announced is announced anew',
  http: 'PUT /api/retention',
  cli: 'retention set',
  access: 'write',
  role: 'admin',
  input: z.object({
    peopleMonths: z.int().min(1).max(240).nullable().optional().describe('1 to 240 months; null: for ever'),
    noticeDays: z.int().min(7).max(365).optional().describe('7 to 365 days'),
  }),
  output: Rule,
  async run(ctx, input) {
    const old = await ruleOf(ctx);
    const months = input.peopleMonths === undefined ? old.peopleMonths : input.peopleMonths;
    await ctx.query(SET, [ctx.companyId, months, input.noticeDays ?? old.noticeDays, ctx.clock.now()]);
    await ctx.query(TAKE_BACK, [ctx.companyId]);
    ctx.subject('retention_rules', ctx.companyId);
    return ruleOf(ctx);
  },
});

export const previewRetention = operation({
  name: 'retention.preview',
  summary: 'How many people nothing was heard of for so many months: they would be announced',
  http: 'GET /api/retention/preview',
  cli: 'retention preview',
  access: 'read',
  role: 'manager',
  input: z.object({ peopleMonths: z.coerce.number().int().min(1).max(240).describe('1 to 240') }),
  output: z.object({ people: z.int(), more: z.boolean().describe(`More than ${MOST}`), since: z.date() }),
  async run(ctx, input) {
    const since = silentSince(ctx.clock.now(), input.peopleMonths);
    const [row] = await ctx.query<{ n: number }>(
      {
        name: 'retention.preview',
        text: `select count(*)::integer as n from (select from people p where p.company_id = $1 and ${silent(ctx.runtime.keeps, '$2')} limit ${MOST + 1}) s`,
      },
      [ctx.companyId, since],
    );
    const people = row?.n ?? 0;
    return { people: Math.min(people, MOST), more: people > MOST, since };
  },
});

const Announced = z.object({
  personId: z.uuid(),
  name: z.string(),
  email: z.string().nullable(),
  knownSince: z.date(),
  eraseAt: z.date(),
});
const LIST: Statement = {
  name: 'retention.announced',
  text: `select n.person_id as "personId", p.full_name as name, p.email, p.created_at as "knownSince", n.erase_at as "eraseAt" from retention_notices n join people p on p.id = n.person_id and p.company_id = n.company_id
          where n.company_id = $1 and (n.erase_at, n.person_id) > ($3::timestamptz, $4::uuid) order by n.erase_at, n.person_id limit $2`,
};
const FIRST: readonly [Date, string] = [new Date(0), '00000000-0000-0000-0000-000000000000'];

export const listAnnounced = operation({
  name: 'retention.announced',
  summary: 'Who will be erased, soonest first',
  http: 'GET /api/retention/announced',
  cli: 'retention announced',
  access: 'read',
  role: 'manager',
  input: z.object(pageInput),
  output: pageOf(Announced),
  async run(ctx, input) {
    const after = input.cursor === undefined ? FIRST : positionOf(input.cursor);
    const rows = await ctx.query<z.output<typeof Announced>>(LIST, [ctx.companyId, input.limit + 1, ...after]);
    return toPage(rows, input.limit, (row) => [row.eraseAt.getTime(), row.personId]);
  },
});

const Hold = z.object({
  personId: z.uuid(),
  name: z.string(),
  reason: z.string(),
  heldBy: z.string().nullable().describe('Name of the user'),
  createdAt: z.date(),
});
const HOLDS = `select h.person_id as "personId", p.full_name as name, h.reason, coalesce(nullif(u.full_name, ''), u.username) as "heldBy", h.created_at as "createdAt"
  from retention_holds h join people p on p.id = h.person_id and p.company_id = h.company_id left join users u on u.id = h.held_by where h.company_id = $1`;
const HOLD: Statement = { name: 'retention.hold', text: `${HOLDS} and h.person_id = $2` };
const LIST_HOLDS: Statement = { name: 'retention.holds', text: `${HOLDS} order by h.created_at desc, h.person_id desc limit $2` };
const LIST_HOLDS_AFTER: Statement = {
  name: 'retention.holds.after',
  text: `${HOLDS} and (h.created_at, h.person_id) < ($3::timestamptz, $4::uuid) order by h.created_at desc, h.person_id desc limit $2`,
};
const KEEP: Statement = {
  name: 'retention.keep',
  text: `with kept as (delete from retention_notices where company_id = $1 and person_id = $2)
         insert into retention_holds (person_id, company_id, reason, held_by, created_at) values ($2, $1, $3, $4, $5)
         on conflict (person_id) do update set reason = excluded.reason, held_by = excluded.held_by`,
};
const RELEASE: Statement = {
  name: 'retention.release',
  text: 'delete from retention_holds where company_id = $1 and person_id = $2 returning 1',
};

export const listHolds = operation({
  name: 'retention.holds',
  summary: 'Who is kept by hand, and why, newest first',
  http: 'GET /api/retention/holds',
  cli: 'retention holds',
  access: 'read',
  role: 'manager',
  input: z.object(pageInput),
  output: pageOf(Hold),
  async run(ctx, input) {
    const values = [ctx.companyId, input.limit + 1];
    const rows =
      input.cursor === undefined
        ? await ctx.query<z.output<typeof Hold>>(LIST_HOLDS, values)
        : await ctx.query<z.output<typeof Hold>>(LIST_HOLDS_AFTER, [...values, ...positionOf(input.cursor)]);
    return toPage(rows, input.limit, (row) => [row.createdAt.getTime(), row.personId]);
  },
});

export const keepPerson = operation({
  name: 'retention.keep',
  summary: 'Keep a person although nothing is heard of them; the reason is kept, too',
  http: 'PUT /api/retention/holds/{person_id}',
  cli: 'retention keep',
  access: 'write',
  role: 'manager',
  input: z.object({ personId: z.uuid().describe('Id of the person'), reason: z.string().max(500).describe('Why, in a few words') }),
  output: Hold,
  errors: [PersonNotFound],
  async run(ctx, input) {
    const reason = input.reason.trim();
    if (reason === '')
      throw new InvalidInput('Say why this person is kept: somebody will ask', {
        fields: [{ path: 'reason', message: 'must say why' }],
      });
    await getPerson(ctx, ctx.companyId, input.personId);
    const by = 'userId' in ctx.principal ? ctx.principal.userId : null;
    await ctx.query(KEEP, [ctx.companyId, input.personId, reason, by, ctx.clock.now()]);
    ctx.subject('people', input.personId);
    const [hold] = await ctx.query<z.output<typeof Hold>>(HOLD, [ctx.companyId, input.personId]);
    if (hold === undefined) throw new Error('the hold was not written');
    return hold;
  },
});

export const releasePerson = operation({
  name: 'retention.release',
  summary: 'No longer keep a person by hand; the rule counts again',
  http: 'DELETE /api/retention/holds/{person_id}',
  cli: 'retention release',
  access: 'write',
  role: 'manager',
  input: z.object({ personId: z.uuid().describe('Id of the person') }),
  output: z.object({}),
  errors: [HoldNotFound],
  async run(ctx, input) {
    if ((await ctx.query(RELEASE, [ctx.companyId, input.personId])).length === 0)
      throw new HoldNotFound('Nobody keeps this person by hand; list who is kept with GET /api/retention/holds');
    ctx.subject('people', input.personId);
    return {};
  },
});
