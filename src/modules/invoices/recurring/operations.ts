import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { Conflict, InvalidInput } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { pageInput, pageOf, toPage } from '#core/operation/page.ts';
import { ClientNotFound, currencyCode, getClient } from '#modules/clients/public.ts';
import { ProductNotFound } from '#modules/deals/public.ts';
import { positionOf } from '#modules/people/public.ts';
import { addDays, dayOf } from '../days.ts';
import { LineInput, priced } from '../draft.ts';
import { userOf } from '../operations/invoices.ts';
import { paperLanguage } from '../paper-language.ts';
import { buyerOf } from '../parties.ts';
import { LineGiven, writtenOut } from '../products.ts';
import { loadSettings } from '../settings/load.ts';
import { PLAN_MODES, PLAN_STATES, PLAN_UNITS } from '../tables.ts';
import { netOfLines } from './amount.ts';
import { adjustmentOf, chargesOf, wordsOf } from './charge.ts';
import { periodOf } from './period.ts';
import { FROM_PLANS, InvoicePlanNotFound, lockPlan, openAdjustments, PLAN_COLUMNS, storedPlan, turnOf, versionsOf, type StoredPlan } from './plan.ts'; // prettier-ignore

const MOST_SHOWN = 6;
const day = () => z.iso.date();
const planId = () => z.uuid().describe('Id of the recurring invoice');
const lines = () => z.array(LineGiven).min(1).max(200);

const Plan = z.object({
  id: z.uuid(),
  companyId: z.uuid(),
  clientId: z.uuid(),
  clientName: z.string(),
  title: z.string(),
  notes: z.string(),
  currency: z.string(),
  paymentDays: z.int().nullable(),
  unit: z.enum(PLAN_UNITS),
  every: z.int(),
  startsOn: z.string(),
  anchorOn: z.string().describe('A day on which a period begins'),
  endsOn: z.string().nullable().describe('Last day'),
  bills: z.enum(['advance', 'arrears']),
  mode: z.enum(PLAN_MODES),
  state: z.enum(PLAN_STATES),
  nextOn: z.string().nullable().describe('First day of the next period to be invoiced'),
  billOn: z.string().nullable().describe('Day it is invoiced on'),
  problem: z.string().nullable().describe('Why it stands still, or what needs a look'),
  createdAt: z.date(),
  updatedAt: z.date(),
});
const Turn = z.object({ startsOn: z.string(), endsOn: z.string(), billOn: z.string(), netCents: z.int(), lines: z.array(LineInput) });
const Detail = Plan.extend({
  versions: z.array(z.object({ fromOn: z.string(), lines: z.array(LineInput) })),
  upcoming: z.array(Turn).describe('The next ones, before tax'),
  waiting: z.array(LineInput).describe('What changed in a period that was invoiced: it goes on the next invoice'),
  made: z.array(
    z.object({
      startsOn: z.string(),
      endsOn: z.string(),
      invoiceId: z.uuid().nullable(),
      number: z.string().nullable(),
      state: z.string().nullable(),
      totalCents: z.int().nullable(),
      madeAt: z.date(),
    }),
  ),
});

const MADE: Statement = {
  name: 'invoice_plans.made',
  text: `select t.starts_on::text as "startsOn", t.ends_on::text as "endsOn", t.invoice_id as "invoiceId", i.number, i.state, i.total_cents::float8 as "totalCents", t.made_at as "madeAt"
           from invoice_plan_periods t left join invoices i on i.id = t.invoice_id where t.company_id = $1 and t.plan_id = $2 order by t.starts_on desc limit 60`,
};

