import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { Conflict } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { ensureOwners } from '../ensure.ts';
import { DealNameTaken, ProductNotFound } from '../errors.ts';
import { dealKey } from '../key.ts';
import { chooseCurrency, companyCurrency } from '#modules/accounts/public.ts';
import { cents, currency, day, label } from './fields.ts';

const Owner = z.object({
  id: z.uuid(),
  name: z.string(),
  email: z.string().nullable(),
  userId: z.uuid().nullable().describe('null: sells, but does not sign in here'),
  updatedAt: z.date(),
});
const OWNERS: Statement = {
  name: 'deals.owners.list',
  text: `select id, name, email, user_id as "userId", updated_at as "updatedAt" from deal_owners where company_id = $1 order by name_key limit 2000`,
};

export const listDealOwners = operation({
  name: 'deal_owners.list',
  summary: 'Those who own deals, by name',
  http: 'GET /api/deal-owners',
  cli: 'deal-owners list',
  access: 'read',
  scope: 'deals:read',
  input: z.object({}),
  output: z.object({ items: z.array(Owner), nextCursor: z.null() }),
  run: async (ctx) => ({ items: await ctx.query<z.output<typeof Owner>>(OWNERS, [ctx.companyId]), nextCursor: null }),
});

export const createDealOwner = operation({
  name: 'deal_owners.create',
  summary: 'Note somebody who sells; with the address of a user they are that user',
  http: 'POST /api/deal-owners',
  cli: 'deal-owners create',
  access: 'write',
  scope: 'deals:write',
  input: z.object({ name: label(200), email: z.email().nullish() }),
  output: Owner,
  async run(ctx, { name, email }) {
    const made = await ensureOwners(ctx, ctx.companyId, [{ name, email: email ?? null }], ctx.clock.now());
    const id = made.get(dealKey(name));
    const row = (await ctx.query<z.output<typeof Owner>>(OWNERS, [ctx.companyId])).find((one) => one.id === id);
    if (row === undefined) throw new Error('an owner that was just made is gone');
    return row;
  },
});

const Product = z.object({
  id: z.uuid(),
  companyId: z.uuid(),
  name: z.string(),
  series: z.string().nullable(),
  description: z.string().describe('Under its name on invoices'),
  unit: z.string(),
  taxRate: z.number().nullable().describe('Percent; null: by the rules of the two countries'),
  priceCents: z.number().int().nullable().describe('List price; null: none is known'),
  currency: z.string(),
  active: z.boolean(),
  createdAt: z.date(),
  updatedAt: z.date(),
});
type Product = z.output<typeof Product>;
const COLUMNS = `id, company_id as "companyId", name, series, description, unit, tax_rate::float8 / 1000 as "taxRate", price_cents::float8 as "priceCents", currency, active, created_at as "createdAt", updated_at as "updatedAt"`;
const PRODUCTS: Statement = {
  name: 'products.list',
  text: `select ${COLUMNS} from products where company_id = $1 order by name_key limit 2000`,
};
const PRODUCT: Statement = { name: 'products.get', text: `select ${COLUMNS} from products where company_id = $1 and id = $2` };

async function product(ctx: Ctx, id: string): Promise<Product> {
  const [row] = await ctx.query<Product>(PRODUCT, [ctx.companyId, id]);
  if (row === undefined) throw new ProductNotFound('There is no such product; list them with GET /api/products');
  return row;
}

export const listProducts = operation({
  name: 'products.list',
  summary: 'What is sold, by name',
  http: 'GET /api/products',
  cli: 'products list',
  access: 'read',
  scope: 'deals:read',
  input: z.object({}),
  output: z.object({ items: z.array(Product), nextCursor: z.null() }),
  run: async (ctx) => ({ items: await ctx.query<Product>(PRODUCTS, [ctx.companyId]), nextCursor: null }),
});

/** What a line of an invoice takes over beside name and price. */
const onInvoices = {
  description: z.string().trim().max(1_500).optional().describe('Under its name on invoices'),
  unit: z.string().trim().max(20).optional().describe('hour, piece, kg …'),
  taxRate: z.number().min(0).max(100).multipleOf(0.001).nullish().describe('Percent; null: by the rules of the two countries'),
};
const thousandths = (percent: number | null) => (percent === null ? null : Math.round(percent * 1000));

const INSERT: Statement = {
  name: 'products.create',
  text: `insert into products (id, company_id, name, name_key, series, price_cents, currency, created_at, updated_at, description, unit, tax_rate) values ($2, $1, $3, $4, $5, $6, $7, $8, $8, $9, $10, $11)
         on conflict (company_id, name_key) do nothing returning id`,
};
const taken = (name: string) => new DealNameTaken(`${name} is there already`, { fields: [{ path: 'name', message: 'is taken' }] });

export const createProduct = operation({
  name: 'products.create',
  summary: 'Note a product and its list price',
  http: 'POST /api/products',
  cli: 'products create',
  access: 'write',
  scope: 'deals:write',
  input: z.object({
    name: label(200),
    series: z.string().trim().max(100).nullish(),
    ...onInvoices,
    priceCents: cents().nullish(),
    currency: currency().optional(),
  }),
  output: Product,
  errors: [DealNameTaken],
  async run(ctx, input) {
    const id = newId();
    const code = input.currency ?? (await companyCurrency(ctx, ctx.companyId));
    const values = [
      ctx.companyId,
      id,
      input.name,
      dealKey(input.name),
      input.series ?? null,
      input.priceCents ?? null,
      code,
      ctx.clock.now(),
      input.description ?? '',
      input.unit ?? '',
      thousandths(input.taxRate ?? null),
    ];
    if ((await ctx.query(INSERT, values)).length === 0) throw taken(input.name);
    return product(ctx, id);
  },
});

