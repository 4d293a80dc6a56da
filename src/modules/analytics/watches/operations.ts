import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { InvalidInput, NotFound } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { tellMetrics } from '#modules/alerts/public.ts';
import { companyCurrency } from '#modules/accounts/public.ts';
import { METRIC_IDS, metricOf } from '../metrics/catalogue.ts';
import { METRIC_DIMENSIONS, UNITS } from '../metrics/types.ts';
import { valueNames } from '../metrics/words.ts';
import type { Blamed } from '../tables.ts';
import { look, type Watched } from './check.ts';
import { COMPARES } from './judge.ts';
import { lookAndKeep, nameBlamed } from './store.ts';

/** No such watch in this company. */
export class WatchNotFound extends NotFound {
  override readonly code = 'watch_not_found';
}

const MOST = 100;
const wish = {
  metric: z.enum(METRIC_IDS).describe('One of GET /api/metrics'),
  dimension: z.enum(METRIC_DIMENSIONS).nullable().default(null).describe('With value: of one owner, product, source, …; null: of all'),
  value: z.string().max(300).nullable().default(null).describe('An id, or the text of a source'),
  compare: z
    .enum(COMPARES)
    .describe(
      'falls, rises: against the stretch before; below, above: a limit; unusual: yesterday against the same weekday of eight weeks',
    ),
  percent: z.number().min(0).max(10_000).default(10).describe('Of a fall or rise: at least so many per cent …'),
  amount: z
    .number()
    .min(0)
    .max(9_000_000_000_000)
    .default(0)
    .describe('… and at least so much: cents, deals, days, or the points of a share (0.05); of below and above: the limit'),
  days: z.int().min(1).max(92).default(7).describe('Length of the stretch; days that are over, UTC'),
};
const Deal = z.object({ dealId: z.uuid(), name: z.string(), cents: z.number().describe('What it added or took') });
const Result = {
  wrong: z.boolean().describe('It is worth an alert'),
  nowAmount: z.number().nullable(),
  beforeAmount: z.number().nullable().describe('The stretch before, the limit, or what is usual'),
  title: z.string(),
  body: z.string(),
  deals: z.array(Deal).describe('Whose moves made the most of the difference'),
};
const Watch = z.object({
  id: z.uuid(),
  ...wish,
  metric: z.string(),
  metricTitle: z.string(),
  unit: z.enum(UNITS),
  valueName: z.string().nullable(),
  active: z.boolean(),
  checkedAt: z.date().nullable(),
  ...Result,
  updatedAt: z.date(),
});

interface Row extends Watched {
  readonly id: string;
  readonly active: boolean;
  readonly checkedAt: Date | null;
  readonly wrong: boolean;
  readonly nowAmount: number | null;
  readonly beforeAmount: number | null;
  readonly title: string;
  readonly body: string;
  readonly blame: readonly Blamed[];
  readonly updatedAt: Date;
}
const COLUMNS = `id, metric, dimension, value, compare, percent, amount, days, active, checked_at as "checkedAt", wrong, now_amount as "nowAmount", before_amount as "beforeAmount", title, body, blame, updated_at as "updatedAt"`;
const LIST: Statement = {
  name: 'watches.list',
  text: `select ${COLUMNS} from metric_watches where company_id = $1 and ($2::uuid is null or id = $2) order by created_at, id limit ${MOST}`,
};

async function shown(ctx: Ctx, id: string | null): Promise<z.output<typeof Watch>[]> {
  const rows = await ctx.query<Row>(LIST, [ctx.companyId, id]);
  const deals = new Map((await nameBlamed(ctx, ctx.companyId, rows.flatMap((row) => row.blame))).map((one) => [one.dealId, one.name])); // prettier-ignore
  const names = new Map<string, (value: string) => string>();
  for (const dimension of new Set(rows.flatMap((row) => row.dimension ?? []))) names.set(dimension, await valueNames(ctx, ctx.companyId, dimension, rows.flatMap((row) => row.value ?? [])));
  return rows.map(({ blame, ...row }) => {
    const { title, unit } = metricOf(row.metric);
    return {
      ...row,
      metricTitle: title,
      unit,
      valueName: row.dimension === null || row.value === null ? null : (names.get(row.dimension)?.(row.value) ?? row.value),
      deals: blame.flatMap(({ deal_id: dealId, cents }) => (deals.has(dealId) ? [{ dealId, name: deals.get(dealId) ?? '', cents }] : [])),
    };
  });
} // prettier-ignore

async function one(ctx: Ctx, id: string): Promise<z.output<typeof Watch>> {
  const [watch] = await shown(ctx, id);
  if (watch === undefined) throw new WatchNotFound('There is no such alert on a metric; list them with GET /api/watches');
  return watch;
}

/** @throws InvalidInput */
function checkWish({ metric, dimension, value, compare }: Watched): void {
  const known = metricOf(metric);
  const refuse = (path: string, message: string) => new InvalidInput(`${path} ${message}`, { fields: [{ path, message }] });
  if ((dimension === null) !== (value === null)) throw refuse('value', 'and dimension are given together, or neither');
  if (dimension !== null && !known.dimensions.includes(dimension))
    throw refuse('dimension', `is one of ${known.dimensions.join(', ')} for this metric`);
  if (compare === 'unusual' && known.kind === 'stock')
    throw refuse('compare', 'can’t be unusual for what stands: it has no weekday. Choose falls or rises');
  if (compare === 'unusual' && known.per !== undefined)
    throw refuse('compare', 'can’t be unusual for a share or an average: a day has too few. Choose falls or rises');
}

