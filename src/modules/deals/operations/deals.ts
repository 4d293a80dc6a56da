import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { NotFound } from '#core/errors.ts';
import { recounted } from '#core/money.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { pageInput, pageOf } from '#core/operation/page.ts';
import { Deal, getDeal, lockDeal } from '../deal.ts';
import { firstPipeline, ownerOfUser } from '../ensure.ts';
import { DealNotFound, DealOwnerNotFound, ProductNotFound, RateMissing, StageNotFound } from '../errors.ts';
import { listDeals } from '../list.ts';
import { totalsOf } from '../totals.ts';
import { deleteDeals, saveDeals } from '../save/save.ts';
import type { DealActor, DealFields } from '../save/types.ts';
import { recountLines, sumOf, writeLines, type DealLine } from '../lines.ts';
import { dealFields, dealFilter, dealLines, label, sort } from './fields.ts';

export const listDealsOperation = operation({
  name: 'deals.list',
  summary: 'List deals',
  http: 'GET /api/deals',
  cli: 'deals list',
  columns: ['name', 'organisation', 'stage', 'status', 'amount_cents', 'currency', 'close_date', 'owner', 'id'],
  access: 'read',
  input: z.object({
    ...pageInput,
    ...dealFilter,
    sort: sort(),
    skip: z.coerce.number().int().min(0).max(10_000_000).optional().describe('Rows to leap over, for a list that is scrolled far'),
  }),
  output: pageOf(Deal),
  run: (ctx, input) => listDeals(ctx, ctx.companyId, input, ctx.clock.now()),
});

const Totals = z.object({
  items: z.array(
    z.object({ stageId: z.uuid(), deals: z.int(), valueCents: z.number().int(), weightedCents: z.number().int() }).describe('One stage'),
  ),
  nextCursor: z.null(),
});

export const countDeals = operation({
  name: 'deals.totals',
  summary: 'How many deals stand in each stage, and what they are worth',
  http: 'GET /api/deals/totals',
  cli: 'deals totals',
  access: 'read',
  input: z.object(dealFilter),
  output: Totals,
  run: async (ctx, input) => ({ items: await totalsOf(ctx, ctx.companyId, input, ctx.clock.now()), nextCursor: null }),
});

const WholeDeal = Deal.extend({
  people: z.array(z.object({ id: z.uuid(), name: z.string(), email: z.string().nullable() })),
  lines: z.array(
    z.object({
      id: z.uuid(),
      productId: z.uuid().nullable(),
      product: z.string().nullable(),
      description: z.string(),
      quantity: z.int(),
      priceCents: z.number().int(),
    }),
  ),
  externalIds: z.array(z.object({ source: z.string(), externalId: z.string() })),
});

const PEOPLE: Statement = {
  name: 'deals.get.people',
  text: `select p.id, p.full_name as name, p.email from deal_people x join people p on p.id = x.person_id where x.deal_id = $1 and x.company_id = $2 order by p.full_name, p.id`,
};
const LINES: Statement = {
  name: 'deals.get.lines',
  text: `select l.id, l.product_id as "productId", p.name as product, l.description, l.quantity, l.price_cents::float8 as "priceCents"
           from deal_lines l left join products p on p.id = l.product_id where l.deal_id = $1 and l.company_id = $2 order by l.position`,
};
const EXTERNAL: Statement = {
  name: 'deals.get.external',
  text: `select source, external_id as "externalId" from deal_external_ids where deal_id = $1 and company_id = $2 order by source, external_id`,
};

async function wholeDeal(ctx: Ctx, dealId: string): Promise<z.output<typeof WholeDeal>> {
  const deal = await getDeal(ctx, ctx.companyId, dealId);
  const of = [dealId, ctx.companyId];
  return {
    ...deal,
    people: await ctx.query(PEOPLE, of),
    lines: await ctx.query(LINES, of),
    externalIds: await ctx.query(EXTERNAL, of),
  };
}

export const getDealOperation = operation({
  name: 'deals.get',
  summary: 'Read one deal',
  http: 'GET /api/deals/{deal_id}',
  cli: 'deals get',
  access: 'read',
  input: z.object({ dealId: z.uuid() }),
  output: WholeDeal,
  errors: [DealNotFound],
  run: (ctx, { dealId }) => wholeDeal(ctx, dealId),
});