async function shown(ctx: Ctx, id: string): Promise<z.input<typeof Detail>> {
  const plan = await storedPlan(ctx, ctx.companyId, id);
  const [versions, waiting, made, { options }] = [
    await versionsOf(ctx, ctx.companyId, id),
    await openAdjustments(ctx, ctx.companyId, id),
    await ctx.query<z.input<typeof Detail>['made'][number]>(MADE, [ctx.companyId, id]),
    await loadSettings(ctx, ctx.companyId),
  ];
  const words = wordsOf(await paperLanguage(ctx, ctx.companyId, plan.clientId, options));
  const upcoming: z.input<typeof Turn>[] = [];
  for (let from = plan.nextOn; from !== null && upcoming.length < MOST_SHOWN;) {
    const turn = turnOf(plan, from);
    if (turn === null) break;
    const charged = chargesOf(versions, turn.period, turn.whole, words);
    upcoming.push({
      startsOn: turn.period.from,
      endsOn: turn.period.to,
      billOn: turn.billOn,
      netCents: netOfLines(charged),
      lines: charged,
    });
    from = turn.next;
  }
  const detail = { ...plan, upcoming, made, versions: versions.map(({ fromOn, lines: of }) => ({ fromOn, lines: [...of] })) };
  return { ...detail, waiting: waiting.flatMap((one) => [...one.lines]) };
}

const LIST = `select ${PLAN_COLUMNS} from ${FROM_PLANS} where k.company_id = $1 and ($3::text is null or k.state = $3) and ($4::uuid is null or k.client_id = $4)`;
const FIRST: Statement = { name: 'invoice_plans.list', text: `${LIST} order by k.created_at desc, k.id desc limit $2` };
const NEXT: Statement = {
  name: 'invoice_plans.list_after',
  text: `${LIST} and (k.created_at, k.id) < ($5::timestamptz, $6::uuid) order by k.created_at desc, k.id desc limit $2`,
};

export const listPlans = operation({
  name: 'invoice_plans.list',
  summary: 'List recurring invoices, newest first',
  http: 'GET /api/invoice-plans',
  cli: 'business recurring list',
  columns: ['client_name', 'title', 'unit', 'every', 'next_on', 'mode', 'state', 'problem', 'id'],
  access: 'read',
  input: z.object({ ...pageInput, state: z.enum(PLAN_STATES).optional(), clientId: z.uuid().optional() }),
  output: pageOf(Plan),
  async run(ctx, { limit, cursor, state, clientId }) {
    if (clientId !== undefined) await getClient(ctx, ctx.companyId, clientId);
    const values = [ctx.companyId, limit + 1, state ?? null, clientId ?? null];
    const rows = await ctx.query<StoredPlan>(
      cursor === undefined ? FIRST : NEXT,
      cursor === undefined ? values : [...values, ...positionOf(cursor)],
    );
    return toPage(rows, limit, (row) => [row.createdAt.getTime(), row.id]);
  },
});

export const getPlan = operation({
  name: 'invoice_plans.get',
  summary: 'Read one recurring invoice: what comes next, what was made, what changed',
  http: 'GET /api/invoice-plans/{plan_id}',
  cli: 'business recurring get',
  access: 'read',
  input: z.object({ planId: planId() }),
  output: Detail,
  errors: [InvoicePlanNotFound],
  run: (ctx, input) => shown(ctx, input.planId),
});

const INSERT: Statement = {
  name: 'invoice_plans.insert',
  text: `insert into invoice_plans (id, company_id, client_id, title, notes, currency, payment_days, unit, every, starts_on, anchor_on, ends_on, bills, mode, next_on, bill_on, created_by, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::date, $11::date, $12::date, $13, $14, $10::date, $15::date, $16, $17, $17)`,
};
const VERSION: Statement = {
  name: 'invoice_plans.version_insert',
  text: 'insert into invoice_plan_versions (company_id, plan_id, from_on, lines) values ($1, $2, $3::date, $4::jsonb)',
};