const UPDATE: Statement = {
  name: 'products.update',
  text: `update products set name = $3, name_key = $4, series = $5, price_cents = $6, currency = $7, active = $8, updated_at = $9, description = $10, unit = $11, tax_rate = $12 where company_id = $1 and id = $2
            and not exists (select from products o where o.company_id = $1 and o.name_key = $4 and o.id <> $2) returning id`,
};

export const updateProduct = operation({
  name: 'products.update',
  summary: 'Change a product; deals keep the amounts they have',
  http: 'PUT /api/products/{product_id}',
  cli: 'products update',
  access: 'write',
  scope: 'deals:write',
  input: z.object({
    productId: z.uuid(),
    name: label(200).optional(),
    series: z.string().trim().max(100).nullable().optional(),
    ...onInvoices,
    priceCents: cents().nullable().optional(),
    currency: currency().optional(),
    active: z.boolean().optional(),
  }),
  output: Product,
  errors: [ProductNotFound, DealNameTaken],
  async run(ctx, input) {
    const before = await product(ctx, input.productId);
    ctx.expectVersion(before);
    const name = input.name ?? before.name;
    const values = [
      ctx.companyId,
      before.id,
      name,
      dealKey(name),
      input.series === undefined ? before.series : input.series,
      input.priceCents === undefined ? before.priceCents : input.priceCents,
      input.currency ?? before.currency,
      input.active ?? before.active,
      ctx.clock.now(),
      input.description ?? before.description,
      input.unit ?? before.unit,
      thousandths(input.taxRate === undefined ? before.taxRate : input.taxRate),
    ];
    if ((await ctx.query(UPDATE, values)).length === 0) throw taken(name);
    return product(ctx, before.id);
  },
});

const Rate = z.object({
  currency: z.string(),
  day: z.string(),
  rate: z.number().describe("One unit of it in the company's currency, from that day on"),
});
const Rates = z.object({ base: z.string().describe('In which reports add up'), items: z.array(Rate), nextCursor: z.null() });
const RATES: Statement = {
  name: 'currency_rates.list',
  text: `select currency, day::text as day, rate::float8 as rate from currency_rates where company_id = $1 order by currency, day desc limit 5000`,
};
const rates = async (ctx: Ctx) => ({
  base: await companyCurrency(ctx, ctx.companyId),
  items: await ctx.query<z.output<typeof Rate>>(RATES, [ctx.companyId]),
  nextCursor: null,
});

export const listRates = operation({
  name: 'currency_rates.list',
  summary: 'Currencies and what they were worth from which day on',
  http: 'GET /api/currency-rates',
  cli: 'currency-rates list',
  access: 'read',
  scope: 'deals:read',
  input: z.object({}),
  output: Rates,
  run: (ctx) => rates(ctx),
});

const SET_RATE: Statement = {
  name: 'currency_rates.set',
  text: `insert into currency_rates (company_id, currency, day, rate) values ($1, $2, $3, $4) on conflict (company_id, currency, day) do update set rate = excluded.rate`,
};
/** What is counted in the company's currency, or was handed out in it: each alone fixes it (docs/adr/0141). */
const COUNTED: Statement = {
  name: 'currency_rates.counted',
  text: `select what from (select 1 as place, 'deals' as what where exists (select from deals where company_id = $1)
           union all select 2, 'targets' where exists (select from deal_targets where company_id = $1)
           union all select 3, 'invoices or quotes that were issued' where exists (select from invoices where company_id = $1 and number is not null)) c order by place limit 1`,
};
/** Said in the currency of before, and worth something else now. A flat late fee is the same figure in the new one. */
const FORGET: Statement = { name: 'currency_rates.forget', text: 'delete from currency_rates where company_id = $1' };
const FEE: Statement = {
  name: 'currency_rates.late_fee',
  text: `update invoice_settings set options = options || jsonb_build_object('lateFeeCents', round((options ->> 'lateFeeCents')::numeric * 10.0 ^ (steward_minor_digits($3) - steward_minor_digits($2)))::bigint)
          where company_id = $1 and options ? 'lateFeeCents' and not options ? 'currency'`,
};

export const setRate = operation({
  name: 'currency_rates.set',
  summary: 'Say what a currency is worth from a day on, or in which currency reports add up; amounts that are known keep their value',
  http: 'PUT /api/currency-rates',
  cli: 'currency-rates set',
  access: 'write',
  role: 'manager',
  scope: 'deals:write',
  input: z.object({
    currency: currency().optional(),
    day: day().optional(),
    rate: z.number().positive().max(1_000_000_000).optional(),
    base: currency().optional().describe('Only before the first deal, target and issued invoice; rates are forgotten'),
  }),
  output: Rates,
  errors: [Conflict],
  async run(ctx, input) {
    ctx.subject('currency_rates', input.currency ?? input.base ?? '');
    const before = await companyCurrency(ctx, ctx.companyId);
    if (input.base !== undefined && input.base !== before) {
      const [counted] = await ctx.query<{ what: string }>(COUNTED, [ctx.companyId]);
      if (counted !== undefined)
        throw new Conflict(
          `There are ${counted.what} already, in the currency of before: it can only be chosen before the first. Invoices may have another one under Settings, Invoices`,
        );
      await ctx.query(FORGET, [ctx.companyId]);
      await ctx.query(FEE, [ctx.companyId, before, input.base]);
      await chooseCurrency(ctx, ctx.companyId, input.base, ctx.clock.now());
    }
    if (input.currency !== undefined && input.rate !== undefined)
      await ctx.query(SET_RATE, [ctx.companyId, input.currency, input.day ?? ctx.clock.now().toISOString().slice(0, 10), input.rate]);
    return rates(ctx);
  },
});