const PRODUCTS_KNOWN: Statement = {
  name: 'deals.references.products',
  text: 'select count(*)::int as n from products where company_id = $1 and id = any($2::uuid[])',
};
const KNOWN: Statement = {
  name: 'deals.references',
  text: `select (select count(*) from people where company_id = $1 and id = any($2::uuid[]))::int as people,
           $3::uuid is null or exists (select from organisations where company_id = $1 and id = $3) as organisation,
           $4::uuid is null or exists (select from deal_owners where company_id = $1 and id = $4) as owner,
           $5::uuid is null or exists (select from products where company_id = $1 and id = $5) as product`,
};

/** What a deal names must be the company's own. @throws NotFound */
async function requireReferences(ctx: Ctx, set: Partial<DealFields>, lines: readonly DealLine[] = []): Promise<void> {
  const people = [...new Set(set.personIds ?? [])];
  const [found] = await ctx.query<{ people: number; organisation: boolean; owner: boolean; product: boolean }>(KNOWN, [
    ctx.companyId, people, set.organisationId ?? null, set.ownerId ?? null, set.productId ?? null,
  ]); // prettier-ignore
  const fields = (path: string, message: string) => ({ fields: [{ path, message }] });
  if (found?.people !== people.length)
    throw new NotFound('One of these people is not there; list them with GET /api/people', fields('person_ids', 'no such person'));
  if (!found.organisation)
    throw new NotFound(
      'There is no such organisation; list them with GET /api/organisations',
      fields('organisation_id', 'no such organisation'),
    );
  if (!found.owner)
    throw new DealOwnerNotFound('There is no such owner; list them with GET /api/deal-owners', fields('owner_id', 'no such owner'));
  if (!found.product)
    throw new ProductNotFound('There is no such product; list them with GET /api/products', fields('product_id', 'no such product'));
  const sold = [...new Set(lines.flatMap((line) => line.productId ?? []))];
  const [there] = sold.length === 0 ? [{ n: 0 }] : await ctx.query<{ n: number }>(PRODUCTS_KNOWN, [ctx.companyId, sold]);
  if (there?.n !== sold.length)
    throw new ProductNotFound(
      'A line names a product that is not there; list them with GET /api/products',
      fields('lines', 'no such product'),
    );
}

const PRICE: Statement = {
  name: 'deals.list_price',
  text: 'select price_cents::float8 as "priceCents", currency from products where company_id = $1 and id = $2 and price_cents is not null',
};
const FIRST_STAGE: Statement = {
  name: 'deals.first_stage',
  text: `select id from deal_stages where company_id = $1 and pipeline_id = $2 and kind = 'open' order by position, id limit 1`,
};

/** The number of the list, in the currency that was asked for. */
function listPrice({ priceCents, currency }: { readonly priceCents: number; readonly currency: string }, wanted: string | undefined) {
  return { amountCents: recounted(priceCents, currency, wanted ?? currency), currency: wanted ?? currency };
}

const actorOf = (ctx: Ctx): DealActor => ({ kind: 'user', id: 'userId' in ctx.principal ? ctx.principal.userId : null });