export const createPlan = operation({
  name: 'invoice_plans.create',
  summary: 'Invoice a client again and again; a period that has begun already is charged in part',
  http: 'POST /api/invoice-plans',
  cli: 'business recurring create',
  access: 'write',
  bodyLimit: 1024 * 1024,
  input: z.object({
    clientId: z.uuid().describe('Id of the client'),
    title: z.string().trim().min(1).max(200).describe('Stands on each invoice'),
    notes: z.string().max(5_000).default(''),
    lines: lines(),
    currency: currencyCode().nullish().describe('The client’s, else the company’s when left out'),
    paymentDays: z.int().min(0).max(365).nullish(),
    unit: z.enum(PLAN_UNITS).default('months'),
    every: z.int().min(1).max(60).default(1),
    startsOn: day().optional().describe('First day of what is supplied; today when left out'),
    anchorOn: day().optional().describe('A day on which periods begin, such as the first of a month; starts_on when left out'),
    endsOn: day().nullish().describe('Last day'),
    bills: z.enum(['advance', 'arrears']).default('advance').describe('On the first day of a period, or the day after its last'),
    mode: z.enum(PLAN_MODES).default('draft').describe('draft: a person issues it; issue: it gets its number; send: and is mailed'),
  }),
  output: Detail,
  errors: [ClientNotFound, ProductNotFound],
  async run(ctx, input) {
    const settings = await loadSettings(ctx, ctx.companyId);
    const client = await getClient(ctx, ctx.companyId, input.clientId);
    const currency = input.currency ?? client.billing.currency ?? settings.options.currency;
    const written = await writtenOut(ctx, ctx.companyId, input.lines, currency);
    priced({ lines: written }, settings, buyerOf(client));
    const at = ctx.clock.now();
    const startsOn = input.startsOn ?? dayOf(at, settings.timeZone);
    const { unit, every, bills, anchorOn = startsOn, endsOn = null } = input;
    if (endsOn !== null && endsOn < startsOn)
      throw new InvalidInput('ends_on is before starts_on', { fields: [{ path: 'ends_on', message: 'is before starts_on' }] });
    const id = newId();
    const billOn = turnOf({ unit, every, anchorOn, endsOn, bills }, startsOn)?.billOn ?? null;
    await ctx.query(INSERT, [
      id, ctx.companyId, client.id, input.title, input.notes, currency, input.paymentDays ?? null, unit, every,
      startsOn, anchorOn, endsOn, bills, input.mode, billOn, userOf(ctx), at,
    ]); // prettier-ignore
    await ctx.query(VERSION, [ctx.companyId, id, startsOn, JSON.stringify(written)]);
    return shown(ctx, id);
  },
});

const UPDATE: Statement = {
  name: 'invoice_plans.update',
  text: `update invoice_plans set title = $3, notes = $4, payment_days = $5, ends_on = $6::date, mode = $7, state = $8, next_on = $9::date, bill_on = $10::date, problem = $11, updated_at = $12
          where company_id = $1 and id = $2`,
};

export const updatePlan = operation({
  name: 'invoice_plans.update',
  summary: 'Change, pause, resume or end a recurring invoice; for other lines see change',
  http: 'PUT /api/invoice-plans/{plan_id}',
  cli: 'business recurring update',
  access: 'write',
  input: z.object({
    planId: planId(),
    title: z.string().trim().min(1).max(200).optional(),
    notes: z.string().max(5_000).optional(),
    paymentDays: z.int().min(0).max(365).nullish(),
    endsOn: day().nullish().describe('Last day; periods that were invoiced stay'),
    mode: z.enum(PLAN_MODES).optional(),
    paused: z.boolean().optional().describe('What falls due meanwhile is invoiced when it goes on'),
  }),
  output: Detail,
  errors: [InvoicePlanNotFound],
  async run(ctx, input) {
    const plan = await lockPlan(ctx, ctx.companyId, input.planId);
    ctx.expectVersion(plan);
    const endsOn = input.endsOn === undefined ? plan.endsOn : input.endsOn;
    if (endsOn !== null && endsOn < plan.startsOn)
      throw new InvalidInput('ends_on is before starts_on', { fields: [{ path: 'ends_on', message: 'is before starts_on' }] });
    const [last] = await ctx.query<{ endsOn: string }>(LAST, [ctx.companyId, plan.id]);
    const from = last === undefined ? plan.startsOn : addDays(last.endsOn, 1);
    const turn = turnOf({ ...plan, endsOn }, from);
    const paused = input.paused ?? (plan.state === 'paused' && plan.problem === null);
    const state = turn === null ? 'ended' : paused ? 'paused' : 'active';
    await ctx.query(UPDATE, [
      ctx.companyId, plan.id, input.title ?? plan.title, input.notes ?? plan.notes, input.paymentDays === undefined ? plan.paymentDays : input.paymentDays, endsOn,
      input.mode ?? plan.mode, state, turn === null ? null : turn.period.from, turn?.billOn ?? null, null, ctx.clock.now(),
    ]); // prettier-ignore
    return shown(ctx, plan.id);
  },
});
const LAST: Statement = {
  name: 'invoice_plans.last_period',
  text: 'select max(ends_on)::text as "endsOn" from invoice_plan_periods where company_id = $1 and plan_id = $2 having max(ends_on) is not null',
};

