import { z } from 'zod';
import type { Statement, Transaction } from '#core/database/database.ts';
import { DealNotFound } from './errors.ts';
import { FORECASTS, STAGE_KINDS } from './tables.ts';

/** A deal as the API shows it. Money is whole cents: units of the currency's last digit, see #core/money.ts. */
export const Deal = z.object({
  id: z.uuid(),
  companyId: z.uuid(),
  name: z.string(),
  pipelineId: z.uuid(),
  stageId: z.uuid(),
  stage: z.string(),
  status: z.enum(STAGE_KINDS),
  amountCents: z.number().int(),
  currency: z.string(),
  baseCents: z.number().int().describe("In the company's currency, at the rate of the day on which the amount was set"),
  weightedCents: z.number().int().describe("Times its probability, in the company's currency"),
  probability: z.number().int().nullable().describe('Per cent; null: that of its stage'),
  closeDate: z.string().nullable().describe('YYYY-MM-DD; when it is expected to close, or when it did'),
  forecast: z.enum(FORECASTS),
  source: z.string().nullable(),
  nextStep: z.string().nullable(),
  ownerId: z.uuid().nullable(),
  owner: z.string().nullable(),
  productId: z.uuid().nullable(),
  product: z.string().nullable(),
  organisationId: z.uuid().nullable(),
  organisation: z.string().nullable(),
  openedAt: z.date().nullable().describe('null: nobody knows when it began'),
  closedAt: z.date().nullable(),
  stageSince: z.date().nullable(),
  slips: z.int().describe('How often its close date was put off'),
  createdAt: z.date(),
  updatedAt: z.date(),
});
export type Deal = z.output<typeof Deal>;

export const DEAL_COLUMNS = `d.id, d.company_id as "companyId", d.name, d.pipeline_id as "pipelineId", d.stage_id as "stageId", s.name as stage, d.status,
  d.amount_cents::float8 as "amountCents", d.currency, d.base_cents::float8 as "baseCents", d.weighted_cents::float8 as "weightedCents", d.probability, d.close_date::text as "closeDate",
  d.forecast, d.source, d.next_step as "nextStep", d.owner_id as "ownerId", w.name as owner, d.product_id as "productId", p.name as product, d.organisation_id as "organisationId",
  o.name as organisation, d.opened_at as "openedAt", d.closed_at as "closedAt", d.stage_since as "stageSince", d.slips, d.created_at as "createdAt", d.updated_at as "updatedAt"`;
/** Names that a deal only points to. */
export const DEAL_JOINS = `join deal_stages s on s.id = d.stage_id left join deal_owners w on w.id = d.owner_id left join products p on p.id = d.product_id
  left join organisations o on o.id = d.organisation_id`;

const BY_ID: Statement = {
  name: 'deals.get',
  text: `select ${DEAL_COLUMNS} from deals d ${DEAL_JOINS} where d.id = $1 and d.company_id = $2`,
};
const LOCK: Statement = { name: 'deals.lock', text: 'select id from deals where id = $1 and company_id = $2 for update' };

/** @throws DealNotFound */
export async function getDeal(tx: Transaction, companyId: string, dealId: string): Promise<Deal> {
  const [row] = await tx.query<Deal>(BY_ID, [dealId, companyId]);
  if (row === undefined) throw new DealNotFound('There is no such deal; list them with GET /api/deals');
  return row;
}

/** The same, held until the end of the transaction. */
export async function lockDeal(tx: Transaction, companyId: string, dealId: string): Promise<Deal> {
  await tx.query(LOCK, [dealId, companyId]);
  return getDeal(tx, companyId, dealId);
}