/** Leaves out what was not said. */
function said<T extends object>(input: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(input).filter(([, value]) => value !== undefined);
  // Object.fromEntries forgets the types of the keys.
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

export const createDeal = operation({
  name: 'deals.create',
  summary: 'Note a deal; without an amount it takes the list price of its product',
  http: 'POST /api/deals',
  cli: 'deals create',
  access: 'write',
  input: z.object({
    ...dealFields,
    name: label(300),
    lines: dealLines(),
    pipelineId: z.uuid().optional().describe('Begins in its first stage; default: the first pipeline'),
  }),
  output: WholeDeal,
  errors: [StageNotFound, ProductNotFound, DealOwnerNotFound, RateMissing],
  async run(ctx, { pipelineId, lines, ...input }) {
    const at = ctx.clock.now();
    await requireReferences(ctx, said(input), lines);
    const owner =
      input.ownerId === undefined && 'userId' in ctx.principal
        ? await ownerOfUser(ctx, ctx.companyId, ctx.principal.userId, at)
        : undefined;
    const [price] =
      input.amountCents === undefined && lines === undefined && input.productId != null
        ? await ctx.query<{ priceCents: number; currency: string }>(PRICE, [ctx.companyId, input.productId])
        : [];
    let stageId = input.stageId;
    if (stageId === undefined) {
      const [first] = await ctx.query<{ id: string }>(FIRST_STAGE, [
        ctx.companyId,
        pipelineId ?? (await firstPipeline(ctx, ctx.companyId, at)),
      ]);
      if (first === undefined) throw new StageNotFound('There is no such pipeline with an open stage; list them with GET /api/pipelines');
      stageId = first.id;
    }
    const set = {
      ...(price === undefined ? {} : listPrice(price, input.currency)),
      ...(lines === undefined ? {} : { amountCents: sumOf(lines) }),
      ...(owner === undefined ? {} : { ownerId: owner }),
      ...said(input),
      stageId,
    };
    const saved = await saveDeals(ctx, { companyId: ctx.companyId, at, by: actorOf(ctx) }, [{ set }]);
    saved.events.forEach((event) => ctx.emit(event));
    const id = saved.deals[0]?.id ?? '';
    if (lines !== undefined) await writeLines(ctx, ctx.companyId, id, lines);
    return wholeDeal(ctx, id);
  },
});

export const updateDeal = operation({
  name: 'deals.update',
  summary: 'Change a deal; every change stays in its history',
  http: 'PUT /api/deals/{deal_id}',
  cli: 'deals update',
  access: 'write',
  input: z.object({ dealId: z.uuid(), ...dealFields, lines: dealLines() }),
  output: WholeDeal,
  errors: [DealNotFound, StageNotFound, ProductNotFound, DealOwnerNotFound, RateMissing],
  async run(ctx, { dealId, lines, ...input }) {
    const before = await lockDeal(ctx, ctx.companyId, dealId);
    ctx.expectVersion(before);
    await requireReferences(ctx, said(input), lines);
    const saved = await saveDeals(ctx, { companyId: ctx.companyId, at: ctx.clock.now(), by: actorOf(ctx) }, [
      { id: dealId, set: { ...(lines === undefined ? {} : { amountCents: sumOf(lines) }), ...said(input) } },
    ]);
    saved.events.forEach((event) => ctx.emit(event));
    if (lines !== undefined) await writeLines(ctx, ctx.companyId, dealId, lines);
    else if (input.currency !== undefined) await recountLines(ctx, ctx.companyId, dealId, before.currency, input.currency);
    return wholeDeal(ctx, dealId);
  },
});

export const deleteDealOperation = operation({
  name: 'deals.delete',
  summary: 'Delete a deal with its history: reports are as if it had never been',
  http: 'DELETE /api/deals/{deal_id}',
  cli: 'deals delete',
  access: 'write',
  destructive: true,
  input: z.object({ dealId: z.uuid() }),
  output: z.null(),
  errors: [DealNotFound],
  async run(ctx, { dealId }) {
    const deal = await lockDeal(ctx, ctx.companyId, dealId);
    ctx.expectVersion(deal);
    await deleteDeals(ctx, ctx.companyId, [dealId]);
    ctx.subject('deals', dealId);
    return null;
  },
});

const Change = z.object({
  id: z.uuid(),
  at: z.date().nullable().describe('When it became so; null: nobody knows'),
  recordedAt: z.date().describe('When it was written down'),
  by: z.enum(['user', 'import', 'sync', 'workflow']),
  byName: z.string().nullable(),
  field: z.string(),
  from: z.string().nullable().describe('Names, where it is an id'),
  to: z.string().nullable(),
});
const nameOf = (column: string) => `case c.field when 'stage' then (select s.name from deal_stages s where s.id = c.${column}::uuid)
    when 'owner' then (select w.name from deal_owners w where w.id = c.${column}::uuid) when 'product' then (select p.name from products p where p.id = c.${column}::uuid)
    when 'organisation' then (select o.name from organisations o where o.id = c.${column}::uuid) else c.${column} end`;
const HISTORY: Statement = {
  name: 'deals.history',
  text: `select c.id, c.at, c.recorded_at as "recordedAt", c.by_kind as by, (select coalesce(nullif(u.full_name, ''), u.username) from users u where c.by_kind = 'user' and u.id::text = c.by_id) as "byName",
           c.field, ${nameOf('value_from')} as "from", ${nameOf('value_to')} as "to"
           from deal_changes c where c.deal_id = $1 and c.company_id = $2 order by c.at desc nulls last, c.id desc limit $3`,
};

export const dealHistory = operation({
  name: 'deals.history',
  summary: 'Every change of a deal, newest first (the last 1,000)',
  http: 'GET /api/deals/{deal_id}/history',
  cli: 'deals history',
  access: 'read',
  input: z.object({ dealId: z.uuid() }),
  output: z.object({ items: z.array(Change), nextCursor: z.null() }),
  errors: [DealNotFound],
  async run(ctx, { dealId }) {
    await getDeal(ctx, ctx.companyId, dealId);
    return { items: await ctx.query<z.output<typeof Change>>(HISTORY, [dealId, ctx.companyId, 1_000]), nextCursor: null };
  },
});
