import type { Statement, Transaction } from '#core/database/database.ts';
import { NotFound } from '#core/errors.ts';
import type { LineInput } from '../draft.ts';
import { addDays } from '../days.ts';
import type { PLAN_MODES, PLAN_STATES, PLAN_UNITS } from '../tables.ts';
import type { Version } from './charge.ts';
import { periodOf } from './period.ts';

/** No such recurring invoice in this company. */
export class InvoicePlanNotFound extends NotFound {
  override readonly code = 'invoice_plan_not_found';
}

/** A row as it is stored, with whom it is for. Days are YYYY-MM-DD, the company's. */
export interface StoredPlan {
  readonly id: string;
  readonly companyId: string;
  readonly clientId: string;
  readonly clientName: string;
  readonly title: string;
  readonly notes: string;
  readonly currency: string;
  readonly paymentDays: number | null;
  readonly unit: (typeof PLAN_UNITS)[number];
  readonly every: number;
  readonly startsOn: string;
  readonly anchorOn: string;
  readonly endsOn: string | null;
  readonly bills: 'advance' | 'arrears';
  readonly mode: (typeof PLAN_MODES)[number];
  readonly state: (typeof PLAN_STATES)[number];
  readonly nextOn: string | null;
  readonly billOn: string | null;
  readonly problem: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export const PLAN_COLUMNS = `k.id, k.company_id as "companyId", k.client_id as "clientId", coalesce(nullif(c.billing ->> 'name', ''), nullif(o.name, ''), nullif(p.full_name, ''), p.email, 'Client') as "clientName",
  k.title, k.notes, k.currency, k.payment_days as "paymentDays", k.unit, k.every, k.starts_on::text as "startsOn", k.anchor_on::text as "anchorOn", k.ends_on::text as "endsOn", k.bills, k.mode, k.state,
  k.next_on::text as "nextOn", k.bill_on::text as "billOn", k.problem, k.created_at as "createdAt", k.updated_at as "updatedAt"`;
export const FROM_PLANS = `invoice_plans k join clients c on c.id = k.client_id join people p on p.id = c.person_id left join organisations o on o.id = c.organisation_id`;

const BY_ID: Statement = {
  name: 'invoice_plans.get',
  text: `select ${PLAN_COLUMNS} from ${FROM_PLANS} where k.company_id = $1 and k.id = $2`,
};
const LOCK: Statement = { name: 'invoice_plans.lock', text: `${BY_ID.text} for update of k` };
const VERSIONS: Statement = {
  name: 'invoice_plans.versions',
  text: 'select from_on::text as "fromOn", lines from invoice_plan_versions where company_id = $1 and plan_id = $2 order by from_on',
};
const ADJUSTMENTS: Statement = {
  name: 'invoice_plans.adjustments',
  text: 'select id, lines from invoice_plan_adjustments where company_id = $1 and plan_id = $2 and settled_at is null order by created_at, id',
};

export interface Adjustment {
  readonly id: string;
  readonly lines: readonly LineInput[];
}

/** @throws InvoicePlanNotFound */
export async function storedPlan(tx: Transaction, companyId: string, planId: string): Promise<StoredPlan> {
  return found(await tx.query<StoredPlan>(BY_ID, [companyId, planId]));
}

/** The same, locked until the transaction ends. @throws InvoicePlanNotFound */
export async function lockPlan(tx: Transaction, companyId: string, planId: string): Promise<StoredPlan> {
  return found(await tx.query<StoredPlan>(LOCK, [companyId, planId]));
}

function found([plan]: readonly StoredPlan[]): StoredPlan {
  if (plan === undefined)
    throw new InvoicePlanNotFound('There is no such recurring invoice; list them with: steward business recurring list');
  return plan;
}

export const versionsOf = (tx: Transaction, companyId: string, planId: string) => tx.query<Version>(VERSIONS, [companyId, planId]);
export const openAdjustments = (tx: Transaction, companyId: string, planId: string) =>
  tx.query<Adjustment>(ADJUSTMENTS, [companyId, planId]);

/** The period that begins on this day, cut where the plan ends; when it is invoiced; null: the plan is over by then. */
export function turnOf(plan: Pick<StoredPlan, 'unit' | 'every' | 'anchorOn' | 'endsOn' | 'bills'>, from: string) {
  if (plan.endsOn !== null && from > plan.endsOn) return null;
  const whole = periodOf(plan, from);
  const to = plan.endsOn !== null && plan.endsOn < whole.to ? plan.endsOn : whole.to;
  return { whole, period: { from, to }, billOn: plan.bills === 'advance' ? from : addDays(to, 1), next: addDays(whole.to, 1) };
}