const CHARGED: Statement = {
  name: 'invoice_plans.charged',
  text: 'select starts_on::text as "from", ends_on::text as "to" from invoice_plan_periods where company_id = $1 and plan_id = $2 and ends_on >= $3::date order by starts_on',
};
const ADJUST: Statement = {
  name: 'invoice_plans.adjust',
  text: `insert into invoice_plan_adjustments (id, company_id, plan_id, lines, created_at)
         select a.id, $1, $2, a.lines, $4 from jsonb_to_recordset($3::jsonb) as a(id uuid, lines jsonb)`,
};
const TOUCH: Statement = {
  name: 'invoice_plans.touch',
  text: 'update invoice_plans set updated_at = $3 where company_id = $1 and id = $2',
};

export const changePlan = operation({
  name: 'invoice_plans.change',
  summary: 'Other lines from a day on; days that were invoiced already are settled on the next invoice',
  http: 'POST /api/invoice-plans/{plan_id}/change',
  cli: 'business recurring change',
  access: 'write',
  status: 200,
  bodyLimit: 1024 * 1024,
  input: z.object({ planId: planId(), fromOn: day().describe('The first day of the new lines'), lines: lines() }),
  output: Detail,
  errors: [InvoicePlanNotFound, Conflict, ProductNotFound],
  async run(ctx, input) {
    const plan = await lockPlan(ctx, ctx.companyId, input.planId);
    ctx.expectVersion(plan);
    const wrong = (message: string) => new InvalidInput(`from_on ${message}`, { fields: [{ path: 'from_on', message }] });
    const versions = await versionsOf(ctx, ctx.companyId, plan.id);
    const old = versions.at(-1);
    if (old === undefined || input.fromOn <= old.fromOn) throw wrong(`is not after the last change, ${old?.fromOn ?? plan.startsOn}`);
    if (plan.endsOn !== null && input.fromOn > plan.endsOn) throw wrong(`is after the end, ${plan.endsOn}`);
    if (plan.nextOn === null) throw new Conflict('All of it was invoiced; write an invoice or a credit note for what changed');
    const settings = await loadSettings(ctx, ctx.companyId);
    const written = await writtenOut(ctx, ctx.companyId, input.lines, plan.currency);
    priced({ lines: written }, settings, buyerOf(await getClient(ctx, ctx.companyId, plan.clientId)));
    const at = ctx.clock.now();
    const words = wordsOf(await paperLanguage(ctx, ctx.companyId, plan.clientId, settings.options));
    const charged = await ctx.query<{ from: string; to: string }>(CHARGED, [ctx.companyId, plan.id, input.fromOn]);
    const adjustments = charged.map((period) => ({
      id: newId(),
      lines: adjustmentOf(old, { ...input, lines: written }, period, periodOf(plan, period.from), words),
    }));
    await ctx.query(ADJUST, [ctx.companyId, plan.id, JSON.stringify(adjustments), at]);
    await ctx.query(VERSION, [ctx.companyId, plan.id, input.fromOn, JSON.stringify(written)]);
    await ctx.query(TOUCH, [ctx.companyId, plan.id, at]);
    return shown(ctx, plan.id);
  },
});