export const listWatches = operation({
  name: 'watches.list',
  summary: 'Conditions on metrics that are told when they come true, with how they stand',
  http: 'GET /api/watches',
  cli: 'watches list',
  access: 'read',
  scope: 'analytics:read',
  input: z.object({}),
  output: z.object({ items: z.array(Watch), currency: z.string(), nextCursor: z.null() }),
  run: async (ctx) => ({ items: await shown(ctx, null), currency: await companyCurrency(ctx, ctx.companyId), nextCursor: null }),
});

export const previewWatch = operation({
  name: 'watches.preview',
  summary: 'How a condition stands now, before it is kept: would it be told, from what to what, and by which deals',
  http: 'POST /api/watches/preview',
  cli: 'watches preview',
  access: 'read',
  scope: 'analytics:read',
  input: z.object(wish),
  output: z.object({ ...Result, currency: z.string() }),
  async run(ctx, input) {
    checkWish(input);
    const { now, before, blame, ...found } = await look(ctx, ctx.companyId, input, ctx.clock.now());
    const deals = await nameBlamed(ctx, ctx.companyId, blame);
    return { ...found, nowAmount: now, beforeAmount: before, deals, currency: await companyCurrency(ctx, ctx.companyId) };
  },
});

const INSERT: Statement = {
  name: 'watches.insert',
  text: `insert into metric_watches (id, company_id, metric, dimension, value, compare, percent, amount, days, created_at, updated_at) select $2, $1, $3, $4, $5, $6, $7, $8, $9, $10, $10
          where (select count(*) from metric_watches where company_id = $1) < ${MOST} returning id`,
};

export const createWatch = operation({
  name: 'watches.create',
  summary: 'Be told when a metric falls, rises, crosses a limit or is unusual: once, and again when it is well',
  http: 'POST /api/watches',
  cli: 'watches create',
  access: 'write',
  role: 'manager',
  scope: 'analytics:write',
  input: z.object(wish),
  output: Watch,
  async run(ctx, input) {
    checkWish(input);
    const id = newId();
    const { metric, dimension, value, compare, percent, amount, days } = input;
    const made = await ctx.query(INSERT, [ctx.companyId, id, metric, dimension, value, compare, percent, amount, days, ctx.clock.now()]);
    if (made.length === 0) throw new InvalidInput(`There are ${MOST} already; delete one that nobody needs`);
    await lookAndKeep(ctx, ctx.companyId, id, input, ctx.clock.now());
    // What is so already is told at once.
    const { companyId, runtime } = ctx;
    ctx.afterCommit(() => tellMetrics(runtime, companyId));
    return one(ctx, id);
  },
});

const UPDATE: Statement = {
  name: 'watches.update',
  text: `update metric_watches set active = $3, wrong = wrong and $3, percent = $4, amount = $5, days = $6, updated_at = $7 where company_id = $1 and id = $2`,
};

export const updateWatch = operation({
  name: 'watches.update',
  summary: 'Switch a condition off or on, or change its limits',
  http: 'PUT /api/watches/{watch_id}',
  cli: 'watches update',
  access: 'write',
  role: 'manager',
  scope: 'analytics:write',
  input: z.object({
    watchId: z.uuid(),
    active: z.boolean().optional(),
    percent: z.number().min(0).max(10_000).optional(),
    amount: z.number().min(0).max(9_000_000_000_000).optional(),
    days: z.int().min(1).max(92).optional(),
  }),
  output: Watch,
  errors: [WatchNotFound],
  async run(ctx, input) {
    const old = await one(ctx, input.watchId);
    ctx.expectVersion(old);
    const active = input.active ?? old.active;
    const limits = { percent: input.percent ?? old.percent, amount: input.amount ?? old.amount, days: input.days ?? old.days };
    await ctx.query(UPDATE, [ctx.companyId, old.id, active, limits.percent, limits.amount, limits.days, ctx.clock.now()]);
    if (active) await lookAndKeep(ctx, ctx.companyId, old.id, { ...old, ...limits }, ctx.clock.now());
    const { companyId, runtime } = ctx;
    ctx.afterCommit(() => tellMetrics(runtime, companyId));
    return one(ctx, old.id);
  },
});

const DELETE: Statement = { name: 'watches.delete', text: 'delete from metric_watches where company_id = $1 and id = $2 returning id' };

export const deleteWatch = operation({
  name: 'watches.delete',
  summary: 'Be told of it no more',
  http: 'DELETE /api/watches/{watch_id}',
  cli: 'watches delete',
  access: 'write',
  role: 'manager',
  scope: 'analytics:write',
  input: z.object({ watchId: z.uuid() }),
  output: z.null(),
  errors: [WatchNotFound],
  async run(ctx, { watchId }) {
    if ((await ctx.query(DELETE, [ctx.companyId, watchId])).length === 0)
      throw new WatchNotFound('There is no such alert on a metric; list them with GET /api/watches');
    ctx.subject('metric_watches', watchId);
    return null;
  },
});
